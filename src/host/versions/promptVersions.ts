import { Disposable, EventEmitter, type LogOutputChannel, RelativePattern, Uri, workspace } from 'vscode';
import { messageOf } from '../../core/errors.ts';
import { changesSince, type ChangesSince, type VersionList } from '../../core/prompt/versionList.ts';
import type { VersionRun, VersionStore } from '../../core/prompt/versionStore.ts';
import type { VersionHistory, VersionHistoryOptions } from '../../node/versionHistory.ts';
import { gitProgram } from './gitProgram.ts';
import { nameOfVersion } from './versionItem.ts';
import { movedAddress } from './versionUri.ts';

/** A list is made anew when nothing has changed for this long, in ms. */
const restMs = 300;
/** So many commits are read at first, and so many more each time that older ones are asked for. */
const commitsAtOnce = 200;

/** What is kept of a prompt whose versions somebody looks at. */
interface Watched {
  readonly history: Promise<VersionHistory>;
  limit: number;
  list: VersionList | undefined;
  /** The reading that is under way, or the last one. */
  reading: AbortController;
  read: Promise<void>;
  /** Of the repository; there from the first reading on. */
  watcher?: Disposable;
  timer?: NodeJS.Timeout;
}

/**
 * The versions of prompts, kept up to date while somebody looks at them: when the text changes, when a run ends, and when
 * git commits or stages. git is asked in trusted workspaces only.
 */
export class PromptVersions implements Disposable {
  readonly store: VersionStore;
  readonly #log: LogOutputChannel;
  readonly #watched = new Map<string, Watched>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #registrations: Disposable;

  /** The list of this prompt is another one now. */
  readonly onDidChange = this.#changed.event;

