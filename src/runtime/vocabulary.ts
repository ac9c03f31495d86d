import { type LlamaModel, LlamaVocabularyType, type Token } from 'node-llama-cpp';
import { LlmError } from '../core/errors.ts';

/**
 * The bytes that a token adds to an answer; empty for control tokens. The engine's own `detokenize` gives text, which
 * loses the bytes of a token that is a part of a character, and drops a leading blank in SentencePiece vocabularies.
 */
export function bytesOf(model: LlamaModel, token: Token): Uint8Array {
  const { control, unknown, byte } = model.getTokenAttributes(token);
  if (control || unknown) return new Uint8Array();
  const stored = storedText(model, token);
  if (byte) return Uint8Array.of(parseInt(stored.slice('<0x'.length), 16));
  if (model.vocabularyType === LlamaVocabularyType.spm) return utf8.encode(stored.replaceAll('▁', ' '));
  const text = model.detokenize([token]);
  return text.includes('\uFFFD') ? byteLevelBytes(stored) : utf8.encode(text);
}

/** A token for people to read: its text, or its name such as `<|im_end|>` for a control token. */
export function nameOf(model: LlamaModel, token: Token): string {
  const bytes = bytesOf(model, token);
  return bytes.length > 0
    ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    : storedText(model, token);
}

/** @throws LlmError `bad-request` when the model has no token of that number. */
export function knownToken(model: LlamaModel, id: number): Token {
  const { length } = model.fileInfo.metadata.tokenizer.ggml.tokens;
  if (Number.isInteger(id) && id >= 0 && id < length) return id as Token;
  throw new LlmError('bad-request', `The model has no token ${id}. Its tokens are 0 to ${length - 1}.`);
}

function storedText(model: LlamaModel, token: Token): string {
  return model.fileInfo.metadata.tokenizer.ggml.tokens[token] ?? '';
}

/** Reads GPT-2's alphabet, in which byte-level vocabularies store one visible character per byte. */
function byteLevelBytes(stored: string): Uint8Array {
  return Uint8Array.from(stored, (symbol) => byteOfSymbol.get(symbol) ?? 0);
}

const byteOfSymbol: ReadonlyMap<string, number> = (() => {
  let next = 256;
  const isVisible = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  return new Map(bytes.map((byte) => [String.fromCharCode(isVisible(byte) ? byte : next++), byte]));
})();

const utf8 = new TextEncoder();
