import type { VNode } from 'preact';
import { formatCount } from '../../../src/usageProtocol.ts';

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });

/** `9,310`, `41.3K`, `1.2M`: as many digits as there is room for in a side bar. Hovers and readers have all of them. */
export function Count({ value }: { readonly value: number }): VNode {
  const whole = formatCount(value);
  if (value < 10_000) return <>{whole}</>;
  return (
    <>
      <span title={whole} aria-hidden="true">
        {compact.format(value)}
      </span>
      <span class="unseen">{whole}</span>
    </>
  );
}
