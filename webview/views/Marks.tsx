import type { VNode } from 'preact';
import type { Mark } from '../../src/protocol.ts';

/** What a run is best at among those beside it, in words. */
export function Marks({ marks }: { readonly marks: readonly Mark[] }): VNode | null {
  if (marks.length === 0) return null;
  return (
    <div class="lane-marks">
      {marks.map((mark) => (
        <span key={mark} class="badge badge-mark" title={titles[mark]}>
          {names[mark]}
        </span>
      ))}
    </div>
  );
}

const names = { fastest: 'Fastest', cheapest: 'Cheapest', shortest: 'Shortest' } satisfies Record<
  Mark,
  string
>;

const titles = {
  fastest: 'The least time in all',
  cheapest: 'The least cost',
  shortest: 'The fewest output tokens',
} satisfies Record<Mark, string>;
