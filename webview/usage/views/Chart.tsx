import type { VNode } from 'preact';
import { formatCount, formatUsd, type UsageRow } from '../../../src/usageProtocol.ts';
import type { Measure, UsagePageView, UsageStore } from '../store.ts';
import { Count } from './Count.tsx';
import { costOf } from './Totals.tsx';

interface ChartProps {
  readonly view: UsagePageView;
  /** The oldest first; at least one. */
  readonly days: readonly UsageRow[];
  readonly store: UsageStore;
}

const measures: Readonly<Record<Measure, { readonly name: string; readonly of: (row: UsageRow) => number }>> =
  {
    cost: { name: 'Cost', of: ({ cost }) => cost },
    tokens: { name: 'Tokens', of: ({ inputTokens, outputTokens }) => inputTokens + outputTokens },
    runs: { name: 'Runs', of: ({ runs }) => runs },
  };

/** The days as bars, with a table behind them. The arrow keys go from day to day. */
export function Chart({ view, days, store }: ChartProps): VNode {
  const hasCost = days.some(({ cost }) => cost > 0);
  const measure = view.measure ?? (hasCost ? 'cost' : 'tokens');
  const { name, of } = measures[measure];
  const most = Math.max(...days.map(of));
  const chosen = view.day === null ? undefined : days[view.day];
  return (
    <section aria-label="By day">
      <div class="chart-head">
        <h2>By day</h2>
        <div class="measures" role="group" aria-label="What the bars show">
          {Object.entries(measures).map(([id, { name: label }]) => (
            <button key={id} aria-pressed={id === measure} onClick={() => store.chooseMeasure(id as Measure)}>
              {label}
            </button>
          ))}
        </div>
      </div>
      <div
        class="chart"
        role="slider"
        tabIndex={0}
        aria-label={`${name} by day`}
        aria-valuemin={1}
        aria-valuemax={days.length}
        aria-valuenow={(view.day ?? days.length - 1) + 1}
        aria-valuetext={sentenceOf(chosen ?? (days.at(-1) as UsageRow))}
        onKeyDown={(event) => {
          const next = dayAfter(event.key, view.day ?? days.length, days.length);
          if (next === undefined) return;
          event.preventDefault();
          store.chooseDay(next);
        }}
        onMouseLeave={() => store.chooseDay(null)}
        onBlur={() => store.chooseDay(null)}
      >
        <Bars days={days} of={of} most={most} chosen={view.day} onDay={(day) => store.chooseDay(day)} />
        <div class="chart-scale quiet" aria-hidden="true">
          <span>{shortDay(days[0]?.key ?? '')}</span>
          <span>{days.length > 1 ? shortDay(days.at(-1)?.key ?? '') : ''}</span>
        </div>
        <span class="chart-most quiet" aria-hidden="true">
          {most === 0 ? '' : measure === 'cost' ? formatUsd(most) : formatCount(most)}
        </span>
      </div>
      <p class="readout" aria-hidden="true">
        {chosen ? sentenceOf(chosen) : 'Point at a day, or use the arrow keys.'}
      </p>
      <details>
        <summary>As a table</summary>
        <DayTable days={days.filter(({ runs }) => runs > 0).toReversed()} />
      </details>
    </section>
  );
}

interface BarsProps {
  readonly days: readonly UsageRow[];
  readonly of: (row: UsageRow) => number;
  readonly most: number;
  readonly chosen: number | null;
  readonly onDay: (day: number) => void;
}

/** Drawn in a box of one unit a day and 100 in height, which is stretched to the view. */
function Bars({ days, of, most, chosen, onDay }: BarsProps): VNode {
  return (
    <svg viewBox={`0 0 ${days.length} 100`} preserveAspectRatio="none" aria-hidden="true">
      {days.map((day, index) => {
        // A day on which something ran shows at least a line.
        const height = most === 0 ? 0 : Math.max((of(day) / most) * 100, of(day) > 0 ? 1.5 : 0);
        return (
          <g key={day.key} class={index === chosen ? 'day chosen' : 'day'} onMouseEnter={() => onDay(index)}>
            <rect class="column" x={index} y={0} width={1} height={100} />
            <rect class="bar" x={index + 0.1} y={100 - height} width={0.8} height={height} />
          </g>
        );
      })}
    </svg>
  );
}

function DayTable({ days }: { readonly days: readonly UsageRow[] }): VNode {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">Runs</th>
          <th scope="col">In</th>
          <th scope="col">Out</th>
          <th scope="col">Cost</th>
        </tr>
      </thead>
      <tbody>
        {days.map((day) => (
          <tr key={day.key}>
            <th scope="row">{day.key}</th>
            {[day.runs, day.inputTokens, day.outputTokens].map((value, index) => (
              <td key={index}>
                <Count value={value} />
              </td>
            ))}
            <td>{costOf(day)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `2026-11-24: 3 runs, 1,234 in, 567 out, $0.0123`. */
function sentenceOf(day: UsageRow): string {
  const runs = `${formatCount(day.runs)} ${day.runs === 1 ? 'run' : 'runs'}`;
  if (day.runs === 0) return `${day.key}: no runs`;
  return `${day.key}: ${runs}, ${formatCount(day.inputTokens)} in, ${formatCount(day.outputTokens)} out, ${costOf(day)}`;
}

/** `Nov 24`; the day is one of the calendar and has no time zone. */
function shortDay(day: string): string {
  return day === '' ? '' : monthAndDay.format(new Date(day));
}

const monthAndDay = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** Where a key goes from a day, or `undefined` for a key that goes nowhere. */
function dayAfter(key: string, from: number, count: number): number | undefined {
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: from - 1,
    ArrowDown: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from + 1,
    PageDown: from - 7,
    PageUp: from + 7,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.min(Math.max(target, 0), count - 1);
}
