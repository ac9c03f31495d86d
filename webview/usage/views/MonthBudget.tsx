import type { VNode } from 'preact';
import { formatUsd } from '../../../src/usageProtocol.ts';

interface MonthBudgetProps {
  /** Both in USD. */
  readonly spent: number;
  readonly budget: number;
}

/** How much of the month's budget is used. */
export function MonthBudget({ spent, budget }: MonthBudgetProps): VNode {
  const share = budget > 0 ? spent / budget : 1;
  const level = share >= 1 ? 'over' : share >= 0.8 ? 'near' : 'within';
  return (
    <section class={`budget ${level}`}>
      <label for="budget">
        {formatUsd(spent)} of {formatUsd(budget)} this month
        <span class="quiet">
          {' '}
          · {Math.floor(share * 100)} %{level === 'over' ? ', used up' : ''}
        </span>
      </label>
      <progress id="budget" max={1} value={Math.min(1, share)} />
    </section>
  );
}
