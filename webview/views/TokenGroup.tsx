import { Component, type VNode } from 'preact';
import { formatProbability } from '../../src/protocol.ts';
import { visibleToken, type TokenLogprob } from '../format.ts';

/** Tokens are drawn in groups of this many, so that a new one does not touch those before it. */
export const tokensPerGroup = 200;

/** The steps of shading, from sure to unsure. `from` is the least probability of each. */
export const uncertainty = [
  { level: 0, from: 0.9, label: '≥ 90%' },
  { level: 1, from: 0.7, label: '≥ 70%' },
  { level: 2, from: 0.4, label: '≥ 40%' },
  { level: 3, from: 0.15, label: '≥ 15%' },
  { level: 4, from: 0, label: '< 15%' },
] as const;

interface TokenGroupProps {
  readonly start: number;
  /** All tokens of the answer. They only ever grow at the end. */
  readonly tokens: readonly TokenLogprob[];
  /** The token that Tab reaches. */
  readonly reached: number;
}

/** The tokens from `start` on, one group of them. */
export class TokenGroup extends Component<TokenGroupProps> {
  override shouldComponentUpdate(next: TokenGroupProps): boolean {
    const { tokens, reached } = this.props;
    return (
      size(next) !== size(this.props) ||
      tokens[0] !== next.tokens[0] ||
      within(next, reached) !== within(next, next.reached)
    );
  }

  override render({ start, tokens, reached }: TokenGroupProps): VNode {
    return (
      <>
        {tokens.slice(start, start + tokensPerGroup).map((token, offset) => (
          <Token key={offset} token={token} index={start + offset} reached={start + offset === reached} />
        ))}
      </>
    );
  }
}

function Token({
  token,
  index,
  reached,
}: {
  readonly token: TokenLogprob;
  readonly index: number;
  readonly reached: boolean;
}): VNode {
  const probability = Math.exp(token.logprob);
  const level = uncertainty.find(({ from }) => probability >= from)?.level ?? 4;
  return (
    <span
      class={`token token-${level}`}
      role="option"
      aria-selected={reached}
      aria-label={`${visibleToken(token)} ${formatProbability(token.logprob)}`}
      data-index={index}
      tabIndex={reached ? 0 : -1}
    >
      {token.token === '' || token.token.includes('\uFFFD') ? visibleToken(token) : withLineEnds(token.token)}
    </span>
  );
}

/** Line ends shown and made, so that a token of nothing else can be seen. */
function withLineEnds(text: string): string {
  return text.replaceAll('\n', '↵\n');
}

function size({ start, tokens }: TokenGroupProps): number {
  return Math.min(tokensPerGroup, tokens.length - start);
}

/** Where in the group the token is that Tab reaches; -1 when it is in another. */
function within({ start }: TokenGroupProps, reached: number): number {
  return reached >= start && reached < start + tokensPerGroup ? reached - start : -1;
}
