import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asLlmError, cancelledError, LlmError } from '../core/errors.ts';
import { type ModelSource, modelSourceOf, nameOfSource } from '../core/modelSource.ts';
import { downloadInProcess, type DownloadNews, type DownloadProcessOptions } from './downloadProcess.ts';
import { type DownloadRecord, DownloadRecords } from './downloadRecords.ts';

export interface DownloadsOptions extends DownloadProcessOptions {
  /** Where models are kept, absolute. */
  readonly folder: string;
  /** The user's token for Hugging Face, asked for at each start. */
  readonly token: () => Promise<string | undefined>;
  /** Told when something about the download `id` is different now. */
  readonly onChange?: (id: string) => void;
  /** Where Hugging Face is; absent means what HF_ENDPOINT says, else the service itself. */
  readonly endpoint?: string;
  /** How long nothing may come, in ms; default a minute. */
  readonly stallMs?: number;
}

/** A download that is not done. */
export interface Download {
  readonly id: string;
  /** As the user named it. */
  readonly source: string;
  /** For people. */
  readonly name: string;
  /** `elsewhere` runs in another window. */
  readonly state: 'downloading' | 'checking' | 'paused' | 'elsewhere';
  readonly doneBytes: number;
  /** Absent while it is not known. */
  readonly totalBytes?: number;
  /** Of the last seconds; absent where nothing comes. */
  readonly bytesPerSecond?: number;
  /** Why it stopped by itself; absent where it did not. */
  readonly problem?: string;
}

/** Downloads models into one folder that all windows share. What has come of a download survives everything. */
export class Downloads {
  readonly #options: DownloadsOptions;
  readonly #records: DownloadRecords;
  readonly #running = new Map<string, Running>();

  constructor(options: DownloadsOptions) {
    this.#options = options;
    this.#records = new DownloadRecords(options.folder);
  }

