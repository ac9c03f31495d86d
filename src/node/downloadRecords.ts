import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';

/** What is remembered of a download that is not done. */
export type DownloadRecord = z.infer<typeof recordSchema>;

/**
 * Remembers downloads beyond the life of a window: a file for each, so that two windows never write the same one for
 * different downloads.
 */
export class DownloadRecords {
  readonly #folder: string;
  #lastWrite: Promise<void> = Promise.resolve();

  /** @param models the folder of the models. */
  constructor(models: string) {
    this.#folder = join(models, '.downloads');
  }

  /** The oldest first. What cannot be read is left out. */
  async all(): Promise<readonly DownloadRecord[]> {
    await this.#lastWrite;
    const names = await readdir(this.#folder).catch(() => []);
    const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
    const records = await Promise.all(ids.map((id) => this.get(id)));
    return records.filter((record) => record !== undefined).sort((a, b) => a.startedAt - b.startedAt);
  }

  async get(id: string): Promise<DownloadRecord | undefined> {
    await this.#lastWrite;
    try {
      return recordSchema.safeParse(JSON.parse(await readFile(this.#fileOf(id), 'utf8'))).data;
    } catch {
      return undefined;
    }
  }

  /** Writes follow each other in the order of the calls. */
  put(record: DownloadRecord): Promise<void> {
    return this.#write(async () => {
      await mkdir(this.#folder, { recursive: true });
      const file = this.#fileOf(record.id);
      await writeFile(`${file}.${process.pid}`, JSON.stringify(record));
      await rename(`${file}.${process.pid}`, file);
    });
  }

  remove(id: string): Promise<void> {
    return this.#write(() => rm(this.#fileOf(id), { force: true }));
  }

  /** A record that cannot be written costs its row after a restart and not the download. */
  #write(step: () => Promise<void>): Promise<void> {
    this.#lastWrite = this.#lastWrite.then(step).catch(() => undefined);
    return this.#lastWrite;
  }

  #fileOf(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

const recordSchema = z.object({
  id: z.string(),
  /** As the user named it. */
  source: z.string(),
  /** In ms since 1970. */
  startedAt: z.number(),
  /** When its program last wrote this, in ms since 1970. */
  seenAt: z.number(),
  doneBytes: z.number(),
  /** Absent while it is not known. */
  totalBytes: z.optional(z.number()),
  /** The files that it makes, absolute; none before the server has named them. */
  paths: z.array(z.string()),
  /** The program that downloads it, which may be gone; 0 for none. */
  pid: z.number(),
  /** What the user wants the file to hash to. */
  sha256: z.optional(z.string()),
  /** Why it stopped by itself. */
  problem: z.optional(z.string()),
});
