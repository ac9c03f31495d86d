import type { TextEdit } from '../core/tokens/editableCount.ts';
import type { TextPiece } from './tokenizerProtocol.ts';

/**
 * Cuts texts into batches that are posted to the worker one at a time: copying one takes the caller's thread
 * a fraction of a millisecond. Short texts share a batch. A long one may be cut anywhere.
 */
export function* textBatches(texts: readonly string[]): Generator<readonly TextPiece[]> {
  let batch: TextPiece[] = [];
  let units = 0;
  for (const text of texts) {
    let at = 0;
    do {
      const end = Math.min(text.length, at + batchUnits - units);
      batch.push({ text: text.slice(at, end), isLast: end === text.length });
      units += end - at;
      at = end;
      if (units < batchUnits && batch.length < batchItems) continue;
      yield batch;
      batch = [];
      units = 0;
    } while (at < text.length);
  }
  if (batch.length > 0) yield batch;
}

/**
 * The same for edits: one that puts in a long text becomes several. At least one batch, which may be empty.
 */
export function* editBatches(edits: readonly TextEdit[]): Generator<readonly TextEdit[]> {
  let batch: TextEdit[] = [];
  let units = 0;
  for (const edit of edits.flatMap(shortEdits)) {
    if (units + edit.text.length > batchUnits || batch.length === batchItems) {
      yield batch;
      batch = [];
      units = 0;
    }
    batch.push(edit);
    units += edit.text.length;
  }
  yield batch;
}

function shortEdits({ start, end, text }: TextEdit): TextEdit[] {
  const edits = [{ start, end, text: text.slice(0, batchUnits) }];
  for (let at = batchUnits; at < text.length; at += batchUnits) {
    edits.push({ start: start + at, end: start + at, text: text.slice(at, at + batchUnits) });
  }
  return edits;
}

/** UTF-16 code units. */
const batchUnits = 65_536;

const batchItems = 512;
