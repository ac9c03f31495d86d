import type { GgufMetadata } from './gguf.ts';

/** The first tokens of every vocabulary made here; the 256 single bytes follow from {@link firstByteToken}. */
export const specialTokens = ['<|end|>', '<|system|>', '<|user|>', '<|assistant|>'] as const;

export const endToken = specialTokens.indexOf('<|end|>');
export const firstByteToken = specialTokens.length;
export const firstWordToken = firstByteToken + 256;

/** Each turn is `<|role|>`, its text and `<|end|>`; an answer starts after `<|assistant|>` and ends with `<|end|>`. */
const chatTemplate =
  '{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}' +
  '{% if add_generation_prompt %}<|assistant|>{% endif %}';

/**
 * The metadata of a byte-level BPE tokenizer. Its vocabulary is the special tokens, the 256 bytes, then `words`.
 * @param words tokens of two bytes or more, in the alphabet of {@link byteLevel} and without duplicates.
 * @param template of chats; `null` for a model that has none.
 * @param merges pairs of tokens that join into one, most important first.
 */
export function tokenizerMetadata(
  words: readonly string[],
  merges: readonly (readonly [string, string])[],
  template: string | null = chatTemplate,
): GgufMetadata {
  const tokens = [...specialTokens, ...byteSymbols, ...words];
  return {
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'gpt-2',
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.token_type': tokens.map((_, id) =>
      id < firstByteToken ? tokenTypes.control : tokenTypes.normal,
    ),
    'tokenizer.ggml.merges': merges.map((pair) => pair.join(' ')),
    'tokenizer.ggml.bos_token_id': endToken,
    'tokenizer.ggml.eos_token_id': endToken,
    'tokenizer.ggml.add_bos_token': false,
    ...(template === null ? {} : { 'tokenizer.chat_template': template }),
  };
}

/** Bytes in GPT-2's alphabet, one visible character per byte, so that a vocabulary can be listed as text. */
export function byteLevel(text: string | Uint8Array): string {
  return Array.from(Buffer.from(text), (byte) => byteSymbols[byte]).join('');
}

const tokenTypes = { normal: 1, control: 3 } as const;

const byteSymbols: readonly string[] = (() => {
  let next = 256;
  const isVisible = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isVisible(byte) ? byte : next++));
})();
