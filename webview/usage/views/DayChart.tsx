import type { VNode } from 'preact';
import type { UsageRow } from '../../../src/usageProtocol.ts';
import { costOf, type Measure, measures, sentenceOf } from '../measures.ts';
import { ChartSection } from './ChartSection.tsx';
import { Count } from './Count.tsx';

interface DayChartProps {
  /** The oldest first; at least one. */
  readonly days: readonly UsageRow[];
  readonly measure: Measure;
  /** The day that is read out; `undefined` for none. */
  readonly chosen: string | undefined;
  readonly onChoose: (day: string | undefined) => void;
}

/** The days as bars, with a table behind them. The arrow keys go from day to day. */
export function DayChart({ days, measure, chosen, onChoose }: DayChartProps): VNode {
  const { name, of, figure } = measures[measure];
  const [first, last] = [days[0], days.at(-1)];
  const most = days.reduce((highest, day) => (of(day) > of(highest) ? day : highest));
  const place = days.findIndex(({ key }) => key === chosen);
  const day = days[place];
  return (
    <ChartSection
      title="By day"
      readout={day ? sentenceOf(day.key, day) : 'Point at a day, or use the arrow keys.'}
      table={<DayTable days={days.filter(({ runs }) => runs > 0).toReversed()} />}
    >
      <div
        class="chart"
        role="slider"
        tabIndex={0}
        aria-label={`${name} by day`}
        aria-valuemin={1}
        aria-valuemax={days.length}
        aria-valuenow={(place < 0 ? days.length - 1 : place) + 1}
        aria-valuetext={saidOf(day ?? last)}
        onKeyDown={(event) => {
          const next = dayAfter(event.key, place < 0 ? days.length : place, days.length);
          if (next === undefined) return;
          event.preventDefault();
          onChoose(days[next]?.key);
        }}
        onMouseLeave={() => onChoose(undefined)}
        onBlur={() => onChoose(undefined)}
      >
        <Bars days={days} of={of} most={of(most)} chosen={place} onDay={onChoose} />
        <div class="chart-scale quiet" aria-hidden="true">
          <span>{shortDay(first)}</span>
          <span>{days.length > 1 ? shortDay(last) : ''}</span>
        </div>
        <span class="chart-most quiet" aria-hidden="true">
          {of(most) === 0 ? '' : figure(most)}
        </span>
      </div>
    </ChartSection>
  );
}

interface BarsProps {
  readonly days: readonly UsageRow[];
  readonly of: (row: UsageRow) => number;
  readonly most: number;
  /** The place of the day that is read out; -1 for none. */
  readonly chosen: number;
  readonly onDay: (day: string) => void;
}

/** Drawn in a box of one unit a day and 100 in height, which is stretched to the view. */
function Bars({ days, of, most, chosen, onDay }: BarsProps): VNode {
  return (
    <svg viewBox={`0 0 ${days.length} 100`} preserveAspectRatio="none" aria-hidden="true">
      {days.map((day, index) => {
        // A day on which something ran shows at least a line.
        const height = most === 0 ? 0 : Math.max((of(day) / most) * 100, of(day) > 0 ? 1.5 : 0);
        return (
          <g
            key={day.key}
            class={index === chosen ? 'day chosen' : 'day'}
            onMouseEnter={() => onDay(day.key)}
          >
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
    <table class="rows days">
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

function saidOf(day: UsageRow | undefined): string {
  return day ? sentenceOf(day.key, day) : '';
}

/** `Nov 24`; the day is one of the calendar and has no time zone. */
function shortDay(day: UsageRow | undefined): string {
  return day ? monthAndDay.format(new Date(day.key)) : '';
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
