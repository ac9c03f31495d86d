import { writeFileSync } from 'node:fs';
import { encodeF32, encodeGguf, encodeQ8, tensorBytes, type GgufTensor } from './gguf.ts';
import { byteLevel, endToken, firstByteToken, firstWordToken, tokenizerMetadata } from './tokenizer.ts';

export interface ScriptedModelOptions {
  /**
   * What the model answers, whatever it is asked: text, which is cut into tokens that look like words, or the
   * tokens themselves, of which no two may be equal. Bytes stand for tokens that are not whole characters.
   */
  readonly answer?: string | readonly (string | Uint8Array)[];
  /** `general.name` in the file. */
  readonly name?: string;
  /** The longest context that the model claims to be trained for, in tokens. */
  readonly contextLength?: number;
  /** The chat template in the file; `null` for none, absent for one that has the three roles. */
  readonly template?: string | null;
  /** Starts over after the last token instead of ending, so that only a limit or an abort ends the answer. */
  readonly endless?: boolean;
}

/**
 * A llama model of one layer with attention and feed-forward at zero, so that the next token depends on the last one
 * only: the output matrix is a bigram table. Each token of the answer comes with p ≈ 0.999.
 */
export function scriptedModel(options: ScriptedModelOptions = {}): Uint8Array {
  const {
    answer = defaultAnswer,
    name = 'Scripted stand-in',
    contextLength = 4096,
    endless = false,
    template,
  } = options;
  const steps = typeof answer === 'string' ? cutIntoTokens(answer) : answer.map(byteLevel);
  const { words, merges } = vocabularyOf(steps);
  const ids = new Map(words.map((word, index) => [word, firstWordToken + index]));
  const script = steps.map((step) => ids.get(step) ?? firstByteToken + byteOf(step));
  const vocabularySize = firstWordToken + words.length;
  const width = Math.ceil((script.length + 1) / 32) * 32;
  return encodeGguf(
    {
      'general.architecture': 'llama',
      'general.name': name,
      'llama.vocab_size': vocabularySize,
      'llama.context_length': contextLength,
      'llama.embedding_length': width,
      'llama.block_count': 1,
      'llama.feed_forward_length': narrow,
      'llama.rope.dimension_count': narrow,
      'llama.attention.head_count': 1,
      'llama.attention.head_count_kv': 1,
      'llama.attention.key_length': narrow,
      'llama.attention.value_length': narrow,
      'llama.attention.layer_norm_rms_epsilon': 1e-7,
      ...tokenizerMetadata(words, merges, template),
    },
    [
      {
        ...matrix('token_embd.weight', width, vocabularySize),
        data: encodeQ8(embeddings(script, width, vocabularySize)),
      },
      // The norm scales a one-hot row up by the root of its width; this takes it back.
      norm('output_norm.weight', width, 1 / Math.sqrt(width)),
      {
        ...matrix('output.weight', width, vocabularySize),
        data: encodeQ8(bigrams(script, width, vocabularySize, endless)),
      },
      norm('blk.0.attn_norm.weight', width, 1),
      matrix('blk.0.attn_q.weight', width, narrow),
      matrix('blk.0.attn_k.weight', width, narrow),
      matrix('blk.0.attn_v.weight', width, narrow),
      matrix('blk.0.attn_output.weight', narrow, width),
      norm('blk.0.ffn_norm.weight', width, 1),
      matrix('blk.0.ffn_gate.weight', width, narrow),
      matrix('blk.0.ffn_up.weight', width, narrow),
      matrix('blk.0.ffn_down.weight', narrow, width),
    ],
  );
}

/** A tool call in the words of the Hermes format, which Qwen and many others use; give it as an `answer`. */
export function toolCallAnswer(name: string, args: { readonly [parameter: string]: unknown }): string {
  return `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`;
}

export const defaultAnswer = `## A scripted answer

I am a **stand-in**, not a language model: these words were written into my weights as a bigram table, so you get \
them whatever you ask.

Everything around me is real:

- the engine, llama.cpp, evaluates every token
- probabilities, runners-up included, come from its softmax
- speed and time to first token are measured

To run another model, give your prompt file the path of a GGUF:

\`\`\`yaml
model: local//path/to/model.gguf
\`\`\`

Or choose a provider, and compare both side by side.`;

