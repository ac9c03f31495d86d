import type { EncodingName } from './encodings.ts';

/** An estimate is shown with `~` and the tokenizer's name. */
export type TokenizerExactness = 'exact' | 'estimate';

/** How the tokens of a model are counted. */
export type TokenizerChoice =
  | {
      /** The count is the one that the model's service makes. */
      readonly exactness: 'exact';
      readonly tokenizer: EncodingName;
    }
  | {
      /** Exact, with the vocabulary in the model's own file. */
      readonly exactness: 'exact';
      readonly tokenizer: 'gguf';
    }
  | {
      /** The count is another model's. */
      readonly exactness: 'estimate';
      readonly tokenizer: EncodingName;
    };

/**
 * Which tokenizer counts for a model, given as `provider/model` or by its name alone.
 *
 * Estimates are the plain count of o200k_base. No factor is applied: Anthropic and Google publish neither a
 * tokenizer nor a ratio, and one that is measured on English is far off on code or Chinese. What a model's
 * own usage reports say about the difference is learned elsewhere, per model.
 */
export function tokenizerFor(modelId: string): TokenizerChoice {
  if (modelId.startsWith('local/')) return { exactness: 'exact', tokenizer: 'gguf' };
  const name = modelId.slice(modelId.lastIndexOf('/') + 1).toLowerCase();
  const known = openAiModels.find(([pattern]) => pattern.test(name));
  return known
    ? { exactness: 'exact', tokenizer: known[1] }
    : { exactness: 'estimate', tokenizer: 'o200k_base' };
}

/**
 * By name, dated and fine-tuned variants included; the first that matches holds.
 * Source: tiktoken/model.py of tiktoken 0.14, read 2026-11-23. (js-tiktoken's own table gives davinci-002 and
 * babbage-002 the encodings of older models.) gpt-oss has o200k_harmony, which differs from o200k_base in
 * control tokens only.
 */
const openAiModels: readonly (readonly [RegExp, EncodingName])[] = [
  [/^(ft:)?(chatgpt-4o|gpt-4o|gpt-4\.1|gpt-4\.5|gpt-5|gpt-oss)([-.:]|$)/, 'o200k_base'],
  [/^(ft:)?o[134](-|:|$)/, 'o200k_base'],
  [/^(ft:)?(gpt-4|gpt-3\.5|gpt-35)([-:]|$)/, 'cl100k_base'],
  [/^(ft:)?(davinci|babbage)-002([-:]|$)/, 'cl100k_base'],
  [/^text-embedding-(ada-002|3-(small|large))$/, 'cl100k_base'],
  [/^text-davinci-(00[23]|edit-001)$/, 'p50k_base'],
  [/^code-(davinci|cushman)-/, 'p50k_base'],
  [/^(davinci|cushman)-codex$/, 'p50k_base'],
  [/^(davinci|curie|babbage|ada|gpt-?2)$/, 'r50k_base'],
  [/^text-(davinci|curie|babbage|ada)-001$/, 'r50k_base'],
  [/^(text-similarity|text-search|code-search)-/, 'r50k_base'],
];
