import { letter, mark } from './characterClass.ts';
import {
  asciiTriples,
  digitRuns,
  digitTriples,
  hanAndKanaRuns,
  isolatedDigits,
  o200kLikeSplitter,
  punctuationRuns,
  splitDeepSeek3,
} from './modelSplitters.ts';
import { cl100kSplitter, splitGpt2, type Splitter } from './splitters.ts';

/** How a byte-level BPE model cuts text before it merges. */
export interface PreTokenizer {
  /** Each splits further what the ones before it left whole. */
  readonly splitters: readonly Splitter[];
  /** A piece that is a token as a whole is not merged. */
  readonly takesWholePieces: boolean;
}

/**
 * The pre-tokenizer of a GGUF file by its `tokenizer.ggml.pre`, as llama.cpp runs it, also where that differs
 * from the model's original; `undefined` for one that is not written here yet.
 * Source: `llm_tokenizer_bpe` and `llama_vocab::impl::load` in llama.cpp's src/llama-vocab.cpp, read
 * 2026-11-23.
 */
export function preTokenizer(name: string): PreTokenizer | undefined {
  const family = families.find(({ names }) => names.includes(name));
  return family && { splitters: family.splitters, takesWholePieces: family.takesWholePieces ?? false };
}

interface Family extends Partial<PreTokenizer> {
  readonly names: readonly string[];
  readonly splitters: readonly Splitter[];
}

const families: readonly Family[] = [
  { names: ['default'], splitters: [punctuationRuns, splitGpt2, digitRuns, asciiTriples] },
  {
    names: [
      ...[
        'gpt-2',
        'phi-2',
        'gigachat',
        'a.x-4.0',
        'mellum',
        'mpt',
        'olmo',
        'jais',
        'trillion',
        'granite-docling',
        'exaone4',
      ],
      ...[
        'jina-es',
        'jina-de',
        'jina-v2-es',
        'jina-v2-de',
        'jina-v1-en',
        'jina-v2-code',
        'roberta-bpe',
        'modern-bert',
      ],
    ],
    splitters: [splitGpt2],
  },
  {
    names: ['starcoder', 'refact', 'command-r', 'smollm', 'codeshell', 'exaone', 'minerva-7b', 'mellum2'],
    splitters: [isolatedDigits, splitGpt2],
  },
  {
    names: [
      'llama-bpe',
      'llama3',
      'llama-v3',
      'falcon3',
      'falcon-h1',
      'pixtral',
      'midm-2.0',
      'lfm2',
      'jina-v5-nano',
    ],
    splitters: [cl100kSplitter('ascii', letter, 3)],
    takesWholePieces: true,
  },
  { names: ['dbrx', 'smaug-bpe', 'glm4', 'chatglm-bpe'], splitters: [cl100kSplitter('ascii', letter, 3)] },
  {
    names: [
      ...[
        'qwen2',
        'deepseek-r1-qwen',
        'kormo',
        'f2llmv2',
        'megrez',
        'stablelm2',
        'hunyuan',
        'solar-open',
        'grok-2',
      ],
    ],
    splitters: [cl100kSplitter('ascii', letter, 1)],
  },
  { names: ['qwen35'], splitters: [cl100kSplitter('ascii', letter | mark, 1)] },
  { names: ['gpt-4o', 'llama4', 'kanana2', 'talkie', 'minimax-m2'], splitters: [o200kLikeSplitter(true, 3)] },
  { names: ['tekken'], splitters: [o200kLikeSplitter(false, 1)], takesWholePieces: true },
  {
    names: ['deepseek-v3', 'hunyuan-dense', 'joyai-llm'],
    splitters: [digitTriples, hanAndKanaRuns, splitDeepSeek3],
  },
];
