import { isDeepStrictEqual } from 'node:util';
import type { Llama, LlamaEmbeddingContext, LlamaModel } from 'node-llama-cpp';
import { type ChatTemplate, chatTemplateOf } from './chatTemplate.ts';
import { assertContextFits, assertWeightsFit, type Memory } from './memory.ts';
import { defaultContextSize } from './plan.ts';
import type { LoadedModelState } from './protocol.ts';
import type { Lane } from './lane.ts';
import { identify } from './modelFile.ts';
import type { LoraAdapter } from './options.ts';
import { Window } from './window.ts';

/** A model in memory and one call's way through it. */
export interface OpenModel {
  readonly model: LlamaModel;
  /** Absent for a model that continues text and does not answer messages. */
  readonly template: ChatTemplate | undefined;
  readonly lane: Lane;
}

export interface OpenOptions {
  /** How many tokens the window holds; absent means what the model was trained for, at most 8192. */
  readonly contextSize: number | undefined;
  readonly threads: number;
  /** Whether layers may go to a graphics card. Apple's build has the card at hand also where the processor shall compute. */
  readonly offloads: boolean;
  /** Adapters over the weights. */
  readonly lora: readonly LoraAdapter[];
  /** How many calls want a lane of the model now, the one that asks included. */
  readonly wanted: () => number;
}

/** One model file: at most one model and one window in memory. */
export class LoadedModel {
  readonly path: string;
  /** When a call last left it, by the process's clock in ms. */
  lastUse = 0;
  /** Whether the engine has failed on it, so that nothing in it can be trusted. */
  isSpoiled = false;
  #model: LlamaModel | undefined;
  #template: ChatTemplate | undefined;
  #window: Window | undefined;
  #embedding: LlamaEmbeddingContext | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Whether its weights are in memory. */
  get isLoaded(): boolean {
    return this.#model !== undefined;
  }

  /**
   * Waits for a lane, and loads what is not in memory yet. For one call at a time; a failed or aborted attempt leaves
   * nothing behind.
   * @throws LlmError `bad-request` when it does not fit into memory; `cancelled`; whatever the engine throws when the model cannot be loaded.
   */
  async open(
    llama: Llama,
    { contextSize, threads, offloads, lora, wanted }: OpenOptions,
    signal: AbortSignal,
  ): Promise<OpenModel> {
    this.#model ??= await this.#load(
      llama,
      { contextSize: contextSize ?? defaultContextSize, offloads },
      signal,
    );
    this.#template ??= chatTemplateOf(this.#model);
    const size = contextSize ?? Math.min(this.#model.trainContextSize, defaultContextSize);
    for (const { path } of lora) await identify(path, adapterOfOption);
    const isAsWanted = this.#window?.size === size && isDeepStrictEqual(this.#window.lora, lora);
    if (this.#window && !isAsWanted) {
      await this.#window.emptied(signal);
      await this.#window.dispose();
      this.#window = undefined;
    }
    if (!this.#window) {
      await assertContextFits(this.#model, this.path, size);
      this.#window = new Window(this.#model, { size, threads, lora });
    }
    const lane = await this.#window.enter(wanted, signal);
    return { model: this.#model, template: this.#template, lane };
  }

  /**
   * The context that embeddings are made in, which stays as long as the model does. Its calls wait for each other.
   * @throws LlmError `bad-request` when it does not fit into memory; `cancelled`; whatever the engine throws when the
   * model cannot be loaded.
   */
  async openForEmbedding(
    llama: Llama,
    { threads, offloads }: Pick<OpenOptions, 'threads' | 'offloads'>,
    signal: AbortSignal,
  ): Promise<LlamaEmbeddingContext> {
    this.#model ??= await this.#load(
      llama,
      { contextSize: embeddingWindow(defaultContextSize), offloads },
      signal,
    );
    if (!this.#embedding) {
      const contextSize = embeddingWindow(this.#model.trainContextSize);
      await assertContextFits(this.#model, this.path, contextSize);
      // A text is evaluated in one batch, for what comes out belongs to the last batch.
      this.#embedding = await this.#model.createEmbeddingContext({
        contextSize,
        batchSize: contextSize,
        threads,
        createSignal: signal,
      });
    }
    return this.#embedding;
  }

  /** @returns `undefined` while it is not in memory. */
  async state(): Promise<LoadedModelState | undefined> {
    if (!this.#model || !(this.#window ?? this.#embedding)) return undefined;
    const { gpuLayers, fileInsights } = this.#model;
    const { size: contextSize, lanes } = this.#window ?? {
      size: embeddingWindow(this.#model.trainContextSize),
      lanes: 0,
    };
    const [weights, context] = await Promise.all([
      fileInsights.estimateModelResourceRequirementsV2({ gpuLayers }),
      fileInsights.estimateContextResourceRequirementsV2({
        contextSize,
        sequences: Math.max(1, lanes),
        modelGpuLayers: gpuLayers,
      }),
    ]);
    return {
      path: this.path,
      contextSize,
      lanes,
      gpuLayers,
      layers: fileInsights.totalLayers,
      bytes: weights.cpuRam + weights.gpuVram + context.cpuRam + context.gpuVram,
      vramBytes: weights.gpuVram + context.gpuVram,
    };
  }

  /** What it takes in memory; nothing before it is loaded. */
  async memory(): Promise<Memory> {
    const { bytes = 0, vramBytes = 0 } = (await this.state()) ?? {};
    return { ram: bytes - vramBytes, vram: vramBytes };
  }

  async dispose(): Promise<void> {
    await this.#model?.dispose();
  }

  /** As many layers as fit go to the graphics card, beside the context and what the library leaves to others. */
  async #load(
    llama: Llama,
    { contextSize, offloads }: { contextSize: number; offloads: boolean },
    signal: AbortSignal,
  ): Promise<LlamaModel> {
    await assertWeightsFit(llama, this.path);
    return llama.loadModel({
      modelPath: this.path,
      loadSignal: signal,
      gpuLayers: offloads ? { fitContext: { contextSize } } : 0,
    });
  }
}

const adapterOfOption = { kind: 'adapter', where: 'in the provider option "lora"' };

/** How many tokens an embedding is made of at most. */
export function embeddingWindow(trainedContext: number): number {
  return Math.max(8, Math.min(trainedContext, mostTokens));
}

/** Models for embeddings are trained for 512 to 8,192; of a longer text the beginning says what it is about. */
const mostTokens = 2048;
