import type { VNode } from 'preact';
import { formatCount, type UsageState, type UsageTotals } from '../../../src/usageProtocol.ts';
import { costOf } from '../measures.ts';
import { Count } from './Count.tsx';

const measures: readonly {
  readonly name: string;
  /** Whether it is a part of the one above. */
  readonly isPart?: boolean;
  readonly figure: (totals: UsageTotals) => VNode | string;
}[] = [
  { name: 'Runs', figure: ({ runs }) => <Count value={runs} /> },
  { name: 'Tokens in', figure: ({ inputTokens }) => <Count value={inputTokens} /> },
  { name: 'cached', isPart: true, figure: ({ cachedTokens }) => <Count value={cachedTokens} /> },
  { name: 'Tokens out', figure: ({ outputTokens }) => <Count value={outputTokens} /> },
  { name: 'reasoning', isPart: true, figure: ({ reasoningTokens }) => <Count value={reasoningTokens} /> },
  { name: 'Cost', figure: costOf },
];

/** What was used today, this month and ever. */
export function Totals({ state: { today, month, all } }: { readonly state: UsageState }): VNode {
  return (
    <section aria-label="Totals">
      <table class="totals">
        <thead>
          <tr>
            <td />
            <th scope="col">Today</th>
            <th scope="col">Month</th>
            <th scope="col">All</th>
          </tr>
        </thead>
        <tbody>
          {measures.map(({ name, isPart, figure }) => (
            <tr key={name} class={isPart ? 'part' : name === 'Cost' ? 'sum' : undefined}>
              <th scope="row">{name}</th>
              {[today, month, all].map((totals, index) => (
                <td key={index}>{figure(totals)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {all.unpricedRuns > 0 && (
        <p class="note">
          {all.unpricedRuns === 1 ? '1 run has' : `${formatCount(all.unpricedRuns)} runs have`} no known cost
          and {all.unpricedRuns === 1 ? 'is' : 'are'} not in the sums. Prices can be set in{' '}
          <code>llmPlayground.prices</code>.
        </p>
      )}
    </section>
  );
}
