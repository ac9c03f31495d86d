import type { TextEdit } from '../core/tokens/editableCount.ts';
import type { TextPiece } from './tokenizerProtocol.ts';

/** A text, or the parts of one that are read as they are counted, together of `length` UTF-16 code units. */
export type CountedText = string | (Iterable<string> & { readonly length: number });

/**
 * Cuts texts into batches that are posted to the worker one at a time: copying one takes the caller's thread
 * a fraction of a millisecond. Short texts share a batch. A long one may be cut anywhere.
 */
export function* textBatches(texts: readonly CountedText[]): Generator<readonly TextPiece[]> {
  let batch: TextPiece[] = [];
  let units = 0;
  for (const { part, endsText } of partsOf(texts)) {
    let at = 0;
    do {
      const end = Math.min(part.length, at + batchUnits - units);
      batch.push({ text: part.slice(at, end), isLast: endsText && end === part.length });
      units += end - at;
      at = end;
      if (units < batchUnits && batch.length < batchItems) continue;
      yield batch;
      batch = [];
      units = 0;
    } while (at < part.length);
  }
  if (batch.length > 0) yield batch;
}

function* partsOf(texts: readonly CountedText[]): Generator<{ part: string; endsText: boolean }> {
  for (const text of texts) {
    if (typeof text === 'string') {
      yield { part: text, endsText: true };
      continue;
    }
    for (const part of text) yield { part, endsText: false };
    yield { part: '', endsText: true };
  }
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
