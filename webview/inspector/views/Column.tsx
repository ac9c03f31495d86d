import type { RefObject, VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  formatCount,
  formatTokens,
  type ShownTokens,
  type TokenizerView,
} from '../../../src/inspectorProtocol.ts';
import { Button } from '../../toolkit.ts';
import { CopyButton } from '../../views/CopyButton.tsx';
import { inputCostLabel } from '../cost.ts';
import { type Hits, type Token, tokenAt, tokenGroups, tokensJson } from '../tokens.ts';
import { Glyph } from './glyphs.tsx';
import { moveFrom } from './moving.ts';
import { TokenCard } from './TokenCard.tsx';
import { Group } from './Group.tsx';
import { useNearby } from './nearby.ts';

/** A tokenizer whose tokens are there. */
export interface ColumnView extends TokenizerView {
  readonly tokens: ShownTokens;
}

/** A token to be scrolled to; a new object scrolls again. */
export interface Wanted {
  readonly index: number;
}

interface ColumnProps {
  readonly column: ColumnView;
  /** Of the subject. */
  readonly text: string;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly found: Hits;
  /** A hit to be shown. */
  readonly wanted: Wanted | undefined;
  /** The tokens that hold what is pointed at in another column, both inclusive. */
  readonly marked: { readonly first: number; readonly last: number } | undefined;
  readonly onPoint: (token: Token | undefined) => void;
  readonly onActive: () => void;
  readonly onStep: (index: number) => void;
  readonly onClose: () => void;
}

/** The text as one tokenizer cuts it. */
export function Column({ column, text, found, marked, wanted, scroller, ...on }: ColumnProps): VNode {
  const { name, count, tokens } = column;
  const total = count.status === 'counted' ? count.tokens : undefined;
  const shown = tokens.ids.length;
  const price = total === undefined ? undefined : inputCostLabel(total, column.model);
  const cost = price === 'unknown' ? 'cost unknown' : price;
  const groups = useMemo(() => tokenGroups(tokens, text), [tokens, text]);
  const list = useRef<HTMLDivElement>(null);
  const nearby = useNearby(list, scroller, groups);
  // The one token that Tab reaches, and the one whose card is open.
  const [reachedLast, setReached] = useState(0);
  const reached = Math.min(reachedLast, Math.max(0, shown - 1));
  const [open, setOpen] = useState<{ readonly token: Token; readonly at: DOMRect }>();
  // A token that is to be shown or focused once its group is drawn.
  const [target, setTarget] = useState<{ readonly index: number; readonly focuses: boolean }>();

  useLayoutEffect(() => {
    if (wanted) setTarget({ index: wanted.index, focuses: false });
  }, [wanted]);
  useLayoutEffect(() => setOpen(undefined), [tokens]);
  useLayoutEffect(() => {
    const element = target && list.current?.querySelector<HTMLElement>(`[data-index="${target.index}"]`);
    if (!element) return;
    if (target.focuses) element.focus({ preventScroll: true });
    element.scrollIntoView({ block: target.focuses ? 'nearest' : 'center', inline: 'nearest' });
  }, [target]);

  const point = (event: Event): void => {
    const element = tokenElement(event.target);
    const at = element?.getClientRects()[0];
    if (!element || !at) return;
    const token = tokenAt(tokens, text, Number(element.dataset['index']));
    setOpen({ token, at });
    on.onPoint(token);
  };
  const leave = (): void => {
    setOpen(undefined);
    on.onPoint(undefined);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') on.onStep(reached);
    else {
      const index = moveFrom(tokenElement(event.target), event.key, reached, shown);
      if (index === undefined) return;
      setTarget({ index, focuses: true });
    }
    event.preventDefault();
  };

  return (
    <section class="column" aria-label={name}>
      <header class="column-head">
        <h2 title={column.note}>{name}</h2>
        <span class="column-count quiet">
          {total === undefined ? 'counting…' : formatCount(total)}
          <span class="where-wide">
            {total !== undefined && (total === 1 ? ' token' : ' tokens')}
            {cost !== undefined && ` · ${cost}`}
            {found.places.length > 0 && ` · ${formatCount(found.places.length)} found`}
          </span>
        </span>
        <span class="column-actions">
          <CopyButton
            label={`Copy the tokens of ${name} as JSON`}
            text={() => tokensJson({ name, tokens, ...(total === undefined ? {} : { total }) }, text)}
          />
          <Button
            appearance="icon"
            title={`Remove the column of ${name}`}
            aria-label={`Remove the column of ${name}`}
            onClick={on.onClose}
          >
            <Glyph name="close" />
          </Button>
        </span>
      </header>
      <div
        class="token-list"
        ref={list}
        role="listbox"
        aria-orientation="horizontal"
        aria-label={`${formatTokens(total ?? shown)} of ${name}. The arrow keys move, Enter shows how a word was merged.`}
        onKeyDown={press}
        onMouseOver={point}
        onMouseLeave={leave}
        onClick={(event) => {
          const element = tokenElement(event.target);
          if (element) on.onStep(Number(element.dataset['index']));
        }}
        onFocusIn={(event) => {
          setReached(Number(tokenElement(event.target)?.dataset['index'] ?? 0));
          on.onActive();
          point(event);
        }}
        onFocusOut={leave}
      >
        {groups.map(({ start, end }, index) => (
          <Group
            key={index}
            index={index}
            start={start}
            end={end}
            text={text}
            tokens={tokens}
            total={total ?? shown}
            isDrawn={
              nearby.isNear(index) || isWithin(target?.index, start, end) || isWithin(reached, start, end)
            }
            height={nearby.heightOf(index)}
            reached={isWithin(reached, start, end) ? reached : undefined}
            current={wanted && isWithin(wanted.index, start, end) ? wanted.index : undefined}
            found={found.tokens}
            marked={marked && marked.last >= start && marked.first < end ? marked : undefined}
          />
        ))}
      </div>
      {(total ?? Infinity) > shown && <p class="limit quiet">{limitNote(shown, total)}</p>}
      {open && <TokenCard token={open.token} total={total ?? shown} at={open.at} />}
    </section>
  );
}

function limitNote(shown: number, total: number | undefined): string {
  return total === undefined
    ? `The first ${formatTokens(shown)} are shown; all are being counted.`
    : `The first ${formatCount(shown)} of ${formatTokens(total)} are shown; all are counted.`;
}

function isWithin(index: number | undefined, start: number, end: number): boolean {
  return index !== undefined && index >= start && index < end;
}

function tokenElement(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
}
