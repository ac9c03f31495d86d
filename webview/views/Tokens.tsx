import type { VNode } from 'preact';
import { formatCount, formatProbability } from '../../src/protocol.ts';
import { useRef, useState } from 'preact/hooks';
import { type TokenLogprob } from '../format.ts';
import { TokenCard } from './TokenCard.tsx';
import { TokenGroup, tokensPerGroup, uncertainty } from './TokenGroup.tsx';

/** Tokens less likely than this are what the up and down keys look for. */
const unsure = Math.log(0.5);

/** The answer token by token, shaded and underlined by probability; each shows its alternatives on hover or focus. */
export function Tokens({ tokens }: { readonly tokens: readonly TokenLogprob[] }): VNode {
  const list = useRef<HTMLDivElement>(null);
  // The one token that Tab reaches, and the one whose card is open.
  const [reached, setReached] = useState(0);
  const [open, setOpen] = useState<{ readonly index: number; readonly at: DOMRect }>();

  const show = (event: Event) => {
    const element = tokenElement(event.target);
    const rectangle = element?.getClientRects()[0];
    if (element && rectangle) setOpen({ index: Number(element.dataset['index']), at: rectangle });
  };
  const hide = () => setOpen(undefined);
  const move = (event: KeyboardEvent) => {
    const index = target(event.key, reached, tokens);
    if (index === undefined) return;
    event.preventDefault();
    list.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus();
  };
  const card = open && tokens[open.index];

  return (
    <div class="tokens-view">
      <Legend tokens={tokens} />
      <div
        class="tokens"
        ref={list}
        role="listbox"
        aria-orientation="horizontal"
        aria-label={`${formatCount(tokens.length)} tokens. Left and right move by one, up and down to the next uncertain one.`}
        onKeyDown={move}
        onMouseOver={show}
        onMouseLeave={hide}
        onFocusIn={(event) => {
          setReached(Number(tokenElement(event.target)?.dataset['index'] ?? 0));
          show(event);
        }}
        onFocusOut={hide}
      >
        {Array.from({ length: Math.ceil(tokens.length / tokensPerGroup) }, (_, group) => (
          <TokenGroup key={group} start={group * tokensPerGroup} tokens={tokens} reached={reached} />
        ))}
      </div>
      {card && <TokenCard token={card} at={open.at} />}
    </div>
  );
}

function Legend({ tokens }: { readonly tokens: readonly TokenLogprob[] }): VNode {
  const mean = tokens.reduce((sum, { logprob }) => sum + logprob, 0) / tokens.length;
  return (
    <div class="legend">
      <span class="legend-scale">
        {uncertainty.map(({ level, label }) => (
          <span key={level} class={`token token-${level}`}>
            {label}
          </span>
        ))}
      </span>
      <span title="The probability of a token, averaged as a geometric mean">
        mean {formatProbability(mean)}
      </span>
      <span title="e to the power of the mean negative log-probability: among how many equal choices the model chose">
        perplexity {Math.exp(-mean).toFixed(2)}
      </span>
    </div>
  );
}

function tokenElement(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
}

/** Where a key leads from a token; `undefined` when nowhere. */
function target(key: string, from: number, tokens: readonly TokenLogprob[]): number | undefined {
  const isUnsure = ({ logprob }: TokenLogprob) => logprob < unsure;
  const found = (index: number) => (index >= 0 && index < tokens.length ? index : undefined);
  switch (key) {
    case 'ArrowRight':
      return found(from + 1);
    case 'ArrowLeft':
      return found(from - 1);
    case 'ArrowDown':
      return found(tokens.findIndex((token, index) => index > from && isUnsure(token)));
    case 'ArrowUp':
      return found(tokens.findLastIndex((token, index) => index < from && isUnsure(token)));
    case 'Home':
      return 0;
    case 'End':
      return found(tokens.length - 1);
    default:
      return undefined;
  }
}
