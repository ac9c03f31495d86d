/** Texts and bytes as the inspector writes them: nothing in a token is invisible. */

/** A piece of a text: itself, or a mark that stands for a character that cannot be seen. */
export interface VisiblePiece {
  readonly text: string;
  readonly isMark: boolean;
}

/** The text with its white space and control characters as marks. */
export function visiblePieces(text: string): VisiblePiece[] {
  return (
    text
      .match(unseen)
      ?.map((piece) =>
        isUnseen.test(piece)
          ? { text: Array.from(piece, markFor).join(''), isMark: true }
          : { text: piece, isMark: false },
      ) ?? []
  );
}

/** The same in one text. */
export function visibleText(text: string): string {
  return visiblePieces(text)
    .map((piece) => piece.text)
    .join('');
}

/** The text as it is read out: in quotes, or by the names of its characters where it is nothing but white space. */
export function spokenText(text: string): string {
  if (text.trim() !== '') return `'${text}'`;
  const names = Array.from(text, (character) => spokenNames[character] ?? markFor(character));
  const runs: { name: string; count: number }[] = [];
  for (const name of names) {
    const last = runs.at(-1);
    if (last?.name === name) last.count++;
    else runs.push({ name, count: 1 });
  }
  return runs.map(({ name, count }) => (count === 1 ? name : `${count} ${name}s`)).join(', ');
}

/** Hexadecimal digits in groups of one byte: `E4 B8 AD`. */
export function spacedBytes(hex: string): string {
  return (hex.match(/../g) ?? []).join(' ').toUpperCase();
}

/** The text of bytes given as hexadecimal digits, or `undefined` where they are not whole characters. */
export function textOfBytes(hex: string): string | undefined {
  try {
    return utf8.decode(Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16)));
  } catch {
    return undefined;
  }
}

/** What stands for bytes: their text, or `⟨E4 B8⟩`. */
export function visibleBytes(hex: string): string {
  const text = textOfBytes(hex);
  return text === undefined ? `⟨${spacedBytes(hex)}⟩` : visibleText(text);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** White space, controls and formats; each run of them, and each run of anything else. */
const unseen = /[\p{Z}\p{Cc}\p{Cf}]+|[^\p{Z}\p{Cc}\p{Cf}]+/gu;
const isUnseen = /^[\p{Z}\p{Cc}\p{Cf}]/u;

function markFor(character: string): string {
  const mark = marks[character];
  if (mark !== undefined) return mark;
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

const marks: Readonly<Record<string, string>> = {
  ' ': '·',
  '\n': '↵',
  '\r': '␍',
  '\t': '⇥',
  '\u00A0': '⍽',
};

const spokenNames: Readonly<Record<string, string>> = {
  ' ': 'space',
  '\n': 'line break',
  '\r': 'carriage return',
  '\t': 'tab',
};
