/**
 * Marks for characters that change the order in which the text behind them is read. Left alone, they make code or an
 * address look like another. Each is shown by its number and has no effect beyond itself; what is copied still has it.
 */

const controls = /[\u202A-\u202E\u2066-\u2069]/g;

/** Puts a mark around every such character in the texts of a fragment. */
export function markBidiControls(fragment: DocumentFragment): void {
  const texts = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (texts.nextNode()) {
    const text = texts.currentNode as Text;
    if (hasBidiControls(text.data)) found.push(text);
  }
  for (const text of found) text.replaceWith(...pieces(text.data).map(nodeOf));
}

export function hasBidiControls(text: string): boolean {
  return text.search(controls) >= 0;
}

/** The text in pieces, each such character in one of its own. */
export function pieces(text: string): readonly string[] {
  return text.split(/([\u202A-\u202E\u2066-\u2069])/).filter((piece) => piece !== '');
}

/** `U+202E` */
export function bidiMark(control: string): string {
  return `U+${(control.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
}

function nodeOf(piece: string): Node {
  if (!hasBidiControls(piece)) return document.createTextNode(piece);
  const mark = document.createElement('span');
  mark.className = 'bidi-control';
  mark.dataset['mark'] = bidiMark(piece);
  mark.title = 'A character that changes the direction of the text behind it';
  mark.textContent = piece;
  return mark;
}
