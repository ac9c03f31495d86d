import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatCount } from '../../../src/inspectorProtocol.ts';
import type { Token } from '../tokens.ts';
import { spacedBytes, visibleBytes } from '../visible.ts';

/** Distance to the token and to the edges of the page, in px. */
const gap = 8;

interface TokenCardProps {
  readonly token: Token;
  readonly total: number;
  /** The token's rectangle, that of its first line. */
  readonly at: DOMRect;
}

/** A token's id and bytes, beside it. A screen reader has heard them from the token itself. */
export function TokenCard({ token, total, at }: TokenCardProps): VNode {
  const card = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = card.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    const below = at.bottom + gap + height < window.innerHeight;
    element.style.left = `${Math.max(gap, Math.min(at.left, window.innerWidth - width - gap))}px`;
    element.style.top = `${below ? at.bottom + gap : Math.max(gap, at.top - gap - height)}px`;
  }, [token, at]);

  const bytes = token.bytes.length / 2;
  return (
    <div class="token-card" aria-hidden="true" ref={card}>
      <div class="card-text">{visibleBytes(token.bytes)}</div>
      <dl>
        <dt>id</dt>
        <dd>{token.id}</dd>
        <dt>bytes</dt>
        <dd>
          {spacedBytes(token.bytes)} <span class="quiet">({bytes})</span>
        </dd>
        <dt>token</dt>
        <dd>
          {formatCount(token.index + 1)} of {formatCount(total)}
        </dd>
      </dl>
      {token.isPartial && <p>Part of a character.</p>}
      <p class="quiet">Click or Enter: how BPE got there</p>
    </div>
  );
}
