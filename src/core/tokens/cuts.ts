import { classOf, letter, number, punctuation, space, symbol } from './characterClass.ts';

/**
 * Whether the text can be cut before the UTF-16 offset `at` without changing its tokens, whatever came before
 * and whatever comes later. `0 < at < text.length`. Large texts, streams and edits are counted between cuts.
 */
export type CutTest = (text: string, at: number) => boolean;

/**
 * The cuts of every encoding that splits by a pattern. After a letter or digit there is one before white
 * space, before punctuation and symbols other than the apostrophe (which can start a contraction), and
 * between letters and digits: no pattern here has a piece across such a place, nor looks ahead over it to
 * decide about a piece before it.
 */
export const isPatternCut: CutTest = (text, at) => {
  const before = classOf(text.charCodeAt(at - 1));
  if ((before & (letter | number)) === 0) return false;
  const next = text.charCodeAt(at);
  const after = classOf(next);
  if (after & space) return true;
  if (after & (punctuation | symbol)) return next !== apostrophe;
  return (before & letter) !== 0 ? (after & number) !== 0 : (after & letter) !== 0;
};

const apostrophe = 0x27;

/** The first cut at or after `from`, or the end of the text. */
export function nextCut(text: string, from: number, isCut: CutTest): number {
  let at = Math.max(from, 1);
  while (at < text.length && !isCut(text, at)) at++;
  return Math.min(at, text.length);
}