  /** All that are not done, the oldest first. */
  async list(): Promise<readonly Download[]> {
    return (await this.#records.all()).map((record) => this.#stateOf(record));
  }

  async get(id: string): Promise<Download | undefined> {
    const record = await this.#records.get(id);
    return record && this.#stateOf(record);
  }

  /**
   * Starts a download, goes on with it where it stopped, or joins it where it runs.
   * @param source as `modelSourceOf` reads it.
   * @param sha256 what the file must hash to; absent means what the server says.
   * @returns the path of the model's file, or of its first part.
   * @throws LlmError `bad-request` for what names no model, `cancelled` when it is paused, else why it stopped.
   */
  async start(source: string, sha256?: string): Promise<string> {
    const parsed = modelSourceOf(source);
    if (!parsed) {
      const message = `"${source}" names no model. Write hf:user/repository:Q4_K_M, or the address of a .gguf file.`;
      throw new LlmError('bad-request', message);
    }
    const id = downloadIdOf(source);
    const running = this.#running.get(id);
    if (running) return running.done;
    const stop = new AbortController();
    const entry: Running = {
      stop,
      speed: new Speed(),
      news: {},
      done: this.#run(id, source, parsed, sha256, stop),
    };
    this.#running.set(id, entry);
    return entry.done.finally(() => this.#running.delete(id)).finally(() => this.#options.onChange?.(id));
  }

  /** Goes on with one that is paused. @throws LlmError as `start`. */
  async resume(id: string): Promise<string> {
    const record = await this.#records.get(id);
    if (!record) throw new LlmError('bad-request', 'There is no such download any more. Start it anew.');
    return this.start(record.source, record.sha256);
  }

  /** Stops one that runs here; what has come is kept. Resolves when its process is gone. */
  async pause(id: string): Promise<void> {
    const running = this.#running.get(id);
    running?.stop.abort();
    await running?.done.catch(() => undefined);
  }

  /** Stops it, and deletes what has come. */
  async remove(id: string): Promise<void> {
    await this.pause(id);
    const record = await this.#records.get(id);
    for (const path of record?.paths ?? []) await rm(`${path}.ipull`, { force: true });
    await this.#records.remove(id);
    this.#options.onChange?.(id);
  }

  /** Pauses all. May be called twice. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.pause(id)));
  }

  async #run(
    id: string,
    source: string,
    parsed: ModelSource,
    sha256: string | undefined,
    stop: AbortController,
  ): Promise<string> {
    const known = await this.#records.get(id);
    if (known && isElsewhere(known))
      throw new LlmError('bad-request', `Another window downloads "${nameOfSource(parsed)}" already.`);
    const { problem: _, ...before } = known ?? {
      id,
      source,
      startedAt: Date.now(),
      seenAt: 0,
      doneBytes: 0,
      paths: [],
    };
    let record: DownloadRecord = { ...before, pid: process.pid, ...(sha256 === undefined ? {} : { sha256 }) };
    const save = (change: Partial<DownloadRecord>): Promise<void> =>
      this.#records.put((record = { ...record, ...change, seenAt: Date.now() }));
    await save({});
    this.#options.onChange?.(id);
    let lastSave = 0;
    const hear = (news: DownloadNews): void => {
      const running = this.#running.get(id);
      if (running) running.news = { ...running.news, ...newsOf(news) };
      if (news.type === 'progress' && news.phase === 'downloading') {
        running?.speed.add(news.doneBytes);
        record = { ...record, doneBytes: news.doneBytes };
      }
      const isTime = performance.now() - lastSave > saveMs;
      if (isTime) lastSave = performance.now();
      if (news.type === 'files')
        void save({
          paths: [...news.paths],
          ...(news.totalBytes === undefined ? {} : { totalBytes: news.totalBytes }),
        });
      else if (isTime) void save({});
      this.#options.onChange?.(id);
    };
    const { folder, token, endpoint = hubEndpoint(), stallMs = 60_000 } = this.#options;
    try {
      const key = await token();
      if (stop.signal.aborted) throw cancelledError();
      const order = {
        source: parsed,
        folder: join(folder, ...folderOf(parsed)),
        endpoint,
        stallMs,
        ...(key === undefined ? {} : { token: key }),
        ...(sha256 === undefined ? {} : { sha256 }),
      };
      const path = await downloadInProcess(order, this.#options, hear, stop.signal);
      await this.#records.remove(id);
      return path;
    } catch (thrown) {
      const error = asLlmError(thrown);
      const isPaused = error.kind === 'cancelled';
      // What never began and cannot begin is not worth a row that offers to resume it.
      if (record.paths.length === 0 && error.kind === 'bad-request') await this.#records.remove(id);
      else await save({ pid: 0, ...(isPaused ? {} : { problem: error.message }) });
      throw error;
    }
  }

  #stateOf(record: DownloadRecord): Download {
    const { id, source, doneBytes, totalBytes, problem } = record;
    const running = this.#running.get(id);
    const bytesPerSecond = running?.speed.bytesPerSecond;
    const parsed = modelSourceOf(source);
    return {
      id,
      source,
      name: parsed ? nameOfSource(parsed) : source,
      state: running ? (running.news.phase ?? 'downloading') : isElsewhere(record) ? 'elsewhere' : 'paused',
      doneBytes: running?.news.doneBytes ?? doneBytes,
      ...(totalBytes === undefined ? {} : { totalBytes }),
      ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
      ...(problem === undefined || running ? {} : { problem }),
    };
  }
}

interface Running {
  readonly stop: AbortController;
  readonly done: Promise<string>;
  readonly speed: Speed;
  news: { readonly phase?: 'downloading' | 'checking'; readonly doneBytes?: number };
}

function newsOf(news: DownloadNews): Running['news'] {
  return news.type === 'progress' ? { phase: news.phase, doneBytes: news.doneBytes } : {};
}

/** How fast bytes came in the last seconds. */
class Speed {
  #samples: { readonly at: number; readonly bytes: number }[] = [];

  add(bytes: number): void {
    const at = performance.now();
    this.#samples = [...this.#samples.filter((sample) => at - sample.at < speedSpanMs), { at, bytes }];
  }

  get bytesPerSecond(): number | undefined {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < 500) return undefined;
    return ((last.bytes - first.bytes) / (last.at - first.at)) * 1000;
  }
}

/** A number of a process can be used again, so life alone is not enough. */
function isElsewhere({ pid, seenAt }: DownloadRecord): boolean {
  if (pid === 0 || pid === process.pid || Date.now() - seenAt > silenceMs) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A folder for each maker and repository, as LM Studio has it: files of different ones can have one name. */
function folderOf(source: ModelSource): readonly string[] {
  return source.type === 'url' ? [new URL(source.url).hostname] : source.repository.split('/');
}

function hubEndpoint(): string {
  const told = process.env['HF_ENDPOINT'];
  if (told === undefined || !URL.canParse(told)) return 'https://huggingface.co/';
  return told.endsWith('/') ? told : `${told}/`;
}

/** The id of the download of a source, which is named in the same words. */
export function downloadIdOf(source: string): string {
  return createHash('sha256').update(source.trim()).digest('hex').slice(0, 16);
}

const saveMs = 2_000;

/** A download that runs is given up after a minute in which nothing came, and saves its state whenever something does. */
const silenceMs = 90_000;
const speedSpanMs = 5_000;
