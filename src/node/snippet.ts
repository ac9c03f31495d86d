import type { SnippetPiece } from '../core/conversation/store.ts';

/** How much text stands around the first word that was found, in UTF-16 units on each side. */
const around = 60;

/** The text around the first of `words`, with all of them marked, regardless of case. */
export function snippetAround(text: string, words: readonly string[]): readonly SnippetPiece[] {
  const anyWord = new RegExp(
    `(${words.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})`,
    'giu',
  );
  const first = text.search(anyWord);
  const start = Math.max(0, first - around);
  const end = Math.min(text.length, Math.max(first, 0) + around * 2);
  // Made whole again where it was cut in the middle of a character.
  const cut = text.slice(start, end).toWellFormed();
  return [
    { text: start > 0 ? '…' : '', isMatch: false },
    ...cut.split(anyWord).map((piece, index) => ({ text: piece, isMatch: index % 2 === 1 })),
    { text: end < text.length ? '…' : '', isMatch: false },
  ].filter((piece) => piece.text !== '');
}
