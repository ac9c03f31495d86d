import type { VNode } from 'preact';
import { bidiMark, hasBidiControls, pieces } from '../bidi.ts';
import { memo } from '../memo.ts';

/** Text as it is. Lines that are finished are drawn once: when the text grows, only its last piece is laid out again. */
export function LongText({ text }: { readonly text: string }): VNode {
  return (
    <div class="plain">
      {cutAtLines(text).map((piece, index) => (
        <Piece key={index} text={piece} />
      ))}
    </div>
  );
}

const Piece = memo(({ text }: { readonly text: string }) => (
  <div dir="auto">{hasBidiControls(text) ? pieces(text).map(marked) : text}</div>
));

function marked(piece: string): VNode | string {
  if (!hasBidiControls(piece)) return piece;
  return (
    <span class="bidi-control" data-mark={bidiMark(piece)}>
      {piece}
    </span>
  );
}

/** About this many UTF-16 units per piece. */
const pieceLength = 2000;

/** The text cut at line ends, which are left out because each piece is a block of its own. */
function cutAtLines(text: string): readonly string[] {
  const cut: string[] = [];
  let start = 0;
  for (;;) {
    const end = text.indexOf('\n', start + pieceLength);
    if (end < 0) return [...cut, text.slice(start)];
    cut.push(text.slice(start, end));
    start = end + 1;
  }
}
