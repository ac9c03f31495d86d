/** Takes the output of `git cat-file --batch` apart: a line `ID TYPE SIZE`, so many bytes, and a line end. */
export async function* readBlobs(
  output: AsyncIterable<Buffer>,
): AsyncGenerator<{ blob: string; text: string }> {
  const bytes = new ByteReader(output);
  for (;;) {
    const line = await bytes.line();
    if (line === undefined) return;
    const [blob = '', type, size] = line.split(' ');
    // `ID missing` has no bytes.
    if (size === undefined) continue;
    const content = await bytes.take(Number(size) + 1);
    if (type === 'blob') yield { blob, text: content.subarray(0, -1).toString('utf8') };
  }
}

/** Bytes that come in pieces, by the line or by number. A long run of them is joined once, when it is whole. */
class ByteReader {
  readonly #pieces: AsyncIterator<Buffer, unknown>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next line without its end, or `undefined` when there is none. */
  async line(): Promise<string | undefined> {
    let end = this.#rest.indexOf(lineEnd);
    while (end === -1) {
      const piece = await this.#pieces.next();
      if (piece.done) return undefined;
      this.#rest = Buffer.concat([this.#rest, piece.value]);
      end = this.#rest.indexOf(lineEnd);
    }
    const line = this.#rest.subarray(0, end).toString('latin1');
    this.#rest = this.#rest.subarray(end + 1);
    return line;
  }

  /** The next `count` bytes, or as many as there are. */
  async take(count: number): Promise<Buffer> {
    const pieces = [this.#rest];
    let length = this.#rest.length;
    while (length < count) {
      const piece = await this.#pieces.next();
      if (piece.done) break;
      pieces.push(piece.value);
      length += piece.value.length;
    }
    const all = pieces.length === 1 ? this.#rest : Buffer.concat(pieces);
    this.#rest = all.subarray(count);
    return all.subarray(0, count);
  }
}

const lineEnd = 0x0a;
