import type { VNode } from 'preact';
import { formatEntropy, formatProbability } from '../../src/protocol.ts';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { visibleToken, type TokenLogprob } from '../format.ts';

/** Distance to the token and to the edges of the panel, in px. */
const gap = 6;

/** A token's probability and what could have stood in its place, beside the token's rectangle. */
export function TokenCard({ token, at }: { readonly token: TokenLogprob; readonly at: DOMRect }): VNode {
  const card = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = card.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    const below = at.bottom + gap + height < window.innerHeight;
    element.style.left = `${Math.max(gap, Math.min(at.left, window.innerWidth - width - gap))}px`;
    element.style.top = `${below ? at.bottom + gap : Math.max(gap, at.top - gap - height)}px`;
  }, [token, at]);

  const others = token.alternatives.filter((other) => other.token !== token.token);
  return (
    <div class="token-card" role="status" ref={card}>
      <table>
        <tbody>
          <Row token={token} chosen />
          {others.map((other, index) => (
            <Row key={index} token={other} chosen={false} />
          ))}
        </tbody>
      </table>
      {token.entropy && (
        <p
          class="quiet"
          title="How undecided the model was here: 1 bit is a choice between two equally likely tokens"
        >
          entropy {formatEntropy(token.entropy)}
        </p>
      )}
      {token.cut !== undefined && (
        <p class="quiet" title="What the settings ruled out before the token was drawn">
          the sampler cut {formatProbability(Math.log(token.cut))}
        </p>
      )}
      {others.length === 0 && <p class="quiet">No alternatives were reported.</p>}
    </div>
  );
}

function Row({
  token,
  chosen,
}: {
  readonly token: TokenLogprob['alternatives'][number];
  readonly chosen: boolean;
}): VNode {
  return (
    <tr class={chosen ? 'chosen' : ''}>
      <th scope="row">
        {visibleToken(token)}
        {chosen && <span class="unseen"> (chosen)</span>}
      </th>
      <td>{formatProbability(token.logprob)}</td>
      <td class="bar" title={`log-probability ${token.logprob.toFixed(4)}`}>
        <span style={{ width: `${Math.exp(token.logprob) * 100}%` }} />
      </td>
    </tr>
  );
}
