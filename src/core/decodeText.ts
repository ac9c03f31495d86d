/** Bytes that are no text. The message is a sentence that can follow the name of the file. */
export class NotTextError extends Error {
  override readonly name = 'NotTextError';
}

/** How much of a file is looked at for a zero, which no text has, in bytes. git does the same. */
const looked = 8192;

/**
 * The text of a file's bytes, without a byte order mark.
 * @throws NotTextError for a binary file, and for what is not UTF-8.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.subarray(0, looked).includes(0)) throw new NotTextError('It is a binary file, not text.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new NotTextError('It is not text in UTF-8. Save it in that encoding.', { cause: error });
  }
}
