import type { VNode } from 'preact';
import {
  type UsageGrouping,
  type UsageRange,
  usageRanges,
  type UsageState,
} from '../../../src/usageProtocol.ts';
import { type Measure, measures } from '../measures.ts';
import type { UsagePageView, UsageStore } from '../store.ts';
import { DayChart } from './DayChart.tsx';
import { GroupChart } from './GroupChart.tsx';
import { MonthBudget } from './MonthBudget.tsx';
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
  const measure = view.measure ?? (state.days.some(({ cost }) => cost > 0) ? 'cost' : 'tokens');
  const chartOf = (grouping: UsageGrouping) => ({
    measure,
    chosen: view.chosen?.grouping === grouping ? view.chosen.key : undefined,
    onChoose: (key: string | undefined) => store.choose(grouping, key),
  });
  return (
    <main class="usage">
      <Totals state={state} />
      {state.monthBudget !== null && <MonthBudget spent={state.month.cost} budget={state.monthBudget} />}
      <Shown state={state} measure={measure} store={store} />
      {state.days.length === 0 ? (
        <p class="quiet">Nothing was run in this time.</p>
      ) : (
        <>
          <DayChart days={state.days} {...chartOf('day')} />
          <GroupChart grouping="model" rows={state.models} {...chartOf('model')} />
          <GroupChart
            grouping="prompt"
            rows={state.prompts}
            {...chartOf('prompt')}
            onOpen={(uri) => store.open(uri)}
          />
        </>
      )}
    </main>
  );
}

interface ShownProps extends Pick<UsageProps, 'store'> {
  readonly state: UsageState;
  readonly measure: Measure;
}

/** What the charts show: of which time, and which figure. */
function Shown({ state, measure, store }: ShownProps): VNode {
  return (
    <div class="shown">
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
      <div class="measures" role="group" aria-label="What the bars show">
        {Object.entries(measures).map(([id, { name }]) => (
          <button key={id} aria-pressed={id === measure} onClick={() => store.chooseMeasure(id as Measure)}>
            {name}
          </button>
        ))}
      </div>
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
