/**
 * What a character is, as far as the splitters of tokenizers ask. The classes are those of Rust's `regex`
 * crate, which OpenAI's and Hugging Face's tokenizers run on: JavaScript's `\p{…}` agree with it, its `\s`
 * does not (it lacks U+0085 and holds U+FEFF), so white space is spelled as `\p{White_Space}` here.
 *
 * Both follow Unicode, at their own pace: of a character that one of them does not know yet, the class differs.
 */

/** Bits of a class. Every character has at least one; 0 stands for the place after the end of a text. */
export const upper = 1; // Lu, Lt
export const lower = 2; // Ll
export const otherLetter = 4; // Lm, Lo
export const mark = 8; // M
export const number = 16; // N
export const space = 32; // White_Space, newlines included
export const newline = 64; // \r and \n, which are white space too
export const punctuation = 128; // P
export const symbol = 256; // S
export const other = 512; // controls, format characters, unassigned

export const letter = upper | lower | otherLetter;

/** The class of a code point. A lone surrogate is `other`; the encoder makes it U+FFFD, a symbol. */
export function classOf(codePoint: number): number {
  const known = classes[codePoint] as number;
  return known === 0 ? classifyPage(codePoint) : known;
}

/** The class of the character whose UTF-8 starts at `at`, or 0 when `at` is not before `end`. */
export function classAt(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return 0;
  const lead = bytes[at] as number;
  return classOf(lead < 0x80 ? lead : codePointAt(bytes, at, lead));
}

/** The first place at or after `at`, at most `end`, whose character has none of the classes in `mask`. */
export function skip(bytes: Uint8Array, at: number, end: number, mask: number): number {
  while (at < end) {
    const lead = bytes[at] as number;
    const isMember = (lead < 0x80 ? classOf(lead) : classOf(codePointAt(bytes, at, lead))) & mask;
    if (isMember === 0) return at;
    at += lengthOf(lead);
  }
  return at;
}

/** How many bytes the character takes that starts with the byte `lead`. */
export function lengthOf(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** The UTF-8 here always comes from `TextEncoder`, so it is never malformed. */
function codePointAt(bytes: Uint8Array, at: number, lead: number): number {
  const second = (bytes[at + 1] as number) & 0x3f;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | second;
  const third = (bytes[at + 2] as number) & 0x3f;
  if (lead < 0xf0) return ((lead & 0x0f) << 12) | (second << 6) | third;
  return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | ((bytes[at + 3] as number) & 0x3f);
}

/**
 * By code point; 0 is not known yet. A page of 256 is classified when a text first needs it, because asking
 * the engine's regular expressions about every code point takes longer than counting most texts. The
 * operating system backs only the pages that are touched.
 */
const classes = new Uint16Array(0x110000);
// Han and Hangul fill more than a hundred pages with nothing but letters.
classes.fill(otherLetter, 0x3400, 0x4dc0).fill(otherLetter, 0x4e00, 0xa000).fill(otherLetter, 0xac00, 0xd7a4);

const properties: readonly (readonly [RegExp, number])[] = [
  [/[\p{Lu}\p{Lt}]+/gu, upper],
  [/\p{Ll}+/gu, lower],
  [/[\p{Lm}\p{Lo}]+/gu, otherLetter],
  [/\p{M}+/gu, mark],
  [/\p{N}+/gu, number],
  [/\p{White_Space}+/gu, space],
  [/[\r\n]+/gu, newline],
  [/\p{P}+/gu, punctuation],
  [/\p{S}+/gu, symbol],
];

function classifyPage(codePoint: number): number {
  const first = codePoint & ~0xff;
  const page = String.fromCodePoint(...Array.from({ length: 256 }, (_, index) => first + index));
  const unitsEach = page.length / 256;
  for (const [pattern, bit] of properties) {
    for (const { 0: run, index } of page.matchAll(pattern)) {
      const start = first + index / unitsEach;
      for (let member = start; member < start + run.length / unitsEach; member++)
        classes[member] = (classes[member] as number) | bit;
    }
  }
  for (let member = first; member < first + 256; member++)
    classes[member] = (classes[member] as number) || other;
  return classes[codePoint] as number;
}
