import { totalmem } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InsufficientMemoryError, type LlamaEmbeddingContext, LlamaLogLevel } from 'node-llama-cpp';
import type { Warning } from '../core/chat.ts';
import { cancelledError, LlmError, messageOf } from '../core/errors.ts';
import { type StartedBackend, startBackend } from './backend.ts';
import { EngineError } from './engineError.ts';
import { LoadedModel, type OpenModel } from './loadedModel.ts';
import { freeRam, freeVram, type Memory, modelBytes } from './memory.ts';
import { identify } from './modelFile.ts';
import type { LoraAdapter } from './options.ts';
import { planFor, wholeOnCard } from './plan.ts';
import type { Backend, LoadedModelState, Plan, RuntimeSettings, RuntimeState } from './protocol.ts';
import { type Held, toGiveUp } from './room.ts';
import { Turns } from './turns.ts';

/** A model that a call uses until `release`, which must be called once. */
export interface Session extends OpenModel {
  /** What is other than the settings asked for. */
  readonly warnings: readonly Warning[];
  release(): void;
}

/** How a model is opened. */
export interface WindowChoice {
  /** In tokens; absent means what the model was trained for, at most 8192. */
  readonly contextSize?: number | undefined;
  /** Adapters over the weights; none where absent. */
  readonly lora?: readonly LoraAdapter[];
}

/** The calls on one path. */
interface Calls {
  /** Lets them in for a lane one after another. */
  readonly turns: Turns;
  /** How many there are, waiting and running. */
  count: number;
}

export interface EngineEvents {
  /** Other models are in memory than before. */
  readonly onChange: () => void;
  /** This backend is being started, or is what computes in fact. */
  readonly onBackend: (backend: Backend) => void;
}

/** Owns llama.cpp and the models in memory. Starts at the first `open`. */
export class Engine {
  readonly #settings: RuntimeSettings;
  readonly #events: EngineEvents;
  readonly #errorLines: string[] = [];
  /** In order of use, so that the first idle one is the one to give up. */
  readonly #models = new Map<string, LoadedModel>();
  readonly #calls = new Map<string, Calls>();
  #started: Promise<StartedBackend> | undefined;
  #backend: Backend | undefined;

  constructor(settings: RuntimeSettings, events: EngineEvents) {
    this.#settings = settings;
    this.#events = events;
  }

  /** What computes, or is being started; `undefined` before the first `open`. */
  get backend(): Backend | undefined {
    return this.#backend;
  }

