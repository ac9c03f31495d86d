import {
  classAt,
  letter,
  lengthOf,
  lower,
  mark,
  newline,
  number,
  other,
  otherLetter,
  punctuation,
  skip,
  space,
  symbol,
  upper,
} from './characterClass.ts';

/**
 * Where the piece ends that starts at `at`, given UTF-8 that ends at `end`. Tokens never cross the end of a
 * piece, so each piece is counted by itself. `at < end`; the answer is greater than `at` and at most `end`.
 *
 * The splitters are the encodings' regular expressions written out by hand: the same answer, several times
 * faster than the engine's, and linear in the length of the text whatever it holds.
 */
export type Splitter = (bytes: Uint8Array, at: number, end: number) => number;

/**
 * GPT-2, r50k_base, p50k_base:
 * `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
 * Source: tiktoken_ext/openai_public.py of tiktoken 0.14, read 2026-11-23.
 */
export const splitGpt2: Splitter = (bytes, at, end) => {
  const afterContraction = contractionEnd(bytes, at, end, 'lower');
  if (afterContraction > at) return afterContraction;
  const body = afterBlank(bytes, at);
  const kind = classAt(bytes, body, end);
  if (kind & letter) return skip(bytes, body, end, letter);
  if (kind & number) return skip(bytes, body, end, number);
  if (kind & rest) return skip(bytes, body, end, rest);
  return whiteSpaceEnd(bytes, at, end);
};

/**
 * cl100k_base, and with other limits Llama 3, Qwen 2 and their kin:
 * `'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
 * Source: as above; the possessive marks there change the speed only, and so does its `\s++$`, because no
 * token of the vocabulary goes on after a newline.
 * @param words the classes that stand for `\p{L}` in the pattern.
 * @param digits the longest group of digits.
 */
export function cl100kSplitter(contractions: Contractions, words: number, digits: number): Splitter {
  return (bytes, at, end) => {
    const afterContraction = contractionEnd(bytes, at, end, contractions);
    if (afterContraction > at) return afterContraction;
    const kind = classAt(bytes, at, end);
    if (kind & words) return skip(bytes, at, end, words);
    if (kind & number) return digitsEnd(bytes, at, end, digits);
    const next = at + lengthOf(bytes[at] as number);
    if (!(kind & newline) && classAt(bytes, next, end) & words) return skip(bytes, next, end, words);
    const others = rest & ~words;
    const body = afterBlank(bytes, at);
    if (classAt(bytes, body, end) & others) return skip(bytes, skip(bytes, body, end, others), end, newline);
    return lineEndOrWhiteSpaceEnd(bytes, at, end);
  };
}

export const splitCl100k: Splitter = cl100kSplitter('folded', letter, 3);

/**
 * o200k_base, with U = `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`, W = `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`, C =
 * `(?i:'s|'t|'re|'ve|'m|'ll|'d)?`:
 * `[^\r\n\p{L}\p{N}]?U*W+C|[^\r\n\p{L}\p{N}]?U+W*C|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
 * Source: as above.
 */
export const splitO200k: Splitter = (bytes, at, end) => {
  const wordEnd = o200kWordEnd(bytes, at, end);
  if (wordEnd > at) return contractionEnd(bytes, wordEnd, end, 'folded');
  const kind = classAt(bytes, at, end);
  if (kind & number) return digitsEnd(bytes, at, end, 3);
  const afterOthers = othersEnd(bytes, at, end);
  return afterOthers > at ? afterOthers : lineEndOrWhiteSpaceEnd(bytes, at, end);
};

