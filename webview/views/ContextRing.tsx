import type { VNode } from 'preact';
import type { ContextFigures } from '../../src/protocol.ts';

/** Its circumference is 100, so that a length along it is a percentage. */
const radius = 100 / (2 * Math.PI);

/**
 * A ring that fills clockwise with what is used of a window. What is kept free for the answer lies at its end, thinner and
 * apart: it is not used. An empty ring where nothing is known.
 */
export function ContextRing({ figures }: { readonly figures?: ContextFigures }): VNode {
  const { used = 0, window, reserved, fit = 'unknown' } = figures ?? {};
  const share = (tokens: number): number =>
    window === undefined ? 0 : Math.min(100, (tokens / window) * 100);
  const usedShare = used === 0 ? 0 : Math.max(1, share(used));
  const reservedShare = Math.min(share(reserved?.tokens ?? 0), 100 - usedShare);
  return (
    <svg
      class={`context-ring context-${fit}`}
      viewBox="-20 -20 40 40"
      width="18"
      height="18"
      aria-hidden="true"
    >
      <circle class="ring-track" r={radius} />
      {reservedShare > 0 && (
        <circle
          class="ring-reserved"
          r={radius}
          stroke-dasharray={`${reservedShare} 100`}
          stroke-dashoffset={reservedShare - 100}
          transform="rotate(-90)"
        />
      )}
      {usedShare > 0 && (
        <circle class="ring-used" r={radius} stroke-dasharray={`${usedShare} 100`} transform="rotate(-90)" />
      )}
    </svg>
  );
}
