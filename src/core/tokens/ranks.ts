import { maxVocabularySize, Vocabulary } from './vocabulary.ts';

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
 * Reads the text once, byte by byte, straight into the vocabulary's memory: splitting it into 200,000 strings
 * takes longer than all the rest. Special tokens are left out, because text never encodes to them.
 * @throws Error when the data is not in the format above.
 */
export function vocabularyFromRanks({ bpe_ranks: text }: RankData): Vocabulary {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  const starts = new Uint32Array(maxVocabularySize + 1);
  let id = 0;
  let filled = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const header = /^! (\d+) /.exec(line);
    if (!header) throw new Error(`Not a line of ranks: ${line.slice(0, 40)}`);
    // Ids that a gap leaves out become tokens without bytes.
    for (const first = Number(header[1]); id < first && id < maxVocabularySize; id++) starts[id] = filled;
    for (let at = header[0].length; at < line.length; at++) {
      starts[id++] = filled;
      for (; at < line.length && line.charCodeAt(at) !== blank; at += 4) {
        const third = line.charCodeAt(at + 2);
        const fourth = line.charCodeAt(at + 3);
        const high = (sextet(line.charCodeAt(at)) << 18) | (sextet(line.charCodeAt(at + 1)) << 12);
        const bits = high | (sextet(third) << 6) | sextet(fourth);
        if (bits < 0) throw new Error(`Not base64: ${line.slice(at, at + 4)}`);
        bytes[filled++] = bits >>> 16;
        if (third !== padding) bytes[filled++] = bits >>> 8;
        if (fourth !== padding) bytes[filled++] = bits;
      }
    }
  }
  starts[id] = filled;
  return new Vocabulary(bytes.slice(0, filled), starts.slice(0, id + 1));
}

/** The six bits that a character of base64 stands for; padding is 0, and what is not base64 is negative. */
function sextet(charCode: number): number {
  return sextets[charCode] ?? -1;
}

const blank = 0x20;
const padding = 0x3d;

const sextets: Int8Array = (() => {
  const values = new Int8Array(128).fill(-1);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value;
  values[padding] = 0;
  return values;
})();
