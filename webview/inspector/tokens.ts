import type { ShownTokens } from '../../src/inspectorProtocol.ts';
import { textOfBytes } from './visible.ts';

/** One token of a column. */
export interface Token {
  /** From 0. */
  readonly index: number;
  readonly id: number;
  /** Its place in the subject's text, in UTF-16 code units, end exclusive; empty for the later parts of a character. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Hexadecimal digits. */
  readonly bytes: string;
  /** Whether it holds only a part of some character. */
  readonly isPartial: boolean;
}

export function tokenAt(tokens: ShownTokens, text: string, index: number): Token {
  const start = tokens.ends[index - 1] ?? 0;
  const end = tokens.ends[index] ?? start;
  const bytes = tokens.bytes.slice(2 * (tokens.byteEnds[index - 1] ?? 0), 2 * (tokens.byteEnds[index] ?? 0));
  return {
    index,
    id: tokens.ids[index] ?? -1,
    start,
    end,
    text: text.slice(start, end),
    bytes,
    isPartial: textOfBytes(bytes) === undefined,
  };
}

/** Tokens that are drawn together, in an element of their own; end exclusive. */
export interface TokenGroup {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts the tokens into groups of 200 to 600. A group ends where a line does if it can: what follows starts on a new line
 * in any case.
 */
export function tokenGroups({ ends }: ShownTokens, text: string): TokenGroup[] {
  const groups: TokenGroup[] = [];
  for (let start = 0; start < ends.length;) {
    let end = Math.min(start + leastInGroup, ends.length);
    const last = Math.min(start + mostInGroup, ends.length);
    while (end < last && text[(ends[end - 1] ?? 0) - 1] !== '\n') end++;
    groups.push({ start, end });
    start = end;
  }
  return groups;
}

const leastInGroup = 200;
const mostInGroup = 600;

/** The tokens that have a part of the text from `from` to `to`: first and last, or `undefined` when there is none. */
export function tokensIn(
  { ends }: ShownTokens,
  from: number,
  to: number,
): { readonly first: number; readonly last: number } | undefined {
  const first = firstWhere(ends.length, (index) => (ends[index] ?? 0) > from);
  const last = firstWhere(ends.length, (index) => (ends[index] ?? 0) >= to);
  return first < ends.length && to > from ? { first, last: Math.min(last, ends.length - 1) } : undefined;
}

/**
 * The word that a token is a part of: its tokens and those beside it that the same letters or digits run through. That is
 * what BPE builds in one go, up to a mark or a blank in front.
 */
export function wordAround(tokens: ShownTokens, text: string, index: number): { start: number; end: number } {
  const { ends } = tokens;
  const joins = (at: number): boolean => {
    // Between the parts of one character there is no place to cut.
    if ((ends[at] ?? 0) === (ends[at - 1] ?? 0)) return true;
    const offset = ends[at - 1] ?? 0;
    const before = Array.from(text.slice(Math.max(0, offset - 2), offset)).at(-1) ?? '';
    const after = Array.from(text.slice(offset, offset + 2))[0] ?? '';
    return runs.some((run) => run.test(before) && run.test(after));
  };
  let first = index;
  while (first > 0 && joins(first)) first--;
  let last = index;
  while (last + 1 < ends.length && joins(last + 1)) last++;
  return { start: ends[first - 1] ?? 0, end: ends[last] ?? 0 };
}

const runs = [/[\p{L}\p{M}]/u, /\p{N}/u];

/** Where a column has what was searched: the first token of each place, and every token of them. */
export interface Hits {
  readonly places: readonly number[];
  readonly tokens: ReadonlySet<number>;
}

/** Finds tokens by their id, where the query is a number, and by their text, which may reach over several of them. */
export function searchTokens(tokens: ShownTokens, text: string, query: string): Hits {
  const places = new Set<number>();
  const found = new Set<number>();
  if (/^\d+$/.test(query)) {
    const id = Number(query);
    tokens.ids.forEach((candidate, index) => {
      if (candidate !== id) return;
      places.add(index);
      found.add(index);
    });
  }
  const shown = text.slice(0, tokens.ends.at(-1) ?? 0);
  for (const at of placesOf(shown, query)) {
    const range = tokensIn(tokens, at, at + query.length);
    if (!range) continue;
    places.add(range.first);
    for (let index = range.first; index <= range.last; index++) found.add(index);
  }
  return { places: [...places].sort((one, other) => one - other), tokens: found };
}

/** A column as JSON: ids, texts and bytes; `shown` where there are more tokens than are listed. */
export function tokensJson(
  { name, tokens, total }: { readonly name: string; readonly tokens: ShownTokens; readonly total?: number },
  text: string,
): string {
  const listed = tokens.ids.map((id, index) => {
    const token = tokenAt(tokens, text, index);
    return {
      id,
      text: token.text,
      bytes: (token.bytes.match(/../g) ?? []).map((byte) => parseInt(byte, 16)),
    };
  });
  const count = total ?? listed.length;
  return JSON.stringify(
    { tokenizer: name, count, ...(listed.length < count ? { shown: listed.length } : {}), tokens: listed },
    undefined,
    2,
  );
}

/** Offsets, without regard to case where that keeps the length of the text. */
function* placesOf(text: string, query: string): Generator<number> {
  const lower = text.toLowerCase();
  const [haystack, needle] = lower.length === text.length ? [lower, query.toLowerCase()] : [text, query];
  if (needle === '') return;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + needle.length))
    yield at;
}

/** The first index below `count` for which `holds`, which holds for all after it; `count` when for none. */
function firstWhere(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
