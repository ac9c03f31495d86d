import type { TokenLogprob } from '../core/chat.ts';

/** One token of an answer, or a part of one where a mark begins or ends within it. */
export interface AnswerToken {
  /** What the token adds to the text; empty while a character is unfinished. */
  readonly text: string;
  /** Absent when log-probabilities were not asked for. */
  readonly logprob: TokenLogprob | undefined;
}

export function textOf(tokens: readonly AnswerToken[]): string {
  return tokens.map(({ text }) => text).join('');
}

/**
 * The tokens of the first `length` UTF-16 units and those behind them; one that crosses is cut in two, so that tokens
 * and text stay in step on both sides.
 */
export function splitTokens(
  tokens: readonly AnswerToken[],
  length: number,
): readonly [first: AnswerToken[], rest: AnswerToken[]] {
  let end = 0;
  const crossing = tokens.findIndex(({ text }) => (end += text.length) > length);
  if (crossing < 0) return [[...tokens], []];
  const token = tokens[crossing];
  const inside = length - (end - (token?.text.length ?? 0));
  const [first, rest] = [tokens.slice(0, crossing), tokens.slice(crossing + 1)];
  if (!token || inside <= 0) return [first, token ? [token, ...rest] : rest];
  return [
    [...first, part(token, 0, inside)],
    [part(token, inside, token.text.length), ...rest],
  ];
}

function part({ text, logprob }: AnswerToken, from: number, to: number): AnswerToken {
  const shown = text.slice(from, to);
  if (!logprob) return { text: shown, logprob };
  const before = new TextEncoder().encode(text.slice(0, from)).length;
  const behind = new TextEncoder().encode(text.slice(to)).length;
  const bytes = logprob.bytes?.slice(before, logprob.bytes.length - behind);
  return { text: shown, logprob: { ...logprob, token: shown, ...(bytes ? { bytes } : {}) } };
}