  /**
   * Waits for a lane of the model, loads it unless it is in memory, and gives it a window as it is wanted.
   * @throws LlmError `bad-request` for a file or window that cannot be, `provider` when the engine fails, `cancelled`.
   */
  async open(path: string, { contextSize, lora = [] }: WindowChoice, signal: AbortSignal): Promise<Session> {
    if (contextSize !== undefined && !(contextSize >= 1 && contextSize <= largestContext)) {
      throw new LlmError(
        'bad-request',
        `"contextSize" is ${contextSize}. Set it from 1 to ${largestContext} tokens.`,
      );
    }
    const { threads } = this.#settings;
    const { value, end } = await this.#inTurn(path, signal, (wanted) =>
      this.#use(path, signal, (loaded, { llama, backend }) =>
        loaded.open(llama, { contextSize, threads, offloads: backend !== 'cpu', lora, wanted }, signal),
      ),
    );
    return {
      ...value.result,
      warnings: value.warnings,
      release: () => {
        value.result.lane.release();
        end();
      },
    };
  }

  /**
   * Waits for the model and loads it unless it is in memory; nothing else of it is allocated than for embeddings.
   * @throws LlmError as `open`.
   */
  async openForEmbedding(
    path: string,
    signal: AbortSignal,
  ): Promise<{ readonly context: LlamaEmbeddingContext; readonly release: () => void }> {
    const { value, end } = await this.#inTurn(path, signal, () =>
      this.#use(path, signal, (loaded, { llama, backend }) =>
        loaded.openForEmbedding(
          llama,
          { threads: this.#settings.threads, offloads: backend !== 'cpu' },
          signal,
        ),
      ),
    );
    return { context: value.result, release: end };
  }

  /**
   * Takes a model out of memory; nothing happens to one that is not in it.
   * @throws LlmError `bad-request` while it is at work.
   */
  async unload(path: string): Promise<void> {
    if (this.#calls.has(path))
      throw new LlmError('bad-request', `"${basename(path)}" is at work. Stop its runs first.`);
    for (const [key, loaded] of this.#models) if (loaded.path === path) await this.#drop(key, loaded);
  }

  /** The engine failed on a model in memory, such as after a sleep. It is loaded anew once its calls have ended. */
  spoil(path: string): void {
    for (const [key, loaded] of this.#models) {
      if (loaded.path !== path) continue;
      loaded.isSpoiled = true;
      if (!this.#calls.has(path)) void this.#drop(key, loaded);
    }
  }

  /** Starts llama.cpp if it has not been. @throws LlmError `provider` when it does not start. */
  async state(): Promise<RuntimeState> {
    const { llama, backend, devices, fallback, whyNotGpu } = await this.#start();
    const states = await Promise.all([...this.#models.values()].map((loaded) => loaded.state()));
    const models = states.filter((state) => state !== undefined);
    const vram = backend === 'cpu' ? undefined : await llama.getVramState();
    return {
      backend,
      devices,
      ...(fallback === undefined ? {} : { fallback }),
      ...(whyNotGpu === undefined ? {} : { whyNotGpu }),
      ...(vram ? { vram: { total: vram.total, used: vram.used, own: ownVram(models) } } : {}),
      ram: { total: totalmem(), free: freeRam() },
      threads: this.#settings.threads,
      models,
    };
  }

  /**
   * Whether the model at `path` fits, and how, if it were loaded now. Idle models would be given up for it.
   * @throws LlmError `bad-request` for a file that is no model, `provider` when llama.cpp does not start.
   */
  async plan(path: string, contextSize: number | undefined): Promise<Plan> {
    await identify(path);
    const started = await this.#start();
    const idle = (await this.#heldBeside(path)).filter(({ isIdle }) => isIdle);
    try {
      return await planFor(started, path, contextSize, {
        ram: idle.reduce((sum, { ram }) => sum + ram, 0),
        vram: idle.reduce((sum, { vram }) => sum + vram, 0),
      });
    } catch (error) {
      throw await this.#explain(error, path);
    }
  }

  /**
   * Counts a call on `path` until `end`, and lets it do its `work` when those before it have done theirs.
   * @param work is told how many calls there are on the path.
   */
  async #inTurn<Value>(
    path: string,
    signal: AbortSignal,
    work: (wanted: () => number) => Promise<Value>,
  ): Promise<{ readonly value: Value; readonly end: () => void }> {
    // Counted before anything is waited for, so that calls that come together find a context large enough for all.
    const calls = this.#calls.get(path) ?? { turns: new Turns(), count: 0 };
    this.#calls.set(path, calls);
    calls.count++;
    const end = (): void => {
      if (--calls.count > 0) return;
      this.#calls.delete(path);
      this.#rest(path);
    };
    try {
      const endTurn = await calls.turns.take(signal);
      return { value: await work(() => calls.count).finally(endTurn), end };
    } catch (error) {
      end();
      throw error;
    }
  }

  /** Finds or makes the model at `path`, makes room for it, and tells of it what `open` gives. */
  async #use<Result>(
    path: string,
    signal: AbortSignal,
    open: (loaded: LoadedModel, started: StartedBackend) => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly warnings: readonly Warning[] }> {
    const key = await identify(path);
    const known = this.#models.get(key);
    const loaded = known ?? new LoadedModel(path);
    this.#models.delete(key);
    this.#models.set(key, loaded);
    if (!known) await this.#dropReplaced(path, key);
    try {
      const started = await this.#start();
      const { fallback } = started;
      if (!known) await this.#makeRoom(loaded, await this.#wishOf(loaded, started));
      this.#errorLines.length = 0;
      const result = await open(loaded, started);
      // Now its context is known too.
      if (!known) await this.#makeRoom(loaded, { ram: (await loaded.memory()).ram, vram: 0 });
      this.#events.onChange();
      return {
        result,
        warnings: fallback === undefined ? [] : [{ subject: 'local.backend', message: fallback }],
      };
    } catch (error) {
      if (!loaded.isLoaded) this.#models.delete(key);
      throw signal.aborted ? cancelledError() : await this.#explain(error, path);
    }
  }

  #start(): Promise<StartedBackend> {
    const tell = (backend: Backend): void => {
      this.#backend = backend;
      this.#events.onBackend(backend);
    };
    this.#started ??= startBackend(this.#settings, tell, {
      maxThreads: this.#settings.threads,
      logLevel: LlamaLogLevel.warn,
      logger: (level, message) => {
        const line = message.trim();
        if (level === LlamaLogLevel.error) this.#errorLines.push(line);
        process.stderr.write(`${level}: ${line}\n`);
      },
    });
    return this.#started;
  }

  /** Another file stands at the path now: nobody will ask for what was there. */
  async #dropReplaced(path: string, key: string): Promise<void> {
    // Another call may be at work on it; then it goes when it has to make room.
    if ((this.#calls.get(path)?.count ?? 0) > 1) return;
    for (const [other, loaded] of this.#models)
      if (loaded.path === path && other !== key) await this.#drop(other, loaded);
  }

  /** Gives up idle models, the longest unused first, until `wanted` finds what it takes beside the others. */
  async #makeRoom(wanted: LoadedModel, takes: Memory): Promise<void> {
    const { llama } = await this.#start();
    const held = await this.#heldBeside(wanted.path);
    const limits = { ram: this.#settings.memoryBytes, vram: await freeVram(llama) };
    for (const key of toGiveUp(held, takes, limits)) {
      const loaded = this.#models.get(key);
      if (loaded) await this.#drop(key, loaded);
    }
  }

  async #heldBeside(path: string): Promise<readonly Held<string>[]> {
    const others = [...this.#models].filter(([, loaded]) => loaded.path !== path);
    return Promise.all(
      others.map(async ([key, loaded]) => ({
        key,
        isIdle: !this.#calls.has(loaded.path),
        ...(await loaded.memory()),
      })),
    );
  }

  /** What a model would take where it runs best; the header is only read when another could be given up for that. */
  async #wishOf({ path }: LoadedModel, { llama, backend }: StartedBackend): Promise<Memory> {
    if (backend === 'cpu' || this.#models.size < 2) return { ram: await modelBytes(path), vram: 0 };
    // A file that cannot be read says so when it is loaded.
    return wholeOnCard(llama, path).catch(() => ({ ram: 0, vram: 0 }));
  }

  /** The last call on a model has left it. */
  #rest(path: string): void {
    for (const [key, loaded] of this.#models)
      if (loaded.path === path && loaded.isSpoiled) void this.#drop(key, loaded);
    const { unloadAfterMs } = this.#settings;
    if (unloadAfterMs === 0) return;
    const leftAt = performance.now();
    for (const loaded of this.#models.values()) if (loaded.path === path) loaded.lastUse = leftAt;
    setTimeout(() => {
      for (const [key, loaded] of this.#models)
        if (loaded.lastUse === leftAt && !this.#calls.has(loaded.path)) void this.#drop(key, loaded);
    }, unloadAfterMs);
  }

  async #drop(key: string, loaded: LoadedModel): Promise<void> {
    this.#models.delete(key);
    await loaded.dispose();
    this.#events.onChange();
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
    return new EngineError('bad-request', message, { cause: error });
  }
}

function ownVram(models: readonly LoadedModelState[]): number {
  return models.reduce((sum, { vramBytes }) => sum + vramBytes, 0);
}

/** How long a line that explains an error can come after it, because it crosses threads: 1–5 ms, measured. */
const logDelayMs = 50;

/** Models today reach 10 million tokens; over a thousand million the library thinks for a minute before it refuses. */
const largestContext = 2 ** 24;
