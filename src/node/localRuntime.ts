import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import type { ChatEvent, ChatRequest } from '../core/chat.ts';
import { asLlmError, cancelledError, LlmError } from '../core/errors.ts';
import type { Embeddings, ModelCapabilities, ModelInfo, Provider } from '../core/provider.ts';
import type {
  AnswerTo,
  Backend,
  DistributionQuestion,
  NextToken,
  Plan,
  Question,
  RuntimeState,
  Score,
  ScoreQuestion,
} from '../runtime/protocol.ts';
import { BackendError, BrokenBackends } from './brokenBackends.ts';
import { Crashes } from './crashes.ts';
import type { LocalModel } from './localModel.ts';
import type { LocalModels } from './localModels.ts';
import { RuntimeProcess, type RuntimeProcessOptions } from './runtimeProcess.ts';

export type {
  BackendChoice,
  LoadedModelState,
  NextToken,
  Plan,
  RuntimeState,
  Score,
} from '../runtime/protocol.ts';

export interface LocalRuntimeOptions extends Omit<RuntimeProcessOptions, 'onState'> {
  /** What the user's settings say now, in place of the options of the same name; absent where they never change. */
  readonly settings?: () => Pick<
    RuntimeProcessOptions,
    'threads' | 'backend' | 'unloadAfterMs' | 'memoryBytes' | 'addedBackends'
  >;
  /** Told when `state` is another. */
  readonly onState?: () => void;
  /** The models that come with the extension. */
  readonly models: readonly LocalModel[];
  /** Those on the disk beside them; absent where only named ones are wanted. */
  readonly found?: Pick<LocalModels, 'list' | 'at'>;
}

/**
 * The bundled runtime as a provider. A model is named by its id, or by the path of any GGUF file, absolute or from
 * `~/`, so that in a prompt file it reads `model: local//path/to/model.gguf`.
 *
 * The process starts at the first call and is shared by all; when it dies, the next call starts another.
 */
export class LocalRuntime implements Provider {
  readonly id = 'local';
  readonly name = 'Local runtime';
  readonly #options: LocalRuntimeOptions;
  readonly #crashes = new Crashes(() => performance.now());
  readonly #broken = new BrokenBackends();
  readonly #retired: RuntimeProcess[] = [];
  readonly #waiting: ((state: RuntimeState) => void)[] = [];
  #process: RuntimeProcess | undefined;
  /** What the process was started with. */
  #startedWith = '';
  #state: RuntimeState | undefined;

  constructor(options: LocalRuntimeOptions) {
    this.#options = options;
  }

  /** The process's id; `undefined` while none runs. */
  get pid(): number | undefined {
    return this.#process?.isAlive ? this.#process.pid : undefined;
  }

  /** What it works with, as far as it was told; `undefined` while no process runs. */
  get state(): RuntimeState | undefined {
    return this.#process?.isAlive ? this.#state : undefined;
  }

  /**
   * The state as it is now; a process is started where none runs.
   * @returns `undefined` when it takes too long or cannot be told.
   */
  async stateNow(signal: AbortSignal): Promise<RuntimeState | undefined> {
    const { promise, resolve } = Promise.withResolvers<RuntimeState | undefined>();
    const process = await this.#running();
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    this.#waiting.push(resolve);
    process.askState();
    return promise;
  }

  /** Has the process tell its state, if one runs. */
  askState(): void {
    if (this.#process?.isAlive) this.#process.askState();
  }

  /**
   * Takes a model out of memory, where it is in it.
   * @throws LlmError `bad-request` while it is at work.
   */
  async unload(model: string): Promise<void> {
    if (this.#process?.isAlive) await this.#process.unload(this.fileOf(model));
  }

  /** The bundled models, then those found on the disk. */
  async models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    const { models, found } = this.#options;
    return [...models, ...((await found?.list(signal)) ?? [])].map(infoOf);
  }

  stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    return this.streamFrom(request, [], signal);
  }

