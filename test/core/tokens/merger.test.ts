import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Merger } from '../../../src/core/tokens/merger.ts';
import type { MergeRules } from '../../../src/core/tokens/mergeRules.ts';
import { RankRules } from '../../../src/core/tokens/rankRules.ts';
import { vocabularyFromRanks } from '../../../src/core/tokens/ranks.ts';
import { seeded } from './corpus.ts';
import { ranksOf } from './encodings.ts';

const rules = new RankRules(vocabularyFromRanks(await ranksOf('r50k_base')));

test('a piece longer than the window merges as it would without one', () => {
  const random = seeded(1);
  const piece = Uint8Array.from({ length: 34_000 }, () => 'etaoinshrdlu'.charCodeAt(random(12)));
  const merger = new Merger(rules);
  const count = merger.run(piece, 0, piece.length);
  assert.deepEqual([...merger.ids.subarray(0, count)], mergedPlainly(rules, piece));
});

test('a piece with a token longer than the window is merged as a whole', () => {
  // Four letters join only from the left end: what a window begins with is wrong wherever it begins.
  const piece = new Uint8Array(34_000).fill(0x61);
  const merger = new Merger(fromTheLeftEnd);
  assert.equal(merger.run(piece, 0, piece.length), 1);
});

/** The same without a queue or a window: the time grows with the square of the length. */
function mergedPlainly(merges: MergeRules, piece: Uint8Array): number[] {
  const starts = Array.from(piece.keys());
  const ids = starts.map((start) => merges.symbol(piece, start, start + 1));
  const merge = (at: number): number => {
    if (at < 0 || at + 1 >= ids.length) return Infinity;
    const found = merges.join(
      ids[at] ?? 0,
      ids[at + 1] ?? 0,
      piece,
      starts[at] ?? 0,
      starts[at + 2] ?? piece.length,
    );
    return found < 0 ? Infinity : found;
  };
  const found = ids.map((_, at) => merge(at));
  for (;;) {
    let best = 0;
    for (let at = 1; at < found.length; at++) if ((found[at] ?? 0) < (found[best] ?? 0)) best = at;
    const made = found[best] ?? Infinity;
    if (made === Infinity) return ids;
    ids.splice(best, 2, merges.resultOf(made));
    starts.splice(best + 1, 1);
    found.splice(best, 2, merge(best));
    if (best > 0) found[best - 1] = merge(best - 1);
  }
}

/** One token that grows by a letter at a time from the first letter of the piece; it can reach any length. */
const fromTheLeftEnd: MergeRules = {
  symbols: 'bytes',
  symbol: () => 0,
  join: (left, _right, _bytes, start, end) => (start === 0 || left > 0 ? end - start : -1),
  priorityOf: (merge) => merge,
  resultOf: (merge) => merge,
  spell: () => [],
};
