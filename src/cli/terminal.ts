/**
 * Text that models or files wrote, as it may be shown. On a terminal, what could move its cursor, change its title or turn the
 * direction of text becomes visible instead; a file or another program gets it as it is.
 */
export function shown(text: string, { isTTY }: { readonly isTTY?: boolean } = process.stdout): string {
  return isTTY ? text.replaceAll(controls, visible) : text;
}

/** Control characters but tab and line feed, and the marks that turn the direction of text. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** ␛ for the escape character, as Unicode's pictures of control characters are; the rest by its number. */
function visible(mark: string): string {
  const code = mark.charCodeAt(0);
  // Lines of Windows end with it, and alone it would write over the line.
  if (mark === '\r') return '';
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : `\\u{${code.toString(16)}}`;
}