/** The end of `[^\r\n\p{L}\p{N}]?U*W+` or else of `[^\r\n\p{L}\p{N}]?U+W*`, or `at` where neither matches. */
function o200kWordEnd(bytes: Uint8Array, at: number, end: number): number {
  const kind = classAt(bytes, at, end);
  const hasPrefix = (kind & (letter | number | newline)) === 0;
  const start = hasPrefix ? at + lengthOf(bytes[at] as number) : at;
  const afterUpper = skip(bytes, start, end, anyUpper);
  if (classAt(bytes, afterUpper, end) & lower) return skip(bytes, afterUpper, end, anyLower);
  // U* took too much: it gives back up to the last character that W takes as well.
  for (let last = afterUpper; last > start;) {
    last = previous(bytes, last);
    if (classAt(bytes, last, end) & anyLower) return last + lengthOf(bytes[last] as number);
  }
  // A mark can be the prefix or the word; as a prefix it found no W behind it.
  if (hasPrefix && kind & mark) return start;
  return afterUpper > start ? afterUpper : at;
}

/**
 * How a contraction's letters may be written: as listed, in any ASCII case, or also with U+017F, which Rust's
 * `(?i:s)` matches.
 */
export type Contractions = 'lower' | 'ascii' | 'folded';

/** The end of `'s|'t|'re|'ve|'m|'ll|'d` at `at`, or `at` where there is none. */
export function contractionEnd(
  bytes: Uint8Array,
  at: number,
  end: number,
  contractions: Contractions,
): number {
  if (bytes[at] !== apostrophe || at + 1 >= end) return at;
  const fold = contractions === 'lower' ? 0 : 0x20;
  const first = (bytes[at + 1] as number) | fold;
  if (first === s || first === t || first === m || first === d) return at + 2;
  if (at + 2 >= end) return at;
  const second = (bytes[at + 2] as number) | fold;
  if ((second === e && (first === r || first === v)) || (second === l && first === l)) return at + 3;
  // ſ is C5 BF; its second byte is compared without the fold above.
  const isLongS = contractions === 'folded' && bytes[at + 1] === 0xc5 && bytes[at + 2] === 0xbf;
  return isLongS ? at + 3 : at;
}

/** The end of ` ?[^\s\p{L}\p{N}]+[\r\n/]*`, or `at` where it does not match. */
export function othersEnd(bytes: Uint8Array, at: number, end: number): number {
  const body = afterBlank(bytes, at);
  if ((classAt(bytes, body, end) & rest) === 0) return at;
  let after = skip(bytes, body, end, rest);
  while (after < end && (bytes[after] === slash || classAt(bytes, after, end) & newline)) after++;
  return after;
}

/** `\p{N}{1,limit}` */
export function digitsEnd(bytes: Uint8Array, at: number, end: number, limit: number): number {
  for (let digits = 0; digits < limit && classAt(bytes, at, end) & number; digits++) {
    at += lengthOf(bytes[at] as number);
  }
  return at;
}

/** `\s*[\r\n]+|\s+(?!\S)|\s+` */
export function lineEndOrWhiteSpaceEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let last = skip(bytes, at, end, space) - 1; last >= at; last--) {
    if (bytes[last] === 0x0a || bytes[last] === 0x0d) return last + 1;
  }
  return whiteSpaceEnd(bytes, at, end);
}

/**
 * `\s+(?!\S)|\s+`: all of it at the end of the text, else without the last one, which belongs to what
 * follows.
 */
function whiteSpaceEnd(bytes: Uint8Array, at: number, end: number): number {
  const after = skip(bytes, at, end, space);
  if (after === end) return end;
  const last = previous(bytes, after);
  return last > at ? last : after;
}

function previous(bytes: Uint8Array, at: number): number {
  do at--;
  while (((bytes[at] as number) & 0xc0) === 0x80);
  return at;
}

function afterBlank(bytes: Uint8Array, at: number): number {
  return bytes[at] === blank ? at + 1 : at;
}

/** `[^\s\p{L}\p{N}]` */
const rest = mark | punctuation | symbol | other;

const anyUpper = upper | otherLetter | mark;
const anyLower = lower | otherLetter | mark;

const blank = 0x20;
const apostrophe = 0x27;
const slash = 0x2f;
const [d, e, l, m, r, s, t, v] = [0x64, 0x65, 0x6c, 0x6d, 0x72, 0x73, 0x74, 0x76] as const;
