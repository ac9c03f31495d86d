import { lengthOf } from './characterClass.ts';
import type { Encoding } from './encoding.ts';

/** A part of a word while its tokens are being built. */
export interface MergePart {
  /** Its token, or -1 for bytes that the vocabulary has no token for. */
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** The parts at one moment, in order. */
export interface MergeState {
  readonly parts: readonly MergePart[];
  /** The index of the part that the last step made; absent in the first state. */
  readonly merged?: number;
}

/** The longest word that {@link mergeSteps} takes, in bytes of UTF-8. */
export const longestSteppedWord = 256;

/**
 * How a word becomes tokens: its bytes (SentencePiece: its characters), then one state for each merge, and
 * the tokens of `encode` last. A text of several pieces goes through them one after the other. The first
 * state of an empty word has no parts. `isStart` is false for a word from the midst of a text: SentencePiece
 * puts a blank in front of a text.
 * @throws RangeError when the word is longer than {@link longestSteppedWord}.
 */
export function mergeSteps(encoding: Encoding, word: string, isStart = true): readonly MergeState[] {
  const pieces = encoding.pieces(word, isStart);
  const length = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (length > longestSteppedWord) {
    throw new RangeError(`The word has ${length} bytes; steps are shown for up to ${longestSteppedWord}.`);
  }
  const rows = pieces.map(({ bytes }) => symbolsOf(encoding, bytes));
  const states: MergeState[] = [{ parts: rows.flat() }];
  for (const [index, { bytes, whole }] of pieces.entries()) {
    const offset = rows.slice(0, index).flat().length;
    for (;;) {
      const row = rows[index] ?? [];
      const step = nextMerge(encoding, row) ?? wholePiece(row, bytes, whole);
      if (!step) break;
      rows[index] = step.row;
      states.push({ parts: rows.flat(), merged: offset + step.at });
    }
  }
  return states;
}

interface Step {
  readonly row: MergePart[];
  /** The index of the part that is new in the row. */
  readonly at: number;
}

function nextMerge({ rules }: Encoding, row: readonly MergePart[]): Step | undefined {
  let best: { at: number; merge: number } | undefined;
  for (let at = 0; at + 1 < row.length; at++) {
    const joined = joinBytes(row.slice(at, at + 2));
    const merge = rules.join(row[at]?.id ?? -1, row[at + 1]?.id ?? -1, joined, 0, joined.length);
    if (merge < 0 || (best && rules.priorityOf(merge) >= rules.priorityOf(best.merge))) continue;
    best = { at, merge };
  }
  if (!best) return undefined;
  const { at, merge } = best;
  const made = { id: rules.resultOf(merge), bytes: joinBytes(row.slice(at, at + 2)) };
  return { row: [...row.slice(0, at), made, ...row.slice(at + 2)], at };
}

/** The last step of a piece that is a token as a whole although merging does not lead there. */
function wholePiece(row: readonly MergePart[], bytes: Uint8Array, whole: number): Step | undefined {
  return whole >= 0 && row.length > 1 ? { row: [{ id: whole, bytes }], at: 0 } : undefined;
}

function symbolsOf({ rules }: Encoding, bytes: Uint8Array): MergePart[] {
  const parts: MergePart[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = rules.symbols === 'bytes' ? at + 1 : at + lengthOf(bytes[at] as number);
    parts.push({ id: rules.symbol(bytes, at, end), bytes: bytes.subarray(at, end) });
    at = end;
  }
  return parts;
}

function joinBytes(parts: readonly MergePart[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(({ bytes }) => [...bytes]));
}
