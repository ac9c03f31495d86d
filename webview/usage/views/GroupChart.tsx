import type { VNode } from 'preact';
import { formatCount, nameOfRow, type UsageRow } from '../../../src/usageProtocol.ts';
import { type Measure, measures, sentenceOf } from '../measures.ts';
import { ChartSection } from './ChartSection.tsx';
import { Rows } from './Rows.tsx';

interface GroupChartProps {
  readonly grouping: 'model' | 'prompt';
  /** At least one. */
  readonly rows: readonly UsageRow[];
  readonly measure: Measure;
  /** The key of the row that is read out; `undefined` for none. */
  readonly chosen: string | undefined;
  readonly onChoose: (key: string | undefined) => void;
  /** Opens what a row is about; absent where there is nothing to open. */
  readonly onOpen?: (key: string) => void;
}

/** As many bars are drawn; the table has all. */
const mostBars = 8;

/** Models or prompts as bars, the largest first, with a table behind them. The arrow keys go from bar to bar. */
export function GroupChart({
  grouping,
  measure,
  chosen,
  onChoose,
  onOpen,
  ...props
}: GroupChartProps): VNode {
  const { name, of, figure } = measures[measure];
  const rows = props.rows.toSorted((one, other) => of(other) - of(one));
  const drawn = rows.slice(0, mostBars);
  const [largest] = drawn;
  const most = largest ? of(largest) : 0;
  const place = drawn.findIndex(({ key }) => key === chosen);
  const row = drawn[place];
  const idOf = (index: number): string => `${grouping}-${index}`;
  const opens = (key: string): boolean => onOpen !== undefined && key !== '';
  return (
    <ChartSection
      title={`By ${grouping}`}
      readout={row ? sentenceOf(nameOfRow(grouping, row.key), row) : hintOf(grouping, rows.length)}
      table={<Rows grouping={grouping} rows={props.rows} {...(onOpen ? { onOpen } : {})} />}
    >
      <ol
        class="group-bars"
        role="listbox"
        tabIndex={0}
        aria-label={`${name} by ${grouping}${onOpen ? '. Enter opens the prompt.' : ''}`}
        aria-activedescendant={row ? idOf(place) : undefined}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && row && opens(row.key)) onOpen?.(row.key);
          else {
            const next = placeAfter(event.key, place, drawn.length);
            if (next === undefined) return;
            onChoose(drawn[next]?.key);
          }
          event.preventDefault();
        }}
        onMouseLeave={() => onChoose(undefined)}
        onBlur={() => onChoose(undefined)}
      >
        {drawn.map((shown, index) => (
          <li
            key={shown.key}
            id={idOf(index)}
            role="option"
            aria-selected={index === place}
            aria-label={sentenceOf(nameOfRow(grouping, shown.key), shown)}
            class={`group-bar ${index === place ? 'chosen' : ''} ${opens(shown.key) ? 'opens' : ''}`}
            title={shown.key}
            onMouseEnter={() => onChoose(shown.key)}
            onClick={() => opens(shown.key) && onOpen?.(shown.key)}
          >
            <span class="group-name">{nameOfRow(grouping, shown.key)}</span>
            <span class="group-figure">{figure(shown)}</span>
            <span class="group-track">
              <span style={{ width: `${most === 0 ? 0 : (of(shown) / most) * 100}%` }} />
            </span>
          </li>
        ))}
      </ol>
    </ChartSection>
  );
}

function hintOf(grouping: GroupChartProps['grouping'], count: number): string {
  const hint = `Point at a ${grouping}, or use the arrow keys.`;
  return count > mostBars ? `${hint} ${formatCount(count - mostBars)} more are in the table.` : hint;
}

/** Where a key goes from a bar, -1 for none; `undefined` for a key that goes nowhere. */
function placeAfter(key: string, from: number, count: number): number | undefined {
  const targets: Readonly<Record<string, number>> = {
    ArrowUp: from < 0 ? count - 1 : from - 1,
    ArrowDown: from + 1,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.min(Math.max(target, 0), count - 1);
}
