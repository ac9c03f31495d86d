/**
 * GPT-2's alphabet: vocabularies of byte-level BPE are stored as text in which each byte is one visible
 * character, so that `Ġ` is a blank and `Ċ` a newline.
 * Source: `bytes_to_unicode` in openai/gpt-2's src/encoder.py.
 */

/** The byte that a character of the alphabet stands for, or -1. */
export function byteOfSymbol(codePoint: number): number {
  return codePoint < bytesBySymbol.length ? (bytesBySymbol[codePoint] as number) : -1;
}

/**
 * The bytes that the UTF-8 of a text in the alphabet stands for, or `undefined` when it has other characters
 * too.
 */
export function bytesFromAlphabet(text: Uint8Array): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let codePoint = text[at] as number;
    // The alphabet ends below U+0144: two bytes of UTF-8 at most.
    if (codePoint >= 0xc0 && codePoint < 0xe0)
      codePoint = ((codePoint & 0x1f) << 6) | ((text[++at] ?? 0) & 0x3f);
    else if (codePoint >= 0x80) return undefined;
    const byte = byteOfSymbol(codePoint);
    if (byte < 0) return undefined;
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

/** Whether a byte stands for itself in the alphabet and is ASCII. */
export function isVisibleAscii(byte: number): boolean {
  return byte >= 0x21 && byte <= 0x7e;
}

const bytesBySymbol: Int16Array = (() => {
  const isVisible = (byte: number): boolean =>
    isVisibleAscii(byte) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  const symbols = new Int16Array(0x144).fill(-1);
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) symbols[isVisible(byte) ? byte : next++] = byte;
  return symbols;
})();
