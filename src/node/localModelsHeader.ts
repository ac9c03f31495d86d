import { chatFormatOf } from '../core/template/chatFormat.ts';
import {
  arrayType,
  type GgufCounts,
  type GgufValue,
  longestKey,
  readGguf,
  readListStart,
  readScalar,
  skipScalars,
  stringType,
} from './ggufValues.ts';
import { Damage, type GgufBytes } from './tokenizerGgufBytes.ts';

/** What the header of a GGUF file says about the model. */
export interface ModelHeader {
  /** What its makers call it; absent when they do not say, or say nothing that tells it from others. */
  readonly name?: string;
  /** How many weights it has, such as `0.6B` or `8x7B`; absent when unknown. */
  readonly parameters?: string;
  /** Such as `Q4_K_M`; absent when unknown. */
  readonly quantization?: string;
  /** How many tokens it was trained for; absent when unknown. */
  readonly contextWindow?: number;
  /** Whether its chat template knows tools. */
  readonly tools: boolean;
  /** Whether it writes down its thoughts before it answers. */
  readonly reasoning: boolean;
  /** Whether it has no chat template: it continues text and does not answer messages. */
  readonly isBase: boolean;
  /** Why it cannot answer messages, as the end of a sentence that starts with its name; absent when it can. */
  readonly unfit?: string;
}

/**
 * Reads what a model file says about itself, synchronously, and nothing of its weights: it is meant for a worker thread,
 * because the vocabulary that has to be walked over can take 100 ms.
 * Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, read 2026-11-23.
 * @throws LlmError `bad-request` when the file cannot be read, is not GGUF 2 or 3, is damaged, or is not all there.
 */
export function readModelHeader(path: string): ModelHeader {
  return readGguf(path, (bytes, { tensors, entries }: GgufCounts) => {
    const values = readValues(bytes, entries);
    const weights = readTensorNames(bytes, tensors);
    const architecture = values.get('general.architecture');
    const contextWindow = values.get(`${String(architecture)}.context_length`);
    const name = nameOf(values);
    const parameters = textOf(values, 'general.size_label') ?? sizeLabel(weights);
    const quantization = quantizations[Number(values.get('general.file_type') ?? -1)];
    const unfit = whyUnfit(values, tensors);
    const template = textOf(values, chatTemplateKey);
    const { calls, thought, hasChannels } = chatFormatOf(template ?? '');
    return {
      ...(name === undefined ? {} : { name }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(quantization === undefined ? {} : { quantization }),
      ...(contextWindow === undefined ? {} : { contextWindow: Number(contextWindow) }),
      ...(unfit === undefined ? {} : { unfit }),
      tools: calls !== undefined,
      reasoning: thought !== undefined || hasChannels,
      isBase: template === undefined,
    };
  });
}

/** Everything that is not a list, but of the tokenizer the chat template alone. */
function readValues(bytes: GgufBytes, entries: number): ReadonlyMap<string, GgufValue> {
  const values = new Map<string, GgufValue>();
  for (let entry = 0; entry < entries; entry++) {
    const key = bytes.string('the name of an entry', longestKey);
    const type = bytes.uint32();
    if (type === arrayType) {
      const list = readListStart(bytes, key);
      skipScalars(bytes, key, list.type, list.count);
    } else if (key.startsWith('tokenizer.') && key !== chatTemplateKey && type === stringType) {
      skipScalars(bytes, key, type, 1);
      values.set(key, '');
    } else {
      values.set(key, readScalar(bytes, key, type));
    }
  }
  return values;
}

/** Walks over the list of tensors. @returns how many weights they have. */
function readTensorNames(bytes: GgufBytes, tensors: number): number {
  let weights = 0;
  let lastOffset = 0n;
  for (let tensor = 0; tensor < tensors; tensor++) {
    bytes.string('the name of a tensor', longestKey);
    const dimensions = bytes.uint32();
    if (dimensions > mostDimensions) throw new Damage(`is damaged: a tensor has ${dimensions} dimensions`);
    let size = 1;
    for (let dimension = 0; dimension < dimensions; dimension++)
      size *= Number(bytes.view(8).getBigUint64(0, true));
    weights += size;
    bytes.skip(4);
    const offset = bytes.view(8).getBigUint64(0, true);
    if (offset > lastOffset) lastOffset = offset;
  }
  // Only where the last tensor begins; where it ends depends on its type, and the engine says so when it loads it.
  if (lastOffset > BigInt(bytes.left)) throw new Damage('is not all there: it ends before its weights do');
  return weights;
}

/** Some makers leave a word of their tools, such as "Model", or the folder in which it lay. */
function nameOf(values: ReadonlyMap<string, GgufValue>): string | undefined {
  const name = textOf(values, 'general.name')?.trim();
  if (name === undefined || name.length < 3 || name.length > 80) return undefined;
  return /[\\/]|^(models?|llama|gguf|\.+|[0-9a-f]{32,})$/i.test(name) ? undefined : name;
}

function textOf(values: ReadonlyMap<string, GgufValue>, key: string): string | undefined {
  const value = values.get(key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `360M`, `0.6B`, `8.0B`, as GGUF's own labels have it. */
function sizeLabel(weights: number): string | undefined {
  if (weights < 1e5) return undefined;
  if (weights < 1e9) return `${(weights / 1e6).toFixed(weights < 1e7 ? 1 : 0)}M`;
  return `${(weights / 1e9).toFixed(1)}B`;
}

function whyUnfit(values: ReadonlyMap<string, GgufValue>, tensors: number): string | undefined {
  const type = values.get('general.type');
  const architecture = values.get('general.architecture');
  if (type === 'adapter') return 'is an adapter, which changes another model';
  if (type === 'mmproj' || architecture === 'clip') return 'is the part of a model that reads images';
  if (tensors === 0) return 'is a vocabulary without weights';
  if (values.has(`${String(architecture)}.pooling_type`) || /bert|t5encoder/.test(String(architecture)))
    return 'makes embeddings and does not answer';
  return undefined;
}

const chatTemplateKey = 'tokenizer.chat_template';

/** More than any tensor of llama.cpp has. */
const mostDimensions = 8;

/** The names of `general.file_type`. Source: `llama_ftype` in llama.cpp's llama.h, read 2026-11-24. */
const quantizations: Readonly<Record<number, string>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  19: 'IQ2_XXS',
  20: 'IQ2_XS',
  21: 'Q2_K_S',
  22: 'IQ3_XS',
  23: 'IQ3_XXS',
  24: 'IQ1_S',
  25: 'IQ4_NL',
  26: 'IQ3_S',
  27: 'IQ3_M',
  28: 'IQ2_S',
  29: 'IQ2_M',
  30: 'IQ4_XS',
  31: 'IQ1_M',
  32: 'BF16',
  36: 'TQ1_0',
  37: 'TQ2_0',
  38: 'MXFP4',
  39: 'NVFP4',
};
