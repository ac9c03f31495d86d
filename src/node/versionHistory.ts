import { messageOf } from '../core/errors.ts';
import {
  type LabelledText,
  mergeVersions,
  type VersionList,
  type VersionSources,
} from '../core/prompt/versionList.ts';
import { labelOf, versionOf } from '../core/prompt/versions.ts';
import type { VersionRun, VersionStore } from '../core/prompt/versionStore.ts';
import { type GitFile, type GitState, openGitFile } from './gitHistory.ts';
import type { FileCommit } from './gitHistoryLog.ts';
import { GitError, type GitOptions } from './gitHistoryProcess.ts';

export interface VersionHistoryOptions {
  /** The prompt's URI, by which its runs are found. */
  readonly uri: string;
  /** Its path on this machine; absent where git is not to be asked. */
  readonly file?: string;
  readonly git?: GitOptions;
  /** Where texts, runs and tags are; absent for git alone. */
  readonly versions?: VersionStore;
  /** The URI of a path in the file's repository, for runs under an earlier name. */
  readonly uriOf?: (file: string) => string;
  /** The path of a URI on this machine, the other way round; `undefined` where it has none. */
  readonly fileOf?: (uri: string) => string | undefined;
}

export interface ReadOptions {
  /** The text that the file has now, saved or not; absent when it is gone. */
  readonly text?: string;
  /** How many commits at most; `Infinity` for all. */
  readonly limit: number;
}

/** So many commits make the first list, so that it is there soon; each further one has twice as many. */
const firstTexts = 20;

/** The versions of one prompt. What a text in git is called is remembered, so that reading again is quick. */
export class VersionHistory {
  readonly #options: VersionHistoryOptions;
  /** By git's ids. */
  readonly #texts = new Map<string, LabelledText>();
  #git: GitFile | undefined;
  #known: KnownVersions | undefined;

  constructor(options: VersionHistoryOptions) {
    this.#options = options;
  }

  /** The repository's own folder, for who wants to know of changes; `undefined` where there is none that can be read. */
  async gitFolder(signal: AbortSignal): Promise<string | undefined> {
    return (await this.#open(signal).catch(() => undefined))?.gitFolder;
  }

  /**
   * The versions, again and again as more of them are known: first what needs no git, then the newest commits, then all
   * that were asked for. What cannot be read is said in the list's note.
   * @throws the signal's reason once that is aborted.
   */
  async *read({ text, limit }: ReadOptions, signal: AbortSignal): AsyncGenerator<VersionList> {
    const known = new KnownVersions(this.#options);
    known.working = text === undefined ? undefined : await labelledText(text);
    try {
      const git = await this.#open(signal);
      if (git) yield* this.#readGit(git, known, limit, signal);
    } catch (error) {
      signal.throwIfAborted();
      known.note = noteOf(error);
    }
    this.#known = known;
    yield known.list();
  }

  /** What was read last, with another text in the file and the runs and names of now; `undefined` before it was read. */
  async reread(text: string | undefined): Promise<VersionList | undefined> {
    const working = text === undefined ? undefined : await labelledText(text);
    if (this.#known) this.#known.working = working;
    return this.#known?.list();
  }

  /**
   * The text of a version, with LF line ends where it comes from the store; `undefined` when nobody has it.
   * @throws GitError, or the signal's reason once that is aborted.
   */
  async textOf(version: string, signal: AbortSignal): Promise<string | undefined> {
    const kept = this.#options.versions?.textOf(version);
    if (kept !== undefined) return kept;
    const git = await this.#open(signal);
    if (!git) return undefined;
    const blobs = await this.#blobsOf(git, version, signal);
    for await (const { text } of git.texts(blobs.slice(0, 1), signal)) return text;
    return undefined;
  }

  /**
   * The newest runs of a version, `limit` of them at most, the newest first, also of those under an earlier name as far as
   * the versions were read; none without a store.
   * @throws Error when the history of runs cannot be read.
   */
  runsOf(version: string, limit: number): readonly VersionRun[] {
    const uris = this.#known?.uris() ?? [this.#options.uri];
    return this.#options.versions?.runsOfVersion(uris, version, limit) ?? [];
  }

  /** The ids of a text in git; a window that was reloaded has to look for them. */
  async #blobsOf(git: GitFile, version: string, signal: AbortSignal): Promise<readonly string[]> {
    const remembered = (): string[] =>
      [...this.#texts].filter(([, text]) => text.version === version).map(([blob]) => blob);
    if (remembered().length > 0) return remembered();
    const state = await git.state(signal);
    await this.#learn(git, [state.committed, state.staged], signal);
    if (remembered().length === 0 && state.hasCommits) {
      const followed = await this.#followed(git, state, signal);
      const commits = await Array.fromAsync(followed.commits(Infinity, signal));
      await this.#learn(git, commits.map(({ blob }) => blob), signal); // prettier-ignore
    }
    return remembered();
  }

  async *#readGit(
    git: GitFile,
    known: KnownVersions,
    limit: number,
    signal: AbortSignal,
  ): AsyncGenerator<VersionList> {
    const state = await git.state(signal);
    await this.#learn(git, [state.committed, state.staged], signal);
    known.repository = { git, state, texts: this.#texts };
    if (!state.hasCommits) return;

    let unread: FileCommit[] = [];
    // One more than asked for tells whether there are older ones.
    const followed = await this.#followed(git, state, signal);
    for await (const commit of followed.commits(limit + 1, signal)) {
      if (known.commits.length + unread.length === limit) {
        known.hasMore = true;
        break;
      }
      unread.push(commit);
      if (unread.length < Math.max(firstTexts, known.commits.length)) continue;
      await this.#learn(git, unread.map(({ blob }) => blob), signal); // prettier-ignore
      known.commits.push(...unread);
      unread = [];
      yield known.list();
    }
    await this.#learn(git, unread.map(({ blob }) => blob), signal); // prettier-ignore
    known.commits.push(...unread);
    if (unread.length > 0) yield known.list();

    const tags = await git.tags(known.paths(), signal);
    known.gitTags = Map.groupBy(
      tags.filter(({ blob }) => this.#texts.has(blob)),
      ({ blob }) => this.#texts.get(blob)?.version ?? '',
    );
  }

  /** The file whose commits are wanted: that of the earlier name as long as the rename is not committed. */
  async #followed(git: GitFile, { committed }: GitState, signal: AbortSignal): Promise<GitFile> {
    const { uri, file, versions, fileOf } = this.#options;
    if (committed !== undefined || file === undefined || !fileOf) return git;
    const earlier = (versions?.earlierUris(uri) ?? []).flatMap((each) => fileOf(each) ?? []);
    return (await git.before(earlier, file, signal)) ?? git;
  }

  /** Finds out the versions of texts in git. */
  async #learn(git: GitFile, blobs: readonly (string | undefined)[], signal: AbortSignal): Promise<void> {
    const news = [...new Set(blobs)].filter(
      (blob) => blob !== undefined && !this.#texts.has(blob),
    ) as string[];
    if (news.length === 0) return;
    for await (const { blob, text } of git.texts(news, signal))
      this.#texts.set(blob, await labelledText(text));
  }

  /** Found once; where there is no repository or no answer, it is looked for again. */
  async #open(signal: AbortSignal): Promise<GitFile | undefined> {
    const { file, git = {} } = this.#options;
    if (file !== undefined) this.#git ??= await openGitFile(file, git, signal);
    return this.#git;
  }
}

/** What has been found out so far. */
class KnownVersions {
  readonly commits: FileCommit[] = [];
  hasMore = false;
  note: string | undefined;
  gitTags: ReadonlyMap<string, readonly { readonly name: string }[]> = new Map();
  repository: { git: GitFile; state: GitState; texts: ReadonlyMap<string, LabelledText> } | undefined;
  working: LabelledText | undefined;
  readonly #options: VersionHistoryOptions;

