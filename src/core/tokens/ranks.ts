import { Vocabulary } from './vocabulary.ts';

/**
 * The data of one of OpenAI's encodings as `js-tiktoken/ranks/*` exports it. `bpe_ranks` is lines of
 * `! firstRank token token …`, each token in base64; a token's rank is its id.
 */
export interface RankData {
  readonly bpe_ranks: string;
  /** Text and id of the tokens that only a program may write, such as `<|endoftext|>`. */
  readonly special_tokens: { readonly [text: string]: number };
}

/**
 * Reads the text once, byte by byte, straight into the vocabulary's memory: splitting it into 200,000 strings takes
 * longer than all the rest. Special tokens are left out, because text never encodes to them.
 * @throws Error when the data is not in the format above.
 */
export function vocabularyFromRanks({ bpe_ranks: text }: RankData): Vocabulary {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  const starts: number[] = [];
  let filled = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const header = /^! (\d+) /.exec(line);
    if (!header) throw new Error(`Not a line of ranks: ${line.slice(0, 40)}`);
    // Ids that a gap leaves out become tokens without bytes.
    for (const first = Number(header[1]); starts.length < first; ) starts.push(filled);
    for (let at = header[0].length; at < line.length; at++) {
      starts.push(filled);
      let bits = 0;
      let bitCount = 0;
      for (; at < line.length && line.charCodeAt(at) !== blank; at++) {
        const value = base64Values[line.charCodeAt(at)] ?? invalid;
        if (value === padding) continue;
        if (value === invalid) throw new Error(`Not base64 at ${at} of the line of ranks from ${header[1] ?? ''}.`);
        bits = (bits << 6) | value;
        bitCount += 6;
        if (bitCount < 8) continue;
        bitCount -= 8;
        bytes[filled++] = bits >>> bitCount;
      }
    }
  }
  return new Vocabulary(bytes.slice(0, filled), Uint32Array.from([...starts, filled]));
}

const blank = 0x20;
const padding = 64;
const invalid = 65;

const base64Values: Uint8Array = (() => {
  const values = new Uint8Array(128).fill(invalid);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';
  for (let value = 0; value <= padding; value++) values[alphabet.charCodeAt(value)] = value;
  return values;
})();
