import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { getLlama, InsufficientMemoryError, type Llama, LlamaLogLevel } from 'node-llama-cpp';
import { cancelledError, LlmError, messageOf } from '../core/errors.ts';
import { LoadedModel, type OpenModel } from './loadedModel.ts';
import { identify } from './modelFile.ts';
import { Turns } from './turns.ts';

export interface EngineOptions {
  /** The machine's physical cores. The library's own default is at least 4, which on 2 cores is 34 times slower. */
  readonly threads: number;
}

/** A model that a call uses until `release`, which must be called once. */
export interface Session extends OpenModel {
  release(): void;
}

/** The calls on one path. */
interface Calls {
  /** Lets them in for a lane one after another. */
  readonly turns: Turns;
  /** How many there are, waiting and running. */
  count: number;
}

/** Owns llama.cpp and the models in memory. Starts at the first `open`. */
export class Engine {
  readonly #threads: number;
  readonly #errorLines: string[] = [];
  readonly #models = new Map<string, LoadedModel>();
  readonly #calls = new Map<string, Calls>();
  #llama: Promise<Llama> | undefined;

  constructor({ threads }: EngineOptions) {
    this.#threads = threads;
  }

  /**
   * Waits for a lane of the model, loads it unless it is in memory, and gives it a window of `contextSize` tokens.
   * @throws LlmError `bad-request` for a file or window that cannot be, `provider` when the engine fails, `cancelled`.
   */
  async open(path: string, contextSize: number | undefined, signal: AbortSignal): Promise<Session> {
    // Counted before anything is waited for, so that calls that come together find a context large enough for all.
    const calls = this.#calls.get(path) ?? { turns: new Turns(), count: 0 };
    this.#calls.set(path, calls);
    calls.count++;
    const end = (): void => {
      if (--calls.count === 0) this.#calls.delete(path);
    };
    try {
      const endTurn = await calls.turns.take(signal);
      const model = await this.#open(path, contextSize, () => calls.count, signal).finally(endTurn);
      return {
        ...model,
        release: () => {
          model.lane.release();
          end();
        },
      };
    } catch (error) {
      end();
      throw error;
    }
  }

  async #open(
    path: string,
    contextSize: number | undefined,
    wanted: () => number,
    signal: AbortSignal,
  ): Promise<OpenModel> {
    if (contextSize !== undefined && !(contextSize >= 1 && contextSize <= largestContext)) {
      throw new LlmError(
        'bad-request',
        `"contextSize" is ${contextSize}. Set it from 1 to ${largestContext} tokens.`,
      );
    }
    const key = await identify(path);
    const loaded = this.#models.get(key) ?? new LoadedModel(path);
    // The map is in order of use, so that the first idle entry is the one to give up.
    this.#models.delete(key);
    this.#models.set(key, loaded);
    try {
      await this.#unloadIdle();
      this.#llama ??= this.#start();
      this.#errorLines.length = 0;
      return await loaded.open(await this.#llama, { contextSize, threads: this.#threads, wanted }, signal);
    } catch (error) {
      throw signal.aborted ? cancelledError() : await this.#explain(error, path);
    }
  }

  async #start(): Promise<Llama> {
    try {
      return await getLlama({
        build: 'never',
        skipDownload: true,
        progressLogs: false,
        maxThreads: this.#threads,
        logLevel: LlamaLogLevel.warn,
        logger: (level, message) => {
          const line = message.trim();
          if (level === LlamaLogLevel.error) this.#errorLines.push(line);
          process.stderr.write(`${level}: ${line}\n`);
        },
      });
    } catch (cause) {
      const machine = `${process.platform}-${process.arch}`;
      const message = `llama.cpp does not start on this machine: ${messageOf(cause)}. Install the extension for ${machine}.`;
      throw new LlmError('provider', message, { retryable: false, cause });
    }
  }

  async #unloadIdle(): Promise<void> {
    for (const [key, loaded] of this.#models) {
      if (this.#models.size <= keptModels) return;
      if (this.#calls.has(loaded.path)) continue;
      this.#models.delete(key);
      await loaded.dispose();
    }
  }

  /** The engine says only that it failed; why stands in the first line that it logs, behind the names of functions. */
  async #explain(error: unknown, path: string): Promise<LlmError> {
    if (error instanceof LlmError) return error;
    const name = basename(path);
    if (error instanceof InsufficientMemoryError) {
      const message = `"${name}" does not fit into memory. Close other programs, or take a smaller quantization of it.`;
      return new LlmError('bad-request', message, { cause: error });
    }
    await delay(logDelayMs);
    const logged = this.#errorLines[0]?.replace(/^\w+: (error loading model: )*/, '');
    // Metadata that end too early meet the library's own reader first, which runs into `undefined`.
    const reason = logged ?? (error instanceof TypeError ? 'its metadata are incomplete' : messageOf(error));
    const message = `"${name}" cannot be loaded: ${reason}. If the file is incomplete or damaged, download it again.`;
    return new LlmError('bad-request', message, { cause: error });
  }
}

/** How long a line that explains an error can come after it, because it crosses threads: 1–5 ms, measured. */
const logDelayMs = 50;

/** Models today reach 10 million tokens; over a thousand million the library thinks for a minute before it refuses. */
const largestContext = 2 ** 24;

/** Comparing two models must not load each anew for every answer; more would crowd a laptop's memory. */
const keptModels = 2;
