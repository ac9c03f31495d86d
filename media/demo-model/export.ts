/**
 * Turns what `train.py` wrote into a GGUF file:
 *
 *     node media/demo-model/export.ts /tmp/demo-model media/demo.gguf [F16|Q8_0]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeF16,
  encodeF32,
  encodeGguf,
  encodeQ8,
  type GgufMetadata,
  type GgufTensor,
  type GgufTensorType,
} from '../../test/models/gguf.ts';

/** As `save` in `train.py` writes it; `weights.bin` holds the tensors in this order, as little-endian F32. */
interface Manifest {
  readonly parameters: number;
  readonly contextLength: number;
  readonly chatTemplate: string;
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  /** How many of the first tokens are special. */
  readonly specialTokens: number;
  readonly tokens: readonly string[];
  readonly merges: readonly string[];
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

const [folder, target, type = 'Q8_0'] = process.argv.slice(2);
if (folder === undefined || target === undefined || (type !== 'F16' && type !== 'Q8_0')) {
  throw new Error('Usage: node export.ts <folder of train.py> <file.gguf> [F16|Q8_0]');
}
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
const weights = readFileSync(join(folder, 'weights.bin'));
writeFileSync(target, encodeGguf(metadataOf(manifest, type), tensorsOf(manifest, weights, type)));

function metadataOf(model: Manifest, type: GgufTensorType): GgufMetadata {
  const id = (token: string): number => model.tokens.indexOf(token);
  return {
    'general.architecture': 'llama',
    'general.type': 'model',
    'general.name': 'Playground demo',
    'general.author': 'LLM Playground for VS Code',
    'general.description':
      'A tiny model, trained from scratch on short texts about language models and about LLM Playground. ' +
      'It knows nothing else.',
    'general.license': 'mit',
    'general.size_label': `${(model.parameters / 1e6).toFixed(1)}M`,
    'general.languages': ['en'],
    'general.tags': ['text-generation', 'demo'],
    'general.file_type': type === 'F16' ? 1 : 7,
    'general.quantization_version': 2,
    'llama.vocab_size': model.vocabulary,
    'llama.context_length': model.contextLength,
    'llama.embedding_length': model.width,
    'llama.block_count': model.layers,
    'llama.feed_forward_length': model.feedForward,
    'llama.rope.dimension_count': model.width / model.heads,
    'llama.attention.head_count': model.heads,
    'llama.attention.head_count_kv': model.heads,
    'llama.attention.layer_norm_rms_epsilon': 1e-5,
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'gpt-2',
    'tokenizer.ggml.tokens': model.tokens,
    // 3 is a control token, 1 a normal one.
    'tokenizer.ggml.token_type': model.tokens.map((_, index) => (index < model.specialTokens ? 3 : 1)),
    'tokenizer.ggml.merges': model.merges,
    'tokenizer.ggml.bos_token_id': id('<|endoftext|>'),
    'tokenizer.ggml.eos_token_id': id('<|im_end|>'),
    'tokenizer.ggml.padding_token_id': id('<|endoftext|>'),
    'tokenizer.ggml.add_bos_token': false,
    'tokenizer.chat_template': model.chatTemplate,
  };
}

function tensorsOf(model: Manifest, weights: Buffer, type: GgufTensorType): GgufTensor[] {
  let offset = 0;
  return model.tensors.map(({ name, shape }) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = new Float32Array(
      weights.buffer.slice(weights.byteOffset + offset, weights.byteOffset + offset + 4 * count),
    );
    offset += 4 * count;
    if (shape.length === 1) return { name, type: 'F32', shape, data: encodeF32(values) };
    return { name, type, shape, data: type === 'F16' ? encodeF16(values) : encodeQ8(values) };
  });
}