  /**
   * The same, but the answer goes on from `beginning`, the model's own token ids: those of an earlier answer up to a
   * place, and a token that is forced there. None of it comes again. What the earlier answer has evaluated is not
   * evaluated a second time, as long as it is in memory.
   * @throws LlmError as `stream`; `bad-request` for an id that is no token.
   */
  async *streamFrom(
    request: ChatRequest,
    beginning: readonly number[],
    signal: AbortSignal,
  ): AsyncGenerator<ChatEvent> {
    const blamed = new Set<Backend>();
    for (;;) {
      const { path, process } = await this.#ready(request.model, signal);
      const servedName = path === request.model ? this.#nameOf(path) : request.model;
      let hasAnswered = false;
      try {
        const events = process.stream(path, { ...request, model: servedName }, signal, beginning);
        for await (const event of onceProven(events, () => process.isProven(path))) {
          hasAnswered = true;
          yield event;
        }
        return;
      } catch (error) {
        this.#blame(path, process, error, { blamed, hasAnswered });
      }
    }
  }

  /**
   * The vectors of `texts`, for finding what is like what. A model that was made for embeddings does this best; any other
   * can do it too.
   * @throws LlmError `bad-request`, `provider` or `cancelled`.
   */
  embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings> {
    return this.#ask(model, { kind: 'embed', texts }, signal);
  }

  /**
   * What the model would take in memory if it were loaded now, and whether it fits.
   * @param contextSize in tokens; absent means what a run takes that does not say.
   * @throws LlmError `bad-request`, `provider` or `cancelled`.
   */
  plan(model: string, contextSize: number | undefined, signal: AbortSignal): Promise<Plan> {
    return this.#ask(model, { kind: 'plan', ...(contextSize === undefined ? {} : { contextSize }) }, signal);
  }

  /**
   * How likely each token of a text is, by itself or as the answer to a conversation.
   * @throws LlmError `bad-request`, `context-overflow`, `provider` or `cancelled`.
   */
  score(model: string, question: ScoreQuestion, signal: AbortSignal): Promise<Score> {
    return this.#ask(model, { kind: 'score', ...question }, signal);
  }

  /**
   * What could come next at a place of an answer.
   * @throws LlmError as `score`.
   */
  nextToken(model: string, question: DistributionQuestion, signal: AbortSignal): Promise<NextToken> {
    return this.#ask(model, { kind: 'distribution', ...question }, signal);
  }

  /**
   * Loads a model, so that its first answer finds it in memory.
   * @throws LlmError `bad-request`, `provider` or `cancelled`.
   */
  async warm(model: string, signal: AbortSignal): Promise<void> {
    await this.#ask(model, { kind: 'warm' }, signal);
  }