  constructor(options: VersionHistoryOptions) {
    this.#options = options;
  }

  /** Where the file was, the newest name first. */
  paths(): readonly string[] {
    const { path } = this.repository?.git ?? {};
    return [
      ...new Set([...(path === undefined ? [] : [path]), ...this.commits.map((commit) => commit.path)]),
    ];
  }

  list(): VersionList {
    const { repository, hasMore } = this;
    const { state, texts } = repository ?? {};
    const isStaged = state?.staged !== undefined && state.staged !== state.committed;
    const staged = isStaged ? texts?.get(state.staged ?? '') : undefined;
    const { runs, tags, tagged, note } = this.#stored();
    const versions = mergeVersions({
      ...(this.working ? { working: this.working } : {}),
      ...(staged ? { staged } : {}),
      commits: this.commits.flatMap((commit) => {
        const text = texts?.get(commit.blob ?? '');
        return text ? [{ ...text, commit }] : [];
      }),
      runs,
      tags,
      tagged,
      gitTags: new Map([...this.gitTags].map(([version, names]) => [version, names.map(({ name }) => name)])),
      hasMore,
    });
    return { versions, hasGit: repository !== undefined, hasMore, ...(note === undefined ? {} : { note }) };
  }

  /** The prompt's URI, and those of its earlier names in git. */
  uris(): readonly string[] {
    const { uri, uriOf } = this.#options;
    const { root } = this.repository?.git ?? {};
    if (root === undefined || !uriOf) return [uri];
    const earlier = this.paths().slice(1);
    return [uri, ...earlier.map((path) => uriOf(`${root}/${path}`))];
  }

  /** What the history of runs has; a history that cannot be read hides nothing else. */
  #stored(): Pick<VersionSources, 'runs' | 'tags' | 'tagged'> & { readonly note: string | undefined } {
    const { versions } = this.#options;
    if (!versions) return { ...nothing, note: this.note };
    try {
      const uris = this.uris();
      return {
        runs: versions.runsOf(uris),
        tags: versions.tags(),
        tagged: versions.taggedIn(uris),
        note: this.note,
      };
    } catch (error) {
      return { ...nothing, note: this.note ?? messageOf(error) };
    }
  }
}

const nothing: Pick<VersionSources, 'runs' | 'tags' | 'tagged'> = { runs: [], tags: new Map(), tagged: [] };

async function labelledText(text: string): Promise<LabelledText> {
  return { version: await versionOf(text), label: labelOf(text) };
}

/** What to tell the user, who sees the saved runs all the same. */
function noteOf(error: unknown): string {
  if (!(error instanceof GitError)) return messageOf(error);
  switch (error.kind) {
    case 'missing':
      return 'git was not found, so commits are not shown. Install it, or set "git.path", and refresh.';
    case 'failed':
      return `git could not read this repository: ${error.message}. Commits are missing here until that is put right.`;
    case 'slow':
      return 'git took too long, so older commits may be missing here. Refresh to try again.';
    default:
      return error.kind satisfies never;
  }
}
