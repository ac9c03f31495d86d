import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { openAiEncoding } from '../../src/core/tokens/encodings.ts';
import type { RankData } from '../../src/core/tokens/ranks.ts';

/** Who counts tokens in `tokens.bench.ts`: ours and three libraries, all with o200k_base and all text as plain text. */
export interface Counter {
  readonly count: (text: string) => number;
  /** The ids; ours with the place of each. */
  readonly encode: (text: string) => ArrayLike<number>;
}

/** Bundles ours into `folder` as it ships: without types to take out, and in one file. */
export function bundleOurs(folder: string): string {
  const outfile = join(folder, 'ours.mjs');
  const contents = `
    export { openAiEncoding } from './src/core/tokens/encodings.ts';
    export { default as ranks } from 'js-tiktoken/ranks/o200k_base';`;
  const resolveDir = join(import.meta.dirname, '../..');
  buildSync({ stdin: { contents, resolveDir }, bundle: true, minify: true, format: 'esm', outfile });
  return outfile;
}

/** Each loads what it needs when it is called, so that loading can be measured; ours from the bundle. */
export const contestants = {
  ours: async (bundle: string): Promise<Counter> => {
    const { openAiEncoding, ranks } = (await import(bundle)) as OurBundle;
    const encoding = openAiEncoding('o200k_base', ranks);
    return { count: (text) => encoding.count(text), encode: (text) => encoding.encode(text).ids };
  },
  'js-tiktoken': async (): Promise<Counter> => {
    const [{ Tiktoken }, { default: ranks }] = await Promise.all([
      import('js-tiktoken/lite'),
      import('js-tiktoken/ranks/o200k_base'),
    ]);
    const encoding = new Tiktoken(ranks);
    const encode = (text: string): number[] => encoding.encode(text, [], []);
    return { count: (text) => encode(text).length, encode };
  },
  'gpt-tokenizer': async (): Promise<Counter> => {
    const { countTokens, encode } = await import('gpt-tokenizer/encoding/o200k_base');
    const asPlainText = { disallowedSpecial: new Set<string>() };
    return { count: (text) => countTokens(text, asPlainText), encode: (text) => encode(text, asPlainText) };
  },
  tiktoken: async (): Promise<Counter> => {
    const { get_encoding } = await import('tiktoken');
    const encoding = get_encoding('o200k_base');
    const encode = (text: string): Uint32Array => encoding.encode_ordinary(text);
    return { count: (text) => encode(text).length, encode };
  },
} as const;

interface OurBundle {
  readonly openAiEncoding: typeof openAiEncoding;
  readonly ranks: RankData;
}

export type Contestant = keyof typeof contestants;

export const contestantNames = Object.keys(contestants) as Contestant[];