  async #ask<Kind extends Question['kind']>(
    model: string,
    question: Extract<Question, { readonly kind: Kind }>,
    signal: AbortSignal,
  ): Promise<AnswerTo[Kind]> {
    const blamed = new Set<Backend>();
    for (;;) {
      const { path, process } = await this.#ready(model, signal);
      try {
        return await process.ask(path, question, signal);
      } catch (error) {
        this.#blame(path, process, error, { blamed, hasAnswered: false });
      }
    }
  }

  /**
   * Returns when the call is to be made once more, on another backend: this one failed at it.
   * @param call what happened to it so far; `blamed` are the backends that it failed on.
   * @throws the error of the call where that does not help.
   */
  #blame(
    path: string,
    process: RuntimeProcess,
    thrown: unknown,
    { blamed, hasAnswered }: { readonly blamed: Set<Backend>; readonly hasAnswered: boolean },
  ): void {
    const error = this.#counted(path, process, thrown);
    if (thrown instanceof BackendError) {
      // What a card has lost stays lost to the process that lost it.
      this.#retire(process);
      if (this.#broken.add(thrown, path, hasAnswered)) {
        blamed.add(thrown.backend);
        return;
      }
    }
    // Where not even the processor could do it, no card was to blame.
    if (!hasAnswered && asLlmError(thrown).kind !== 'cancelled') this.#broken.clear(blamed);
    throw error;
  }

  /** Its other calls may end on it; new ones go to another. */
  #retire(process: RuntimeProcess): void {
    if (this.#process === process) this.#process = undefined;
    this.#retired.push(process);
    process.retire();
  }

  /** @throws LlmError when the model is not there or has crashed too often. */
  async #ready(model: string, signal: AbortSignal): Promise<{ path: string; process: RuntimeProcess }> {
    if (signal.aborted) throw cancelledError();
    const path = this.fileOf(model);
    if (this.#crashes.areTooMany(path)) throw crashesTooOften(path);
    return { path, process: await this.#running() };
  }

  /** The error of a call on `process`, which counts as a crash of the model where the process died. */
  #counted(path: string, process: RuntimeProcess, error: unknown): unknown {
    if (!process.hasDied) return error;
    this.#crashes.record(path, process);
    return this.#crashes.areTooMany(path) ? crashesTooOften(path, error) : error;
  }

  /**
   * The GGUF file of a model, absolute. It may not be there.
   * @throws LlmError `bad-request` when `model` is neither a bundled model nor the path of a GGUF file.
   */
  fileOf(model: string): string {
    const bundled = this.#options.models.find(({ id }) => id === model);
    if (bundled) return bundled.path;
    if (model.endsWith('.gguf') && model.startsWith('~/')) return join(homedir(), model.slice(2));
    if ((model.endsWith('.gguf') || isOllamaFile(model)) && isAbsolute(model)) return model;
    const known = this.#options.models.map(({ id }) => `"local/${id}"`).join(', ');
    throw new LlmError(
      'bad-request',
      `There is no local model "${model}". ${known ? `Choose ${known}, or give` : 'Give'} the path of a GGUF file, ` +
        'such as "local//path/to/model.gguf" or "local/~/models/model.gguf".',
    );
  }

  /** The process with the settings as they are now; one with others goes as soon as nothing runs on it. */
  async #running(): Promise<RuntimeProcess> {
    const settings = { ...this.#options.settings?.(), broken: this.#broken.list };
    const wanted = JSON.stringify(settings);
    if (this.#process?.isAlive && wanted !== this.#startedWith && !this.#process.isAtWork) {
      const old = this.#process;
      this.#process = undefined;
      await old.dispose();
    }
    if (!this.#process?.isAlive) {
      this.#state = undefined;
      this.#startedWith = wanted;
      this.#process = new RuntimeProcess({
        ...this.#options,
        ...settings,
        onState: (state) => {
          this.#state = state;
          for (const resolve of this.#waiting.splice(0)) resolve(state);
          this.#options.onState?.();
        },
      });
    }
    return this.#process;
  }

  /** Ollama's files are named by their hash, which tells nobody anything. */
  #nameOf(path: string): string {
    return isOllamaFile(path) ? (this.#options.found?.at(path)?.name ?? basename(path)) : basename(path);
  }

  /**
   * Ends the process; the next call starts another.
   * @throws LlmError `bad-request` while a model is at work.
   */
  async rest(): Promise<void> {
    if (this.#process?.isAtWork)
      throw new LlmError('bad-request', 'A local model is at work. Stop its runs first.');
    await this.dispose();
  }

  /** Ends the process and with it every answer in progress; a later call starts another. May be called twice. */
  async dispose(): Promise<void> {
    const processes = [...this.#retired, ...(this.#process ? [this.#process] : [])];
    await Promise.all(processes.map((process) => process.dispose()));
  }
}

/**
 * Holds the first events back until the model has written something, because a call that fails before that is made again
 * on another backend, and an answer begins once.
 */
async function* onceProven(
  events: AsyncIterable<ChatEvent>,
  isProven: () => boolean,
): AsyncGenerator<ChatEvent> {
  const held: ChatEvent[] = [];
  for await (const event of events) {
    held.push(event);
    if (isProven() || event.type === 'finish') yield* held.splice(0);
  }
}

function isOllamaFile(path: string): boolean {
  return /^sha256-[0-9a-f]{64}$/.test(basename(path));
}

function crashesTooOften(path: string, cause?: unknown): LlmError {
  const message =
    `The local runtime died three times within a minute with "${basename(path)}"; what was streamed is kept, and it is ` +
    'not tried again for now. Choose another model, or download the file again: it may be damaged, or too large for the ' +
    "machine's memory.";
  return new LlmError('provider', message, { retryable: false, cause });
}

function infoOf({
  id,
  name,
  description,
  contextWindow,
  tools = false,
  reasoning = false,
}: LocalModel): ModelInfo {
  return {
    id,
    name,
    capabilities: { ...capabilities, tools, reasoning, reasoningEffort: reasoning },
    ...(description === undefined ? {} : { description }),
    ...(contextWindow === undefined ? {} : { contextWindow }),
  };
}

const capabilities: ModelCapabilities = {
  continues: true,
  logprobs: true,
  tools: false,
  images: false,
  reasoning: false,
  reasoningEffort: false,
  jsonSchema: true,
  temperature: true,
  topP: true,
  topK: true,
  minP: true,
  seed: true,
  penalties: true,
  repeatPenalty: true,
  xtc: true,
  dry: true,
  gbnf: true,
  stop: true,
  logitBias: true,
  contextSize: true,
  keepAlive: false,
};
