/** A piece of Markdown: what stands in a fenced block, or what stands between them. */
export interface FencedPiece {
  readonly isCode: boolean;
  readonly text: string;
}

/** Text cut where its fenced blocks begin and end (CommonMark 0.31, section 4.5), in order, without the fences. */
export function fencedPieces(text: string): readonly FencedPiece[] {
  const pieces: { isCode: boolean; lines: string[] }[] = [{ isCode: false, lines: [] }];
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    const next = fenceAfter(fence, line);
    if (next === fence) {
      pieces.at(-1)?.lines.push(line);
    } else {
      fence = next;
      pieces.push({ isCode: fence !== undefined, lines: [] });
    }
  }
  return pieces
    .map(({ isCode, lines }) => ({ isCode, text: lines.join('\n') }))
    .filter((piece) => piece.isCode || piece.text !== '');
}

/** Text with its last fenced block closed, so that it does not take in what follows. */
export function withClosedFence(text: string): string {
  let fence: string | undefined;
  for (const line of text.split('\n')) fence = fenceAfter(fence, line);
  return fence === undefined ? text : `${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

/** Any text as a fenced block, between fences that are longer than any in it. */
export function fenced(text: string, language: string): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

/** The fence that is open after a line, as it was written; `undefined` for none. */
function fenceAfter(open: string | undefined, line: string): string | undefined {
  const found = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line.endsWith('\r') ? line.slice(0, -1) : line);
  const [, fence = '', rest = ''] = found ?? [];
  if (open === undefined) return found && !(fence.startsWith('`') && rest.includes('`')) ? fence : undefined;
  const isEnd = fence[0] === open[0] && fence.length >= open.length && rest.trim() === '';
  return isEnd ? undefined : open;
}
