/** Many texts in two arrays: a vocabulary of 260,000 tokens as strings takes 16 MB more. */
export interface TextList {
  /** The UTF-8 of all texts, one after the other. */
  readonly bytes: Uint8Array;
  /** Where each text starts, and last where the last one ends: one more than there are texts. */
  readonly starts: Uint32Array;
}

export function textCount({ starts }: TextList): number {
  return Math.max(0, starts.length - 1);
}

/** The UTF-8 of the text at `index`; a view. */
export function textBytes({ bytes, starts }: TextList, index: number): Uint8Array {
  return bytes.subarray(starts[index], starts[index + 1]);
}

/** A list of `texts`; for small ones and for tests. */
export function textList(texts: readonly string[]): TextList {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const starts = new Uint32Array(texts.length + 1);
  encoded.forEach(({ length }, index) => (starts[index + 1] = (starts[index] as number) + length));
  const bytes = new Uint8Array(starts[texts.length] as number);
  encoded.forEach((text, index) => bytes.set(text, starts[index]));
  return { bytes, starts };
}