/** The smallest width of a Q8_0 row; what is zeroed anyway can be this small. */
const narrow = 32;

/** How likely the next token is, then two later ones, then the end; what is left is spread over all others. */
const shares = [0.999, 5e-4, 2e-4, 1e-4];
const shareOfAllOthers = 2e-4;

/** Tokens like GPT-2's words; no two are equal, because a bigram table knows nothing but the last token. */
function cutIntoTokens(answer: string): string[] {
  const used = new Set<string>();
  const steps: string[] = [];
  for (let at = 0; at < answer.length;) {
    const rest = answer.slice(at);
    const text = candidates(rest).find((candidate) => !used.has(candidate));
    if (text === undefined)
      throw new Error(`The end of the answer repeats earlier tokens: ${JSON.stringify(rest)}`);
    used.add(text);
    steps.push(byteLevel(text));
    at += text.length;
  }
  return steps;
}

/** The first word of `text`, then its beginnings, the longest first, then the word with ever more of what follows. */
function candidates(text: string): string[] {
  const word = gpt2Word.exec(text)?.[0] ?? text;
  const shorter = Array.from({ length: Math.max(0, word.length - 2) }, (_, cut) =>
    word.slice(0, word.length - 1 - cut),
  );
  const longer = Array.from({ length: text.length - word.length }, (_, more) =>
    text.slice(0, word.length + 1 + more),
  );
  return [word, ...shorter, ...longer];
}

/** How GPT-2's tokenizer cuts text before it merges; no merge crosses a cut. */
const gpt2Word = /'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/u;

/** The steps and every beginning of them, so that merging byte after byte leads to each step. */
function vocabularyOf(steps: readonly string[]): { words: string[]; merges: [string, string][] } {
  const merges = new Map<string, [string, string]>();
  for (const step of steps) {
    for (let end = 2; end <= step.length; end++) {
      merges.set(step.slice(0, end), [step.slice(0, end - 1), step.slice(end - 1, end)]);
    }
  }
  return { words: [...merges.keys()], merges: [...merges.values()] };
}

function byteOf(step: string): number {
  return Array.from({ length: 256 }, (_, byte) => byte).findIndex(
    (byte) => byteLevel(Uint8Array.of(byte)) === step,
  );
}

/** One-hot rows: place 0 stands for every token outside the script, place i + 1 for the script's token i. */
function embeddings(script: readonly number[], width: number, vocabularySize: number): Float32Array {
  const rows = new Float32Array(width * vocabularySize);
  for (let token = 0; token < vocabularySize; token++) rows[token * width + script.indexOf(token) + 1] = 1;
  return rows;
}

/** Row `next`, column `place`: the logit of the token `next` after the token of that place. */
function bigrams(
  script: readonly number[],
  width: number,
  vocabularySize: number,
  endless: boolean,
): Float32Array {
  const rows = new Float32Array(width * vocabularySize);
  const end = endless ? script.slice(0, 1) : [endToken];
  for (let place = 0; place <= script.length; place++) {
    const further = [7, 14].map((step) => script[(place + step) % script.length]);
    const nexts = [script[place] ?? end[0], ...further, end[0]];
    // The chosen one is written last, for it may be among the others too.
    nexts.toReversed().forEach((next = endToken, index) => {
      const share = shares[nexts.length - 1 - index] ?? 0;
      rows[next * width + place] = Math.log(share / (shareOfAllOthers / vocabularySize));
    });
  }
  return rows;
}

/** A matrix of zeros; spread it and replace `data` for any other. */
function matrix(name: string, columns: number, rows: number): GgufTensor {
  const shape = [columns, rows];
  return { name, type: 'Q8_0', shape, data: [new Uint8Array(tensorBytes('Q8_0', shape))] };
}

function norm(name: string, width: number, weight: number): GgufTensor {
  return { name, type: 'F32', shape: [width], data: encodeF32(new Float32Array(width).fill(weight)) };
}

if (import.meta.main) {
  const [, , path] = process.argv;
  if (path === undefined) throw new Error('Name the file to write: node test/models/scripted.ts OUT.gguf');
  writeFileSync(path, scriptedModel());
}
