import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { messageOf } from '../core/errors.ts';
import type { Run, RunInput, RunOutput, RunStore } from '../core/store.ts';
import { migrate } from './migrations.ts';

/** A process that has not said so for this long is taken to be gone, even if its pid is in use again; in ms. */
const ownerLeaseMs = 30_000;
const heartbeatMs = 5_000;

/**
 * Runs in one SQLite file, shared by all windows. The file is opened at first use, and runs whose process has died
 * are marked `interrupted` then.
 *
 * While text streams, only the text and the small details are rewritten; log-probabilities, which can be megabytes,
 * are written once, when the run has ended.
 */
export class SqliteStore implements RunStore, Disposable {
  readonly #file: string;
  readonly #now: () => number;
  readonly #owner = randomUUID();
  #database: DatabaseSync | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  /** @param file Made with its folders at first use. @param now The time of day, in ms since 1970. */
  constructor(file: string, now: () => number) {
    this.#file = file;
    this.#now = now;
  }

  insert(run: Run): void {
    const input: RunInput = {
      ...(run.prompt ? { prompt: run.prompt } : {}),
      variables: run.variables,
      modelId: run.modelId,
      request: run.request,
    };
    this.#open()
      .prepare(
        `INSERT INTO runs (id, started_at, owner, status, prompt_uri, model_id, input, text, details)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        run.id,
        run.startedAt,
        this.#owner,
        run.outcome.status,
        run.prompt?.uri ?? null,
        run.modelId,
        JSON.stringify(input),
        run.text,
        detailsOf(run),
      );
  }

  update(id: string, output: RunOutput): void {
    const { status } = output.outcome;
    const database = this.#open();
    database
      .prepare('UPDATE runs SET status = ?, text = ?, details = ? WHERE id = ?')
      .run(status, output.text, detailsOf(output), id);
    if (status !== 'running' && output.logprobs.length > 0) {
      database.prepare('UPDATE runs SET logprobs = ? WHERE id = ?').run(JSON.stringify(output.logprobs), id);
    }
  }

  get(id: string): Run | undefined {
    const row = this.#open().prepare('SELECT * FROM runs WHERE id = ?').get(id);
    return row && runOf(row);
  }

  list({ limit, promptUri }: { readonly limit: number; readonly promptUri?: string }): readonly Run[] {
    const database = this.#open();
    const rows =
      promptUri === undefined
        ? database.prepare('SELECT * FROM runs ORDER BY started_at DESC, rowid DESC LIMIT ?').all(limit)
        : database
            .prepare('SELECT * FROM runs WHERE prompt_uri = ? ORDER BY started_at DESC, rowid DESC LIMIT ?')
            .all(promptUri, limit);
    return rows.map(runOf);
  }

  /** Closes the file. Runs of this process that are still under way will be found interrupted. */
  [Symbol.dispose](): void {
    clearInterval(this.#heartbeat);
    this.#database?.prepare('DELETE FROM owners WHERE id = ?').run(this.#owner);
    this.#database?.close();
    this.#database = undefined;
  }

  #open(): DatabaseSync {
    if (this.#database) return this.#database;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      // Asked for at first use, because loading it costs start-up time and a run without history must still work
      // where this Node has no SQLite.
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
      const database = new DatabaseSync(this.#file, { timeout: 1000 });
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
      migrate(database, this.#now());
      this.#claim(database);
      this.#database = database;
      return database;
    } catch (error) {
      throw new Error(`The history in ${this.#file} cannot be written: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  /** Registers this process as an owner and marks what dead owners left behind. */
  #claim(database: DatabaseSync): void {
    // Replaces, because after a long sleep another window may have taken this one for dead.
    const claim = database.prepare('INSERT OR REPLACE INTO owners VALUES (?, ?, ?)');
    claim.run(this.#owner, process.pid, this.#now());
    const dead = database
      .prepare('SELECT id, pid, seen_at FROM owners WHERE id <> ?')
      .all(this.#owner)
      .filter((row) => !isAlive(Number(row['pid'])) || this.#now() - Number(row['seen_at']) > ownerLeaseMs);
    for (const { id } of dead) database.prepare('DELETE FROM owners WHERE id = ?').run(id ?? null);
    database.exec(
      `UPDATE runs SET status = 'interrupted' WHERE status = 'running' AND owner NOT IN (SELECT id FROM owners)`,
    );
    this.#heartbeat = setInterval(() => {
      // A missed beat is made good by the next one; the lease is six beats long.
      try {
        claim.run(this.#owner, process.pid, this.#now());
      } catch {
        return;
      }
    }, heartbeatMs).unref();
  }
}

/** Everything of an output that has no column of its own, as JSON. */
function detailsOf({
  servedModel,
  responseId,
  warnings,
  reasoning,
  toolCalls,
  citations,
  usage,
  timing,
  cost,
  outcome,
}: RunOutput): string {
  return JSON.stringify({
    servedModel,
    responseId,
    warnings,
    reasoning,
    toolCalls,
    citations,
    usage,
    timing,
    cost,
    outcome,
  });
}

function runOf(row: Record<string, SQLOutputValue>): Run {
  const input = JSON.parse(String(row['input'])) as RunInput;
  const details = JSON.parse(String(row['details'])) as Omit<RunOutput, 'text' | 'logprobs'>;
  return {
    id: String(row['id']),
    startedAt: Number(row['started_at']),
    ...input,
    ...details,
    text: String(row['text']),
    logprobs: JSON.parse(String(row['logprobs'])) as RunOutput['logprobs'],
    // The column wins: the process that would have written the details may have died.
    ...(row['status'] === 'interrupted' ? { outcome: { status: 'interrupted' } } : {}),
  };
}

/** Whether a process of that id exists; one that belongs to somebody else does. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
