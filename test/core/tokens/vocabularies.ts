import type { ModelVocabulary } from '../../../src/core/tokens/modelEncoding.ts';
import { vocabularyFromRanks } from '../../../src/core/tokens/ranks.ts';
import { textList } from '../../../src/core/tokens/textList.ts';
import { byteLevel } from '../../models/tokenizer.ts';
import { adversarialTexts, seeded } from './corpus.ts';
import { ranksOf } from './encodings.ts';

/** A vocabulary as lists, ready for a GGUF file. */
export interface VocabularyLists {
  readonly tokens: readonly string[];
  readonly token_type: readonly number[];
  readonly merges?: readonly string[];
  readonly scores?: readonly number[];
}

export const tokenTypes = { normal: 1, unknown: 2, control: 3, userDefined: 4, byte: 6 } as const;

/**
 * The first `size` tokens of r50k_base with the merges that make them, then a control token and two added
 * ones.
 */
export async function byteLevelLists(size = 3000): Promise<VocabularyLists> {
  const vocabulary = vocabularyFromRanks(await ranksOf('r50k_base'));
  const tokens = Array.from({ length: size }, (_, id) => byteLevel(vocabulary.bytesOf(id)));
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const merges = tokens.map((token, id) => {
    let parts = Array.from(token);
    while (parts.length > 2) {
      const ranks = parts.map((part, at) => ids.get(part + (parts[at + 1] ?? '|')) ?? id);
      const best = ranks.indexOf(Math.min(...ranks));
      parts = [...parts.slice(0, best), parts.slice(best, best + 2).join(''), ...parts.slice(best + 2)];
    }
    return parts.join(' ');
  });
  return {
    tokens: [...tokens, '<|im_end|>', '<tool_call>', 'ab cd'],
    token_type: [
      ...tokens.map(() => tokenTypes.normal),
      tokenTypes.control,
      tokenTypes.userDefined,
      tokenTypes.userDefined,
    ],
    merges: merges.filter((merge) => merge.includes(' ')),
  };
}

/**
 * A SentencePiece vocabulary of what occurs in adversarial texts, some of its characters left to their bytes,
 * with tokens that reach across a blank, tokens of equal score, and added tokens.
 */
export function sentencePieceLists(): VocabularyLists {
  const random = seeded(3);
  // The engine reads tokens as C strings.
  const text = adversarialTexts(1500, 9).join(' ').toWellFormed();
  const characters = Array.from(text.replaceAll(' ', '▁').replaceAll('\0', ''));
  const words = new Set<string>();
  for (let made = 0; made < 2000; made++) {
    const start = random(characters.length);
    for (let length = 2; length < 3 + random(4); length++)
      words.add(characters.slice(start, start + length).join(''));
  }
  for (const character of new Set(characters)) if (random(10) > 0) words.add(character);
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const added = ['<tool_call>', 'a b', '\n\n\n'];
  const special = ['<unk>', '<s>', '</s>', ...bytes, ...added];
  const normal = [...words].filter((word) => !special.includes(word));
  return {
    tokens: [...special, ...normal],
    token_type: [
      ...[tokenTypes.unknown, tokenTypes.control, tokenTypes.control],
      ...bytes.map(() => tokenTypes.byte),
      ...added.map(() => tokenTypes.userDefined),
      ...normal.map(() => tokenTypes.normal),
    ],
    scores: [...special.map(() => 0), ...normal.map((_, index) => -Math.floor(index / 3))],
  };
}

export function modelVocabulary(
  lists: VocabularyLists,
  kind: { readonly model: string; readonly pre?: string },
): ModelVocabulary {
  return {
    ...kind,
    tokens: textList(lists.tokens),
    token_type: Int32Array.from(lists.token_type),
    ...(lists.merges ? { merges: textList(lists.merges) } : {}),
    ...(lists.scores ? { scores: Float32Array.from(lists.scores) } : {}),
  };
}

export function sentencePieceVocabulary(): ModelVocabulary {
  return modelVocabulary(sentencePieceLists(), { model: 'llama' });
}
