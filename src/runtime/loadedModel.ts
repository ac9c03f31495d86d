import { basename } from 'node:path';
import {
  JinjaTemplateChatWrapper,
  type Llama,
  type LlamaContext,
  type LlamaContextSequence,
  type LlamaModel,
} from 'node-llama-cpp';
import { LlmError } from '../core/errors.ts';
import { Turns } from './turns.ts';

export interface ModelInMemory {
  readonly model: LlamaModel;
  readonly template: JinjaTemplateChatWrapper;
  /** Still holds the tokens of the call before, which makes a common beginning free. */
  readonly sequence: LlamaContextSequence;
}

/** One model file: at most one model, one context and one sequence in memory, used by one call at a time. */
export class LoadedModel {
  readonly turns = new Turns();
  readonly #path: string;
  #model: LlamaModel | undefined;
  #template: JinjaTemplateChatWrapper | undefined;
  #window:
    | { readonly size: number; readonly context: LlamaContext; readonly sequence: LlamaContextSequence }
    | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Loads what is not in memory yet. A failed or aborted attempt leaves nothing behind.
   * @param contextSize the window in tokens; absent means what the model was trained for, at most 8192.
   * @throws LlmError `bad-request` when there is no chat template or the window cannot be allocated; whatever the engine
   * throws when the model cannot be loaded.
   */
  async prepare(
    llama: Llama,
    contextSize: number | undefined,
    threads: number,
    signal: AbortSignal,
  ): Promise<ModelInMemory> {
    this.#model ??= await llama.loadModel({
      modelPath: this.#path,
      loadSignal: signal,
      gpuLayers: { fitContext: { contextSize: contextSize ?? defaultContextSize } },
    });
    this.#template ??= templateOf(this.#model, this.#path);
    const size = contextSize ?? Math.min(this.#model.trainContextSize, defaultContextSize);
    if (this.#window?.size !== size) {
      await this.#window?.context.dispose();
      this.#window = undefined;
      const context = await createContext(this.#model, size, threads, signal);
      this.#window = { size, context, sequence: context.getSequence() };
    }
    return { model: this.#model, template: this.#template, sequence: this.#window.sequence };
  }

  async dispose(): Promise<void> {
    await this.#model?.dispose();
  }
}

async function createContext(
  model: LlamaModel,
  contextSize: number,
  threads: number,
  signal: AbortSignal,
): Promise<LlamaContext> {
  try {
    return await model.createContext({ contextSize, threads, createSignal: signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new LlmError(
      'bad-request',
      `A context of ${contextSize} tokens does not fit into memory. Set "contextSize" lower, or close other programs.`,
      { cause: error },
    );
  }
}

function templateOf(model: LlamaModel, path: string): JinjaTemplateChatWrapper {
  const template = model.fileInfo.metadata.tokenizer.chat_template;
  if (template === undefined) {
    throw new LlmError(
      'bad-request',
      `"${basename(path)}" has no chat template, so it can continue text but not answer messages. ` +
        'Use the instruct or chat version of the model.',
    );
  }
  return new JinjaTemplateChatWrapper({ template, tokenizer: model.tokenizer });
}

/** A whole window is allocated at once, and that of a model trained for 128,000 tokens would take gigabytes. */
const defaultContextSize = 8192;
