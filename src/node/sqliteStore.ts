import type { ConversationStore } from '../core/conversation/store.ts';
import type { VersionStore } from '../core/prompt/versionStore.ts';
import type { ComparisonStore } from '../core/run/namedComparison.ts';
import type { Run, RunOutput, RunStore } from '../core/store.ts';
import { SqliteComparisons } from './sqliteComparisons.ts';
import { SqliteConversations } from './sqliteConversations.ts';
import { purgeDeleted } from './sqlitePurge.ts';
import { SqliteFile, type SqliteFileOptions } from './sqliteFile.ts';
import { SqliteOwner } from './sqliteOwner.ts';
import { promptIdsOf } from './sqlitePromptNames.ts';
import { insertRun, runColumns, runOf, updateRun } from './sqliteRuns.ts';
import { SqliteVersions } from './sqliteVersions.ts';

export interface SqliteStoreOptions {
  /** As that of SqliteFile; by default nobody is told. */
  readonly tell?: SqliteFileOptions['tell'];
  /** Opens a file that is there, to look at it only. Defaults to false. */
  readonly readOnly?: boolean;
}

/**
 * The history in one SQLite file, shared by all windows: runs here, and the conversations that they belong to. The file is
 * opened at first use; runs whose process has died are marked `interrupted` then, and what was deleted long ago is
 * removed.
 */
export class SqliteStore implements RunStore, Disposable {
  readonly conversations: ConversationStore;
  readonly versions: VersionStore;
  readonly comparisons: ComparisonStore;
  readonly #file: SqliteFile;
  readonly #owner: SqliteOwner;

  /** @param file Made with its folders at first use. @param now The time of day, in ms since 1970. */
  constructor(file: string, now: () => number, options: SqliteStoreOptions = {}) {
    const { tell = () => undefined, readOnly = false } = options;
    this.#file = new SqliteFile(file, { now, tell, readOnly });
    this.#owner = new SqliteOwner(this.#file);
    this.conversations = new SqliteConversations(this.#file, this.#owner.id);
    this.versions = new SqliteVersions(this.#file);
    this.comparisons = new SqliteComparisons(this.#file);
    this.#file.onOpened = () => {
      this.#owner.claim();
      purgeDeleted(this.#file);
    };
  }

  insert(run: Run, promptText?: string): void {
    this.#file.transaction(() => {
      if (run.prompt && promptText !== undefined) this.versions.keep(run.prompt.version, promptText);
      insertRun(this.#file, run, this.#owner.id);
    });
  }

  update(id: string, output: RunOutput): void {
    updateRun(this.#file, id, output);
  }

  get(id: string): Run | undefined {
    const row = this.#file.first(`SELECT ${runColumns} FROM runs WHERE id = ?`, id);
    return row && runOf(this.#file, row);
  }

  list({ limit, promptUri }: { readonly limit: number; readonly promptUri?: string }): readonly Run[] {
    const rows =
      promptUri === undefined
        ? this.#file.all(`SELECT ${runColumns} FROM runs ORDER BY ${newestFirst} LIMIT ?`, limit)
        : this.#file.all(
            // Which rows those are is found by an index alone.
            `SELECT ${runColumns} FROM runs WHERE rowid IN (
               SELECT rowid FROM runs WHERE prompt_uri IN (SELECT value FROM json_each(?))
               ORDER BY ${newestFirst} LIMIT ?
             ) ORDER BY ${newestFirst}`,
            JSON.stringify(promptIdsOf(this.#file, [promptUri])),
            limit,
          );
    return rows.map((row) => runOf(this.#file, row));
  }

  /** Closes the file. Runs of this process that are still under way will be found interrupted. */
  [Symbol.dispose](): void {
    this.#owner[Symbol.dispose]();
    this.#file[Symbol.dispose]();
  }
}

const newestFirst = 'started_at DESC, rowid DESC';
