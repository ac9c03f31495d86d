import type { VNode } from 'preact';
import { formatCount, formatTokens, formatUsd } from '../../src/protocol.ts';
import { contextOf, type LaneContext } from '../laneContext.ts';
import { lanesSentNext } from '../lanesAsked.ts';
import type { PanelStore } from '../state.ts';
import type { View } from '../view.ts';
import { ContextParts } from './ContextParts.tsx';
import { ContextRing } from './ContextRing.tsx';
import { FitButton } from './FitButton.tsx';
import { Icon } from './icons.tsx';

interface ContextProps {
  readonly view: View;
  readonly store: PanelStore;
}

const partsId = 'context-parts';

/** How full the windows of the lanes would be with what is sent next, what that costs, and what to do where it does not fit. */
export function Context({ view, store }: ContextProps): VNode | null {
  const lanes = lanesSentNext(view).map((lane) => contextOf(lane, view));
  if (lanes.length === 0) return null;
  const isOpen = view.contextIsOpen;
  const warnings = lanes.flatMap(({ figures }) => figures?.warnings ?? []);
  return (
    <div class="context">
      {[...new Set(warnings)].map((warning) => (
        <p key={warning} class="context-warning">
          <Icon name="warning" />
          <span>{warning}</span>
        </p>
      ))}
      {isOpen && <ContextParts id={partsId} lanes={lanes} />}
      <div class="context-foot">
        <button
          type="button"
          class="context-line"
          aria-expanded={isOpen}
          aria-controls={partsId}
          aria-label={`${lanes.map(said).join('. ')}. ${isOpen ? 'Hide' : 'Show'} what it is made of`}
          title={isOpen ? 'Hide what the windows hold' : 'Show what the windows hold'}
          onClick={() => store.openContext(!isOpen)}
        >
          {lanes.map((context) => (
            <LaneFigures key={context.lane.id} {...context} isOnly={lanes.length === 1} />
          ))}
          <span class="context-cost">{costOf(lanes)}</span>
        </button>
        <FitButton view={view} store={store} />
      </div>
    </div>
  );
}

function LaneFigures({ name, figures, problem, isOnly }: LaneContext & { readonly isOnly: boolean }): VNode {
  if (!figures) {
    return (
      <span class="context-lane" title={problem}>
        <ContextRing />
        {!isOnly && <span class="context-model">{name}</span>}
        <span class="context-used">{problem === undefined ? '…' : 'not counted'}</span>
      </span>
    );
  }
  const { used, parts, exactness, window, missing } = figures;
  const history = parts.history > 0 && isOnly ? `${Math.round((parts.history / used) * 100)} % history` : '';
  const mark = exactness === 'exact' ? '' : '~';
  const figure =
    window === undefined
      ? `${mark}${formatTokens(used)}`
      : isOnly
        ? `${mark}${formatCount(used)} of ${formatTokens(window)}`
        : `${mark}${percentOf(used, window)} %`;
  return (
    <span class="context-lane" title={isOnly ? undefined : `${name}: ${said({ name, figures })}`}>
      <ContextRing figures={figures} />
      {!isOnly && <span class="context-model">{name}</span>}
      <span class="context-used">
        {figure}
        {missing.length > 0 && ` + ${missing.length} ${missing.length === 1 ? 'variable' : 'variables'}`}
      </span>
      {history !== '' && <span class="context-history">{history}</span>}
    </span>
  );
}

/** What the input costs in all lanes together; nothing while one is being worked out. */
function costOf(lanes: readonly LaneContext[]): string {
  const all = lanes.flatMap(({ figures }) => figures ?? []);
  if (all.length === 0 || all.length < lanes.length) return '';
  const costs = all.map(({ cost }) => cost?.input);
  if (costs.every((cost) => cost === 0)) return 'free';
  if (costs.includes(undefined)) return 'cost unknown';
  const total = costs.reduce<number>((sum, cost = 0) => sum + cost, 0);
  return `≈ ${formatUsd(total)}${lanes.length > 1 ? ` in ${lanes.length} lanes` : ''}`;
}

/** In words, for whoever cannot see the ring. */
function said({ name, figures, problem }: Omit<LaneContext, 'lane'>): string {
  if (!figures) return `${name}: ${problem ?? 'being counted'}`;
  const { used, window, reserved, exactness } = figures;
  const about = exactness === 'exact' ? '' : 'about ';
  const of = window === undefined ? ', the window is not known' : ` of ${formatTokens(window)}`;
  return `${name}: ${about}${formatCount(used)}${of} used, ${formatCount(reserved.tokens)} kept free for the answer`;
}

function percentOf(part: number, whole: number): number {
  return Math.ceil((part / whole) * 100);
}
