import { isPatternCut } from './cuts.ts';
import { Encoding } from './encoding.ts';
import { RankRules } from './rankRules.ts';
import { vocabularyFromRanks, type RankData } from './ranks.ts';
import { splitCl100k, splitGpt2, splitO200k } from './splitters.ts';

/** OpenAI's encodings, newest first. */
export const encodingNames = ['o200k_base', 'cl100k_base', 'p50k_base', 'r50k_base'] as const;

export type EncodingName = (typeof encodingNames)[number];

/**
 * One of OpenAI's encodings from its data, `js-tiktoken/ranks/<name>`. Takes about 0.1 s and 10 MB for the
 * largest.
 * @throws Error when the data is not of the format that js-tiktoken has.
 */
export function openAiEncoding(name: EncodingName, data: RankData): Encoding {
  const vocabulary = vocabularyFromRanks(data);
  const specialTokens = new Map(
    Object.entries(data.special_tokens).map(([text, id]) => [id, new TextEncoder().encode(text)]),
  );
  return new Encoding({
    vocabulary,
    rules: new RankRules(vocabulary),
    splitters: [splitters[name]],
    takesWholePieces: true,
    isCut: isPatternCut,
    bytesOf: (id) => specialTokens.get(id),
  });
}

const splitters = {
  o200k_base: splitO200k,
  cl100k_base: splitCl100k,
  p50k_base: splitGpt2,
  r50k_base: splitGpt2,
} as const;
