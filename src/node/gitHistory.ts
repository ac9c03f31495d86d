import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, posix, relative, sep } from 'node:path';
import { CommitReader, type FileCommit, logFormat } from './gitHistoryLog.ts';
import { GitError, gitOutput, gitText, type GitOptions } from './gitHistoryProcess.ts';
import { readBlobs } from './gitHistoryTexts.ts';

/** What git has of a file beside its commits, as ids of texts. */
export interface GitState {
  /** In the commit that is checked out; absent when the file is not in it. */
  readonly committed?: string;
  /** What the next commit would take; absent when git does not know the file. */
  readonly staged?: string;
  /** Whether there is any commit. */
  readonly hasCommits: boolean;
}

/**
 * A file's history as the `git` program tells it. Nothing is written, and nothing of it runs what the repository brings
 * along but git's own settings: ask only in trusted workspaces.
 *
 * Every method throws a GitError, or the signal's reason once that is aborted.
 */
export class GitFile {
  /** The folder in which the repository is checked out. */
  readonly root: string;
  /** The folder whose `HEAD` and `index` change with every commit. */
  readonly gitFolder: string;
  /** From the root, with `/`. */
  readonly path: string;
  readonly #options: GitOptions;

  constructor(place: { root: string; gitFolder: string; path: string }, options: GitOptions) {
    this.root = place.root;
    this.gitFolder = place.gitFolder;
    this.path = place.path;
    this.#options = options;
  }

  /**
   * The commits that touched the file, newest first and also under its earlier names, as git finds them.
   * @param limit How many at most; `Infinity` for all.
   */
  async *commits(limit: number, signal: AbortSignal): AsyncGenerator<FileCommit> {
    const reader = new CommitReader();
    // A merge counts where it has a text that none of its parents has.
    const args = [
      'log',
      '--follow',
      '-c',
      '--no-ext-diff',
      '--no-textconv',
      ...logFormat,
      ...(limit === Infinity ? [] : [`--max-count=${limit}`]),
      '--',
      this.path,
    ];
    for await (const chunk of gitOutput(args, { cwd: this.root, ...this.#options }, signal)) {
      yield* reader.read(chunk);
    }
  }

  /** What is committed and what is staged. */
  async state(signal: AbortSignal): Promise<GitState> {
    const [head, committed, staged] = await this.#idsOf(
      ['HEAD', `HEAD:${this.path}`, `:${this.path}`],
      signal,
    );
    return {
      hasCommits: head !== undefined,
      ...(committed === undefined ? {} : { committed }),
      ...(staged === undefined ? {} : { staged }),
    };
  }

  /**
   * The newest tags of the repository, at most 200, with the text that the file had there under one of `paths`; those
   * without the file are left out.
   */
  async tags(
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly { name: string; blob: string }[]> {
    const args = ['for-each-ref', '--sort=-creatordate', '--count=200', '--format=%(refname)', 'refs/tags'];
    const list = await gitText(args, { cwd: this.root, ...this.#options }, signal);
    const refs = list.split('\n').filter(Boolean);
    const places = refs.flatMap((ref) => paths.map((path) => ({ ref, path })));
    const ids = await this.#idsOf(
      places.map(({ ref, path }) => `${ref}:${path}`),
      signal,
    );
    return places.flatMap(({ ref }, index) => {
      const blob = ids[index];
      return blob === undefined ? [] : [{ name: ref.slice('refs/tags/'.length), blob }];
    });
  }

  /**
   * The same file under the first of these paths that is in the commit which is checked out; `undefined` where none is.
   * @param paths Of this machine, in any repository or none.
   */
  async before(paths: readonly string[], file: string, signal: AbortSignal): Promise<GitFile | undefined> {
    const inRepository = paths.flatMap((each) => {
      const steps = relative(dirname(file), each).split(sep).join('/');
      const path = posix.join(posix.dirname(this.path), steps);
      return path.startsWith('../') || isAbsolute(steps) || path.includes('\n') ? [] : [path];
    });
    const ids = await this.#idsOf(
      inRepository.map((path) => `HEAD:${path}`),
      signal,
    );
    const path = inRepository.find((_, index) => ids[index] !== undefined);
    const { root, gitFolder } = this;
    return path === undefined ? undefined : new GitFile({ root, gitFolder, path }, this.#options);
  }

  /** The texts of these ids, in order, as they come. Ids that git does not have are left out. */
  texts(blobs: readonly string[], signal: AbortSignal): AsyncIterable<{ blob: string; text: string }> {
    const input = blobs.map((blob) => `${blob}\n`).join('');
    const output = gitOutput(['cat-file', '--batch'], { cwd: this.root, ...this.#options, input }, signal);
    return readBlobs(output);
  }

  /** The ids that these names stand for, `undefined` for those that stand for nothing. */
  async #idsOf(names: readonly string[], signal: AbortSignal): Promise<readonly (string | undefined)[]> {
    if (names.length === 0) return [];
    const input = names.map((name) => `${name}\n`).join('');
    const args = ['cat-file', '--batch-check=%(objectname)'];
    const lines = (await gitText(args, { cwd: this.root, ...this.#options, input }, signal)).split('\n');
    return names.map((_, index) => (/^[0-9a-f]{40,64}$/.test(lines[index] ?? '') ? lines[index] : undefined));
  }
}

/**
 * The file in its repository; `undefined` when it lies in none, which is found out without git.
 * @throws GitError, or the signal's reason once that is aborted.
 */
export async function openGitFile(
  file: string,
  options: GitOptions,
  signal: AbortSignal,
): Promise<GitFile | undefined> {
  // git follows links in folders, and tracks a file that is a link under its own name.
  const folder = await realpath(dirname(file)).catch(() => undefined);
  if (folder === undefined || !liesInRepository(folder) || /\n/.test(file)) return undefined;
  const args = ['rev-parse', '--show-toplevel', '--absolute-git-dir', '--show-prefix'];
  const [root = '', gitFolder = '', prefix = ''] = (
    await gitText(args, { cwd: folder, ...options }, signal)
  ).split('\n');
  if (!existsSync(root) || !existsSync(gitFolder)) {
    throw new GitError('failed', 'what is called git on this machine answered something else');
  }
  return new GitFile({ root, gitFolder, path: prefix + basename(file) }, options);
}

/** Whether this folder or one above it has a `.git`, which is a file in a worktree and in a submodule. */
function liesInRepository(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true;
  return dirname(folder) !== folder && liesInRepository(dirname(folder));
}
