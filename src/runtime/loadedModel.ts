import { basename } from 'node:path';
import { JinjaTemplateChatWrapper, type Llama, type LlamaModel } from 'node-llama-cpp';
import { LlmError } from '../core/errors.ts';
import type { Lane } from './lane.ts';
import { Window } from './window.ts';

/** A model in memory and one call's way through it. */
export interface OpenModel {
  readonly model: LlamaModel;
  readonly template: JinjaTemplateChatWrapper;
  readonly lane: Lane;
}

export interface OpenOptions {
  /** How many tokens the window holds; absent means what the model was trained for, at most 8192. */
  readonly contextSize: number | undefined;
  readonly threads: number;
  /** How many calls want a lane of the model now, the one that asks included. */
  readonly wanted: () => number;
}

/** One model file: at most one model and one window in memory. */
export class LoadedModel {
  readonly path: string;
  #model: LlamaModel | undefined;
  #template: JinjaTemplateChatWrapper | undefined;
  #window: Window | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Waits for a lane, and loads what is not in memory yet. For one call at a time; a failed or aborted attempt leaves
   * nothing behind.
   * @throws LlmError `bad-request` when there is no chat template or the window cannot be allocated; `cancelled`;
   * whatever the engine throws when the model cannot be loaded.
   */
  async open(
    llama: Llama,
    { contextSize, threads, wanted }: OpenOptions,
    signal: AbortSignal,
  ): Promise<OpenModel> {
    this.#model ??= await llama.loadModel({
      modelPath: this.path,
      loadSignal: signal,
      gpuLayers: { fitContext: { contextSize: contextSize ?? defaultContextSize } },
    });
    this.#template ??= templateOf(this.#model, this.path);
    const size = contextSize ?? Math.min(this.#model.trainContextSize, defaultContextSize);
    if (this.#window && this.#window.size !== size) {
      await this.#window.emptied(signal);
      await this.#window.dispose();
      this.#window = undefined;
    }
    this.#window ??= new Window(this.#model, { size, threads });
    const lane = await this.#window.enter(wanted, signal);
    return { model: this.#model, template: this.#template, lane };
  }

  async dispose(): Promise<void> {
    await this.#model?.dispose();
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
