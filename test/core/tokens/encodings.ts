import { openAiEncoding, type EncodingName } from '../../../src/core/tokens/encodings.ts';
import type { Encoding } from '../../../src/core/tokens/encoding.ts';
import type { TiktokenBPE } from 'js-tiktoken/lite';

/** The data of an encoding, as js-tiktoken has it. */
export async function ranksOf(name: EncodingName): Promise<TiktokenBPE> {
  const module = (await import(`js-tiktoken/ranks/${name}`)) as { readonly default: TiktokenBPE };
  return module.default;
}

/** The text of `ids`; U+FFFD stands where their bytes are not whole characters. */
export function decoded(encoding: Encoding, ids: Iterable<number>): string {
  const bytes = Array.from(ids).flatMap((id) => [...encoding.bytesOf(id)]);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

export async function encodingOf(name: EncodingName): Promise<Encoding> {
  return openAiEncoding(name, await ranksOf(name));
}