  constructor(store: VersionStore, log: LogOutputChannel) {
    this.store = store;
    this.#log = log;
    this.#registrations = Disposable.from(
      this.#changed,
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#rereadSoon(document.uri);
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        // Whoever still shows it asks again.
        if (this.#forget(uri)) this.#changed.fire(uri);
      }),
      workspace.onDidGrantWorkspaceTrust(() => {
        for (const key of [...this.#watched.keys()]) {
          this.#forget(Uri.parse(key, true));
          this.#watch(Uri.parse(key, true));
        }
      }),
    );
  }

  /** The versions as far as they are known, which are kept up to date from now on; `undefined` before the first of them. */
  listOf(uri: Uri): VersionList | undefined {
    return this.#watch(uri).list;
  }

  /** How far the prompt has moved on, as far as that is known; see `onDidChange`. */
  knownChangesSince(uri: Uri): ChangesSince | undefined {
    const list = this.listOf(uri);
    return list && changesSince(list);
  }

  /** The versions once they have been read; `undefined` where that failed. */
  async read(uri: Uri): Promise<VersionList | undefined> {
    await this.#watch(uri).read;
    return this.listOf(uri);
  }

  /** The text of a version. @throws Error when nobody has it any more, in words for the user. */
  async textOf(uri: Uri, version: string): Promise<string> {
    const history = await this.#watch(uri).history;
    const text = await history.textOf(version, AbortSignal.timeout(textTimeoutMs)).catch((error: unknown) => {
      this.#log.warn(messageOf(error));
      throw new Error(`The text of this version cannot be read from git: ${messageOf(error)}`, {
        cause: error,
      });
    });
    if (text === undefined) throw new Error(textIsGone);
    return text;
  }

  /** The newest runs of a version, `limit` of them at most, the newest first. @throws Error when they cannot be read. */
  async runsOf(uri: Uri, version: string, limit: number): Promise<readonly VersionRun[]> {
    return (await this.#watch(uri).history).runsOf(version, limit);
  }

  /** What a version goes by: its newest name, its commit or the beginning of its hash; `undefined` while it is not found. */
  nameOf(uri: Uri, version: string): string | undefined {
    const entry = this.listOf(uri)?.versions.find((each) => each.version === version);
    return entry && nameOfVersion(entry);
  }

  /** Reads further back. */
  showMore(uri: Uri): void {
    this.#watch(uri).limit += commitsAtOnce;
    this.refresh(uri);
  }

  /** Asks git again. */
  refresh(uri: Uri): void {
    this.#read(uri, this.#watch(uri));
  }

  /** Takes over what the history of runs says now, of all prompts that are looked at. */
  rereadRuns(): void {
    for (const key of this.#watched.keys()) this.#rereadSoon(Uri.parse(key, true));
  }

  /** Reads anew what is looked at of a prompt, or of all below a folder, that was moved. */
  moved(from: Uri, to: Uri): void {
    for (const key of [...this.#watched.keys()]) {
      const uri = Uri.parse(key, true);
      if (movedAddress(uri, to, from)) this.refresh(uri);
      else if (movedAddress(uri, from, to) && this.#forget(uri)) this.#changed.fire(uri);
    }
  }

  dispose(): void {
    for (const key of [...this.#watched.keys()]) this.#forget(Uri.parse(key, true));
    this.#registrations.dispose();
  }

  #watch(uri: Uri): Watched {
    const known = this.#watched.get(uri.toString());
    if (known) return known;
    const watched: Watched = {
      history: this.#historyOf(uri),
      limit: commitsAtOnce,
      list: undefined,
      reading: new AbortController(),
      read: Promise.resolve(),
    };
    this.#watched.set(uri.toString(), watched);
    this.#read(uri, watched);
    return watched;
  }

  async #historyOf(uri: Uri): Promise<VersionHistory> {
    const git = gitProgram();
    const options: VersionHistoryOptions = {
      uri: uri.toString(),
      versions: this.store,
      uriOf: (path) => Uri.file(path).toString(),
      fileOf: pathOf,
      ...(uri.scheme === 'file' && workspace.isTrusted ? { file: uri.fsPath } : {}),
      ...(git === undefined ? {} : { git: { git } }),
    };
    const { VersionHistory: Made } = await import('../../node/versionHistory.ts');
    return new Made(options);
  }

  /** Answers with whether anybody had looked at it. */
  #forget(uri: Uri): boolean {
    const watched = this.#watched.get(uri.toString());
    if (!watched) return false;
    this.#watched.delete(uri.toString());
    watched.reading.abort();
    watched.watcher?.dispose();
    clearTimeout(watched.timer);
    return true;
  }

  #read(uri: Uri, watched: Watched): void {
    watched.reading.abort();
    const abort = new AbortController();
    watched.reading = abort;
    watched.read = this.#readAll(uri, watched, abort.signal).catch((error: unknown) => {
      if (!abort.signal.aborted) this.#log.error(messageOf(error));
    });
  }

  async #readAll(uri: Uri, watched: Watched, signal: AbortSignal): Promise<void> {
    const [history, text] = await Promise.all([watched.history, textNow(uri)]);
    const options = { limit: watched.limit, ...(text === undefined ? {} : { text }) };
    for await (const list of history.read(options, signal)) this.#take(uri, watched, list);
    const folder = await history.gitFolder(signal);
    signal.throwIfAborted();
    if (folder !== undefined)
      watched.watcher ??= this.#watchRepository(folder, () => this.#read(uri, watched));
  }

  /** Both are replaced with every commit; nothing below the folder is watched. */
  #watchRepository(folder: string, changed: () => void): Disposable {
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(folder), '{HEAD,index}'));
    let timer: NodeJS.Timeout | undefined;
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(changed, restMs);
    };
    return Disposable.from(
      watcher,
      watcher.onDidChange(soon),
      watcher.onDidCreate(soon),
      new Disposable(() => clearTimeout(timer)),
    );
  }

  #rereadSoon(uri: Uri): void {
    const watched = this.#watched.get(uri.toString());
    if (!watched) return;
    clearTimeout(watched.timer);
    watched.timer = setTimeout(() => void this.#reread(uri, watched), restMs);
  }

  async #reread(uri: Uri, watched: Watched): Promise<void> {
    const history = await watched.history;
    const list = await history.reread(await textNow(uri));
    if (list && this.#watched.get(uri.toString()) === watched) this.#take(uri, watched, list);
  }

  #take(uri: Uri, watched: Watched, list: VersionList): void {
    watched.list = list;
    this.#changed.fire(uri);
  }
}

function pathOf(uri: string): string | undefined {
  const { scheme, fsPath } = Uri.parse(uri, true);
  return scheme === 'file' ? fsPath : undefined;
}

const textTimeoutMs = 20_000;

const textIsGone =
  'The text of this version is neither in git nor in the history any more. Choose another in the Versions view.';

/** The file's text as the editor has it; `undefined` when the file is gone. */
async function textNow(uri: Uri): Promise<string | undefined> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
