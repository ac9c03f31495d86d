import {
  classAt,
  letter,
  lengthOf,
  mark,
  newline,
  number,
  other,
  punctuation,
  skip,
  space,
  symbol,
} from './characterClass.ts';
import { contractionEnd, digitsEnd, lineEndOrWhiteSpaceEnd, othersEnd, type Splitter } from './splitters.ts';

/**
 * The splitters of local models that no encoding of OpenAI's has, each as llama.cpp runs it. One that is only
 * written for a part of the text has "what lies between" as pieces too.
 */

export const isolatedDigits: Splitter = (bytes, at, end) =>
  classAt(bytes, at, end) & number ? at + lengthOf(bytes[at] as number) : skip(bytes, at, end, ~number);

export const digitRuns: Splitter = (bytes, at, end) =>
  skip(bytes, at, end, classAt(bytes, at, end) & number ? number : ~number);

export const digitTriples: Splitter = (bytes, at, end) =>
  classAt(bytes, at, end) & number ? digitsEnd(bytes, at, end, 3) : skip(bytes, at, end, ~number);

/** `[0-9][0-9][0-9]`, and what lies between. */
export const asciiTriples: Splitter = (bytes, at, end) => {
  if (isAsciiTriple(bytes, at, end)) return at + 3;
  do at++;
  while (at < end && !isAsciiTriple(bytes, at, end));
  return at;
};

/** `[\p{P}\$\+<=>\^~\|]+`, and what lies between. */
export const punctuationRuns: Splitter = (bytes, at, end) => {
  const isPunctuation = isDefaultPunctuation(bytes, at, end);
  do at += lengthOf(bytes[at] as number);
  while (at < end && isDefaultPunctuation(bytes, at, end) === isPunctuation);
  return at;
};

/**
 * llama.cpp's o200k_base: all letters but ASCII's are of both cases, and marks are not part of words. With P for
 * `[^\r\n\p{L}\p{N}]?`, L for a letter and C for a contraction:
 * `P(L but a-z)*(L but A-Z)+C?|P(L but a-z)+(L but A-Z)*C?|\p{N}{1,digits}|…`, and the rest as there.
 */
export function o200kLikeSplitter(takesContractions: boolean, digits: number): Splitter {
  return (bytes, at, end) => {
    const kind = classAt(bytes, at, end);
    if (kind & number) return digitsEnd(bytes, at, end, digits);
    const start = kind & (letter | newline) ? at : at + lengthOf(bytes[at] as number);
    if (classAt(bytes, start, end) & letter) {
      const wordEnd = asciiCasedWordEnd(bytes, start, end);
      return takesContractions ? contractionEnd(bytes, wordEnd, end, 'ascii') : wordEnd;
    }
    const afterOthers = othersEnd(bytes, at, end);
    return afterOthers > at ? afterOthers : lineEndOrWhiteSpaceEnd(bytes, at, end);
  };
}

/** The end of `(L but a-z)*(L but A-Z)+`, or else of `(L but a-z)+`. */
function asciiCasedWordEnd(bytes: Uint8Array, at: number, end: number): number {
  let afterLastUncased = -1;
  while (classAt(bytes, at, end) & letter) {
    const lead = bytes[at] as number;
    if (isAsciiLower(lead)) return lettersButUpperEnd(bytes, at, end);
    at += lengthOf(lead);
    if (lead >= 0x80) afterLastUncased = at;
  }
  // As in o200k_base, the first part gives back up to the last letter that the second one takes as well.
  return afterLastUncased < 0 ? at : afterLastUncased;
}

function lettersButUpperEnd(bytes: Uint8Array, at: number, end: number): number {
  while (classAt(bytes, at, end) & letter && !isAsciiUpper(bytes[at] as number)) {
    at += lengthOf(bytes[at] as number);
  }
  return at;
}

/** `[一-龥぀-ゟ゠-ヿ]+`, and what lies between. */
export const hanAndKanaRuns: Splitter = (bytes, at, end) => {
  const isMember = isHanOrKana(bytes, at);
  do at += lengthOf(bytes[at] as number);
  while (at < end && isHanOrKana(bytes, at) === isMember);
  return at;
};

/**
 * ``[!-/:-@\[-`{-~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+``,
 * and what lies between: controls that no letter follows.
 */
export const splitDeepSeek3: Splitter = (bytes, at, end) => {
  const kind = classAt(bytes, at, end);
  const next = at + lengthOf(bytes[at] as number);
  if (kind & (punctuation | symbol)) {
    const afterLetters = asciiLettersEnd(bytes, next, end);
    if ((bytes[at] as number) < 0x80 && afterLetters > next) return afterLetters;
    return skip(bytes, skip(bytes, at, end, punctuation | symbol), end, newline);
  }
  if (kind & (letter | mark)) return skip(bytes, at, end, letter | mark);
  if (!(kind & newline) && classAt(bytes, next, end) & (letter | mark))
    return skip(bytes, next, end, letter | mark);
  if (bytes[at] === 0x20 && classAt(bytes, next, end) & (punctuation | symbol)) {
    return skip(bytes, skip(bytes, next, end, punctuation | symbol), end, newline);
  }
  if (kind & space) return lineEndOrWhiteSpaceEnd(bytes, at, end);
  let after = next;
  while (classAt(bytes, after, end) & (other | number)) {
    const following = after + lengthOf(bytes[after] as number);
    if (classAt(bytes, following, end) & (letter | mark)) break;
    after = following;
  }
  return after;
};

function isDefaultPunctuation(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    (classAt(bytes, at, end) & punctuation) !== 0 ||
    '$+<=>^~|'.includes(String.fromCharCode(bytes[at] as number))
  );
}

function isAsciiTriple(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    at + 3 <= end && isAsciiDigit(bytes[at]) && isAsciiDigit(bytes[at + 1]) && isAsciiDigit(bytes[at + 2])
  );
}

function isAsciiDigit(byte = 0): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isAsciiUpper(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function isAsciiLower(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}

function asciiLettersEnd(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && (isAsciiUpper(bytes[at] as number) || isAsciiLower(bytes[at] as number))) at++;
  return at;
}

/** U+3040 to U+30FF and U+4E00 to U+9FA5, all of which take three bytes. */
function isHanOrKana(bytes: Uint8Array, at: number): boolean {
  const lead = bytes[at] as number;
  if (lead < 0xe3 || lead > 0xe9) return false;
  const codePoint =
    ((lead & 0x0f) << 12) | (((bytes[at + 1] as number) & 0x3f) << 6) | ((bytes[at + 2] as number) & 0x3f);
  return (codePoint >= 0x3040 && codePoint <= 0x30ff) || (codePoint >= 0x4e00 && codePoint <= 0x9fa5);
}
