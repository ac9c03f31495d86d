import { LlmError } from '../errors.ts';
import { AddedTokens } from './addedTokens.ts';
import { bytesFromAlphabet } from './byteAlphabet.ts';
import { isPatternCut, type CutTest } from './cuts.ts';
import { Encoding } from './encoding.ts';
import { PairRules } from './pairRules.ts';
import { preTokenizer } from './preTokenizers.ts';
import { ScoreRules } from './scoreRules.ts';
import { blankBorders } from './sentencePiece.ts';
import { textBytes, textCount, type TextList } from './textList.ts';
import { Vocabulary } from './vocabulary.ts';

/** A local model's tokenizer as its GGUF file has it; each field is the key `tokenizer.ggml.<name>`. */
export interface ModelVocabulary {
  /** `gpt2` is byte-level BPE, `llama` is SentencePiece. */
  readonly model: string;
  /** The name of the pre-tokenizer; absent in old files, which then have the one named `default`. */
  readonly pre?: string;
  readonly tokens: TextList;
  /** By id; absent means that all are normal. */
  readonly token_type?: Int32Array;
  readonly scores?: Float32Array;
  /** Pairs such as `h e`, most urgent first. */
  readonly merges?: TextList;
  /** Whether a text starts with a blank more than it has; absent means true for `llama`. */
  readonly add_space_prefix?: boolean;
}

/**
 * The encoding of a local model: what llama.cpp's `llama_tokenize` gives for plain text, without the token
 * that starts a text.
 * @throws LlmError `bad-request` when the file's tokenizer is of a kind that is not written here, lacks a part or is
 *   damaged.
 */
export function modelEncoding(data: ModelVocabulary): Encoding {
  requireShort(data.tokens, 'token');
  if (data.merges) requireShort(data.merges, 'merge');
  switch (data.model) {
    case 'gpt2':
      return byteLevelEncoding(data);
    case 'llama':
      return sentencePieceEncoding(data);
    default:
      throw notCounted(`has a tokenizer of the kind "${data.model}"`);
  }
}

function byteLevelEncoding(data: ModelVocabulary): Encoding {
  const name = data.pre ?? 'default';
  const pre = preTokenizer(name);
  if (!pre) throw notCounted(`has the pre-tokenizer "${name}"`);
  if (!data.merges) throw notCounted('lacks its merges');
  const vocabulary = vocabularyOf(data.tokens, bytesFromAlphabet);
  return new Encoding({
    vocabulary,
    rules: new PairRules(vocabulary, data.merges),
    ...pre,
    bytesOf: (id) => (vocabulary.bytesOf(id).length > 0 ? undefined : textBytes(data.tokens, id)),
    ...cutsAround(addedTokensOf(data), isPatternCut),
  });
}

function sentencePieceEncoding(data: ModelVocabulary): Encoding {
  const vocabulary = vocabularyOf(data.tokens, (text) => text);
  const { split, isCut } = blankBorders(vocabulary);
  return new Encoding({
    vocabulary,
    rules: new ScoreRules(vocabulary, data.scores),
    splitters: [split],
    takesWholePieces: false,
    markBlanks: { prefix: data.add_space_prefix ?? true },
    bytesOf: (id) => sentencePieceBytes(vocabulary.bytesOf(id), data.token_type?.[id]),
    ...cutsAround(addedTokensOf(data), isCut),
  });
}

/**
 * A token that `toBytes` has no bytes for, such as one with blanks in a byte-level vocabulary, is never found
 * in a text.
 */
function vocabularyOf(tokens: TextList, toBytes: (text: Uint8Array) => Uint8Array | undefined): Vocabulary {
  const bytes = new Uint8Array(tokens.bytes.length);
  const starts = new Uint32Array(tokens.starts.length);
  let length = 0;
  for (let id = 0; id < textCount(tokens); id++) {
    const token = toBytes(textBytes(tokens, id)) ?? [];
    bytes.set(token, length);
    length += token.length;
    starts[id + 1] = length;
  }
  return new Vocabulary(bytes.slice(0, length), starts);
}

/** `▁` is a blank and `<0x0A>` is one byte. */
function sentencePieceBytes(stored: Uint8Array, type: number | undefined): Uint8Array {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(stored);
  return type === byteToken
    ? Uint8Array.of(parseInt(text.slice('<0x'.length), 16))
    : new TextEncoder().encode(text.replaceAll('▁', ' '));
}

/** Tokens of the type "user defined". */
function addedTokensOf({ tokens, token_type }: ModelVocabulary): AddedTokens | undefined {
  const texts = new Map<number, string>();
  token_type?.forEach((type, id) => {
    const text = type === userDefined ? new TextDecoder().decode(textBytes(tokens, id)) : '';
    if (text !== '') texts.set(id, text);
  });
  return texts.size > 0 ? new AddedTokens(texts) : undefined;
}

function cutsAround(
  addedTokens: AddedTokens | undefined,
  isCut: CutTest,
): { addedTokens?: AddedTokens; isCut: CutTest } {
  if (!addedTokens) return { isCut };
  return { addedTokens, isCut: (text, at) => isCut(text, at) && !addedTokens.mayCross(text, at) };
}

/** Far longer than any in use; tables for longer ones take time and memory that a damaged file is not worth. */
const longestText = 65_536;

function requireShort(list: TextList, what: string): void {
  for (let index = 0; index < textCount(list); index++) {
    const length = (list.starts[index + 1] ?? 0) - (list.starts[index] ?? 0);
    if (length <= longestText) continue;
    throw new LlmError(
      'bad-request',
      `The model file is damaged: a ${what} of its vocabulary takes ${length} bytes. Download it again or choose another.`,
    );
  }
}

function notCounted(reason: string): LlmError {
  return new LlmError(
    'bad-request',
    `The model file ${reason}, which is not counted exactly yet. Counts for it are estimates; the local runtime still runs it.`,
  );
}

/** Values of `token_type`. */
const userDefined = 4;
const byteToken = 6;
