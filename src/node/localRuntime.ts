import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import type { ChatEvent, ChatRequest } from '../core/chat.ts';
import { cancelledError, LlmError } from '../core/errors.ts';
import type { ModelCapabilities, ModelInfo, Provider } from '../core/provider.ts';
import { Crashes } from './crashes.ts';
import { RuntimeProcess, type RuntimeProcessOptions } from './runtimeProcess.ts';

export interface LocalRuntimeOptions extends RuntimeProcessOptions {
  /** The models that come with the extension. */
  readonly models: readonly LocalModel[];
}

export interface LocalModel {
  /** What stands after `local/`; not a path. */
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** The GGUF file, absolute. */
  readonly path: string;
  /** How many tokens it was trained for; absent when unknown. */
  readonly contextWindow?: number;
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
  #process: RuntimeProcess | undefined;

  constructor(options: LocalRuntimeOptions) {
    this.#options = options;
  }

  /** The process's id; `undefined` while none runs. */
  get pid(): number | undefined {
    return this.#process?.isAlive ? this.#process.pid : undefined;
  }

  models(): Promise<readonly ModelInfo[]> {
    return Promise.resolve(this.#options.models.map(infoOf));
  }

  async *stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    if (signal.aborted) throw cancelledError();
    const path = this.fileOf(request.model);
    const servedName = path === request.model ? basename(path) : request.model;
    if (this.#crashes.areTooMany(path)) throw crashesTooOften(path);
    if (!this.#process?.isAlive) this.#process = new RuntimeProcess(this.#options);
    const process = this.#process;
    try {
      yield* process.stream(path, { ...request, model: servedName }, signal);
    } catch (error) {
      if (!process.hasDied) throw error;
      this.#crashes.record(path, process);
      throw this.#crashes.areTooMany(path) ? crashesTooOften(path, error) : error;
    }
  }

  /**
   * The GGUF file of a model, absolute. It may not be there.
   * @throws LlmError `bad-request` when `model` is neither a bundled model nor the path of a GGUF file.
   */
  fileOf(model: string): string {
    const bundled = this.#options.models.find(({ id }) => id === model);
    if (bundled) return bundled.path;
    if (model.endsWith('.gguf') && model.startsWith('~/')) return join(homedir(), model.slice(2));
    if (model.endsWith('.gguf') && isAbsolute(model)) return model;
    const known = this.#options.models.map(({ id }) => `"local/${id}"`).join(', ');
    throw new LlmError(
      'bad-request',
      `There is no local model "${model}". ${known ? `Choose ${known}, or give` : 'Give'} the path of a GGUF file, ` +
        'such as "local//path/to/model.gguf" or "local/~/models/model.gguf".',
    );
  }

  /** Ends the process and with it every answer in progress; a later call starts another. May be called twice. */
  async dispose(): Promise<void> {
    await this.#process?.dispose();
  }
}

function crashesTooOften(path: string, cause?: unknown): LlmError {
  const message =
    `The local runtime died three times within a minute with "${basename(path)}"; what was streamed is kept, and it is ` +
    'not tried again for now. Choose another model, or download the file again: it may be damaged, or too large for the ' +
    "machine's memory.";
  return new LlmError('provider', message, { retryable: false, cause });
}

function infoOf({ id, name, description, contextWindow }: LocalModel): ModelInfo {
  return {
    id,
    name,
    capabilities,
    ...(description === undefined ? {} : { description }),
    ...(contextWindow === undefined ? {} : { contextWindow }),
  };
}

const capabilities: ModelCapabilities = {
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
  stop: true,
  logitBias: true,
  contextSize: true,
  keepAlive: false,
};
