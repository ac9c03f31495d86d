import { Tiktoken } from 'js-tiktoken/lite';
import { get_encoding } from 'tiktoken';
import type * as GptTokenizer from 'gpt-tokenizer/encoding/o200k_base';
import type { EncodingName } from '../../../src/core/tokens/encodings.ts';
import { ranksOf } from './encodings.ts';

/** The ids of a text, all of it plain text. */
export type Encode = (text: string) => ArrayLike<number>;

/** The libraries that count OpenAI's tokens. `tiktoken` is OpenAI's own Rust as WebAssembly and says what is right. */
export const references = {
  tiktoken: (name: EncodingName): Encode => {
    const encoding = get_encoding(name);
    return (text) => encoding.encode_ordinary(text);
  },
  'js-tiktoken': async (name: EncodingName): Promise<Encode> => {
    const encoding = new Tiktoken(await ranksOf(name));
    return (text) => encoding.encode(text, [], []);
  },
  'gpt-tokenizer': async (name: EncodingName): Promise<Encode> => {
    const { encode } = (await import(`gpt-tokenizer/encoding/${name}`)) as typeof GptTokenizer;
    return (text) => encode(text, { disallowedSpecial: new Set() });
  },
} as const;
