import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { messageOf } from '../core/errors.ts';
import { migrate, schemaOf } from './migrations.ts';
import { isBusy, isDamaged, isIndexDamaged, setAside } from './sqliteFaults.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

export interface SqliteFileOptions {
  /** The time of day, in ms since 1970. */
  readonly now: () => number;
  /**
   * Takes a sentence for the user on what became of the file as it was opened.
   * @param damaged where the old file is kept; absent where it is none that was damaged.
   */
  readonly tell: (notice: string, damaged?: string) => void;
  /** Opens a file that is there, to look at it only. */
  readonly readOnly: boolean;
}

/**
 * The one SQLite file of the history, shared by all windows and opened at first use.
 *
 * A file that is damaged is set aside and a new one begun. One that a newer version of the extension has written is
 * opened to be read only.
 */
export class SqliteFile implements Disposable {
  readonly path: string;
  readonly #options: SqliteFileOptions;
  readonly #statements = new Map<string, StatementSync>();
  #database: DatabaseSync | undefined;
  /** Why nothing can be written; absent while it can. */
  #sealed: string | undefined;
  #inTransaction = false;

  /** Called once for each opening, when the file can be written. What it throws is why the file cannot be opened. */
  onOpened: () => void = () => undefined;

  constructor(path: string, options: SqliteFileOptions) {
    this.path = path;
    this.#options = options;
  }

  get now(): number {
    return this.#options.now();
  }

  /** All rows of a query. */
  all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#guarded(() => this.#prepare(sql).all(...values));
  }

  /** The first row of a query, or `undefined`. */
  first(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#guarded(() => this.#prepare(sql).get(...values));
  }

  /** Carries out a statement that writes and answers with how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#guarded(() => {
      this.open();
      if (this.#sealed !== undefined) throw new Error(this.#sealed);
      const write = (): number => Number(this.#prepare(sql).run(...values).changes);
      return this.#inTransaction ? write() : this.#withSoundIndex(write);
    });
  }

  /** All of `action` or, when it throws, nothing of it. One within another is part of it. It may be carried out twice. */
  transaction<Result>(action: () => Result): Result {
    if (this.#inTransaction) return action();
    return this.#withSoundIndex(() => this.#transaction(action));
  }

  /** Opens the file, where that has not happened yet. */
  open(): DatabaseSync {
    if (this.#database) return this.#database;
    try {
      return this.#options.readOnly ? this.#openReadOnly() : this.#openSound();
    } catch (error) {
      // The next call tries again from the start.
      this[Symbol.dispose]();
      throw new Error(
        `The history in ${this.path} cannot be ${this.#options.readOnly ? 'read' : 'written'}: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#database?.close();
    this.#database = undefined;
  }

  #transaction<Result>(action: () => Result): Result {
    this.run('BEGIN IMMEDIATE');
    this.#inTransaction = true;
    try {
      const result = action();
      this.run('COMMIT');
      return result;
    } catch (error) {
      // Some errors, such as a full disk, have rolled back already.
      if (this.#database?.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** Where the index of the search is damaged, nothing is lost: it is made again from the texts. */
  #withSoundIndex<Result>(write: () => Result): Result {
    try {
      return write();
    } catch (error) {
      if (!isIndexDamaged(error)) throw error;
      this.#prepare("INSERT INTO search (search) VALUES ('rebuild')").run();
      return write();
    }
  }

  #openSound(): DatabaseSync {
    mkdirSync(dirname(this.path), { recursive: true });
    const before = statSync(this.path, { throwIfNoEntry: false })?.ino;
    try {
      return this.#openWritable();
    } catch (error) {
      if (!isDamaged(error)) throw error;
      this[Symbol.dispose]();
      const { now, tell } = this.#options;
      const aside = setAside(this.path, before, now());
      const database = this.#openWritable();
      if (aside !== undefined) {
        tell(`The history was damaged and a new one was begun. The old file is kept as ${aside}.`, aside);
      }
      return database;
    }
  }

  #openWritable(): DatabaseSync {
    // Asked for at first use, because loading it costs start-up time and a run without history must still work
    // where this Node has no SQLite.
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const database = new DatabaseSync(this.path, { timeout: busyMs });
    this.#database = database;
    if (schemaOf(database) === 'newer') {
      database.close();
      this.#sealed =
        'The history was written by a newer version of LLM Playground, so it can be read but nothing can be saved. Update the extension.';
      this.#options.tell(this.#sealed);
      return (this.#database = new DatabaseSync(this.path, { timeout: busyMs, readOnly: true }));
    }
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    migrate(database, this.#options.now());
    this.onOpened();
    return database;
  }

  #openReadOnly(): DatabaseSync {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const database = new DatabaseSync(this.path, { timeout: busyMs, readOnly: true });
    this.#database = database;
    if (schemaOf(database) === 'older') {
      throw new Error(
        'it is of an older version. Open the history in VS Code once, which brings it up to date.',
      );
    }
    this.#sealed = 'The history was opened to be read only.';
    return database;
  }

  #prepare(sql: string): StatementSync {
    const database = this.open();
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #guarded<Result>(action: () => Result): Result {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error)) throw error;
      throw new Error(`The history in ${this.path} is in use by another program. Try again in a moment.`, {
        cause: error,
      });
    }
  }
}

/** How long to wait for another window's write, in ms; nothing else happens in this process meanwhile. */
const busyMs = 1000;
