import { randomUUID } from 'node:crypto';
import type { SqliteFile } from './sqliteFile.ts';

/** A process that has not said so for this long is taken to be gone, even if its pid is in use again; in ms. */
const ownerLeaseMs = 30_000;
const heartbeatMs = 5_000;

/**
 * This process as one of those that have the history open: what tells a run that is still under way in another window
 * from one whose process has died.
 */
export class SqliteOwner implements Disposable {
  readonly id = randomUUID();
  readonly #file: SqliteFile;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  /** Registers this process and marks what dead ones left behind. */
  claim(): void {
    this.#beat();
    const dead = this.#file
      .all('SELECT id, pid, seen_at FROM owners WHERE id <> ?', this.id)
      .filter(
        (row) => !isAlive(Number(row['pid'])) || this.#file.now - Number(row['seen_at']) > ownerLeaseMs,
      );
    for (const { id } of dead) this.#file.run('DELETE FROM owners WHERE id = ?', id ?? null);
    this.#file.run(
      `UPDATE runs SET status = 'interrupted' WHERE status = 'running' AND owner NOT IN (SELECT id FROM owners)`,
    );
    this.#heartbeat ??= setInterval(() => {
      // A missed beat is made good by the next one; the lease is six beats long.
      try {
        this.#beat();
      } catch {
        return;
      }
    }, heartbeatMs).unref();
  }

  /** Runs of this process that are still under way will be found interrupted. */
  [Symbol.dispose](): void {
    clearInterval(this.#heartbeat);
    if (!this.#heartbeat) return;
    this.#heartbeat = undefined;
    try {
      this.#file.run('DELETE FROM owners WHERE id = ?', this.id);
    } catch {
      // Whoever opens the file next finds this process dead.
      return;
    }
  }

  #beat(): void {
    // Replaces, because after a long sleep another window may have taken this one for dead.
    this.#file.run('INSERT OR REPLACE INTO owners VALUES (?, ?, ?)', this.id, process.pid, this.#file.now);
  }
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
