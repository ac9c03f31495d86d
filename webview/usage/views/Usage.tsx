import type { VNode } from 'preact';
import { type UsageRange, usageRanges, type UsageState } from '../../../src/usageProtocol.ts';
import type { UsagePageView, UsageStore } from '../store.ts';
import { Chart } from './Chart.tsx';
import { MonthBudget } from './MonthBudget.tsx';
import { Rows } from './Rows.tsx';
import { Totals } from './Totals.tsx';

interface UsageProps {
  readonly view: UsagePageView;
  readonly store: UsageStore;
}

/** The whole page. */
export function Usage({ view, store }: UsageProps): VNode | null {
  const { connection, state } = view;
  if (connection === 'outdated')
    return <Message text="This view is of another version. Reload the window." />;
  if (!state) return null;
  if (state.problem !== null) return <Message text={state.problem} isProblem />;
  if (state.all.runs === 0)
    return <Message text="Nothing has been run yet. Run a prompt, and what it used and cost stands here." />;
  return (
    <main class="usage">
      <Totals state={state} />
      {state.monthBudget !== null && <MonthBudget spent={state.month.cost} budget={state.monthBudget} />}
      <Span state={state} store={store} />
      {state.days.length === 0 ? (
        <p class="quiet">Nothing was run in this time.</p>
      ) : (
        <>
          <Chart view={view} days={state.days} store={store} />
          <Rows grouping="model" title="Models" rows={state.models} />
          <Rows grouping="prompt" title="Prompts" rows={state.prompts} onOpen={(uri) => store.open(uri)} />
        </>
      )}
    </main>
  );
}

function Span({ state, store }: { readonly state: UsageState; readonly store: UsageStore }): VNode {
  return (
    <div class="span">
      <select
        aria-label="Time"
        value={state.range}
        onChange={({ currentTarget }) => store.chooseRange(currentTarget.value as UsageRange)}
      >
        {Object.entries(usageRanges).map(([range, name]) => (
          <option key={range} value={range}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

function Message({
  text,
  isProblem = false,
}: {
  readonly text: string;
  readonly isProblem?: boolean;
}): VNode {
  return <p class={isProblem ? 'message problem' : 'message quiet'}>{text}</p>;
}
