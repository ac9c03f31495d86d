import type { TokenLogprob } from '../core/chat.ts';

/** Where a scored token stands in its text, as UTF-16 offsets, end exclusive. */
export interface ScoredSpan {
  readonly start: number;
  readonly end: number;
  readonly token: TokenLogprob;
}

/**
 * Finds the tokens in the text that they were made of. A token that ends within a character stands where that character
 * does, together with those that complete it.
 * @param unscored how many UTF-16 units come before the first token.
 */
export function scoredSpans(tokens: readonly TokenLogprob[], unscored: number): ScoredSpan[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const spans: ScoredSpan[] = [];
  let start = unscored;
  let waiting: TokenLogprob[] = [];
  for (const token of tokens) {
    waiting.push(token);
    const text = decoder.decode(Uint8Array.from(token.bytes ?? []), { stream: true });
    if (text === '') continue;
    const end = start + text.length;
    for (const one of waiting) spans.push({ start, end, token: one });
    start = end;
    waiting = [];
  }
  return spans;
}

/** How sure the model was of a token, from 0 for at least 90 % to 4 for less than 15 %, as the panel shades tokens. */
export function shadeOf({ logprob }: TokenLogprob): number {
  const steps = [0.9, 0.7, 0.4, 0.15];
  const shade = steps.findIndex((least) => Math.exp(logprob) >= least);
  return shade < 0 ? steps.length : shade;
}
