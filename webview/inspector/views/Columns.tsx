import type { VNode } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { formatCount, type Subject, type TokenizerView } from '../../../src/inspectorProtocol.ts';
import { Button } from '../../toolkit.ts';
import type { InspectorStore } from '../store.ts';
import { type Hits, searchTokens, tokensIn, wordAround } from '../tokens.ts';
import { Column, type ColumnView, type Wanted } from './Column.tsx';
import { Glyph } from './glyphs.tsx';

interface ColumnsProps {
  readonly subject: Subject;
  readonly tokenizers: readonly TokenizerView[];
  readonly query: string;
  readonly store: InspectorStore;
}

/** A stretch of the text that is pointed at in one column and marked in the others. */
interface Pointed {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** The text under each tokenizer that is shown, side by side, with the search that goes through them. */
export function Columns({ subject, tokenizers, query, store }: ColumnsProps): VNode {
  const scroller = useRef<HTMLDivElement>(null);
  const columns = tokenizers.filter((tokenizer): tokenizer is ColumnView => tokenizer.tokens !== undefined);
  const [activeId, setActiveId] = useState<string>();
  const [pointed, setPointed] = useState<Pointed>();
  const [wanted, setWanted] = useState<Wanted>();
  const active = columns.find(({ id }) => id === activeId) ?? columns[0];

  const hits = useMemo(
    () => new Map(columns.map(({ id, tokens }) => [id, searchTokens(tokens, subject.text, query)])),
    [query, subject.text, ...columns.map(({ tokens }) => tokens)],
  );
  const places = (active && hits.get(active.id)?.places) ?? [];
  const current = wanted ? places.indexOf(wanted.index) : -1;
  const go = (step: 1 | -1): void =>
    setWanted((before) => {
      const at = before ? places.indexOf(before.index) : -1;
      const next = at < 0 && step < 0 ? places.length - 1 : (at + step + places.length) % places.length;
      const index = places[next];
      return index === undefined ? before : { index };
    });

  return (
    <>
      <Search
        query={query}
        status={searchStatus(query, places.length, current, active?.name)}
        canGo={places.length > 0}
        onQuery={(text) => {
          store.search(text);
          setWanted(undefined);
        }}
        onGo={go}
      />
      <div class="scroller" ref={scroller}>
        <div class="columns">
          {columns.map((column) => (
            <Column
              key={column.id}
              column={column}
              text={subject.text}
              scroller={scroller}
              found={query === '' ? noHits : (hits.get(column.id) ?? noHits)}
              wanted={column === active ? wanted : undefined}
              marked={
                pointed && pointed.id !== column.id
                  ? tokensIn(column.tokens, pointed.from, pointed.to)
                  : undefined
              }
              onPoint={(token) => {
                if (token) setPointed({ id: column.id, from: token.start, to: token.end });
                else setPointed(undefined);
              }}
              onActive={() => setActiveId(column.id)}
              onStep={(index) => {
                const { start, end } = wordAround(column.tokens, subject.text, index);
                store.step(column, start, end);
              }}
              onClose={() => store.show(column.id, false)}
            />
          ))}
        </div>
        {columns.length === 0 && (
          <p class="no-columns quiet">
            {tokenizers.some(({ isShown }) => isShown)
              ? 'Reading the tokens…'
              : 'Tick a tokenizer above to see its tokens.'}
          </p>
        )}
      </div>
    </>
  );
}

const noHits: Hits = { places: [], tokens: new Set() };

interface SearchProps {
  readonly query: string;
  readonly status: string;
  readonly canGo: boolean;
  readonly onQuery: (query: string) => void;
  readonly onGo: (step: 1 | -1) => void;
}

function Search({ query, status, canGo, onQuery, onGo }: SearchProps): VNode {
  return (
    <div class="search">
      <input
        type="search"
        value={query}
        placeholder="Find a token by its text or id"
        aria-label="Find a token by its text or id"
        spellcheck={false}
        onInput={({ currentTarget }) => onQuery(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && canGo) onGo(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') onQuery('');
        }}
      />
      <span class="search-status quiet" role="status">
        {status}
      </span>
      {canGo && (
        <>
          <Button
            appearance="icon"
            title="Previous (Shift+Enter)"
            aria-label="Previous"
            onClick={() => onGo(-1)}
          >
            <Glyph name="up" />
          </Button>
          <Button appearance="icon" title="Next (Enter)" aria-label="Next" onClick={() => onGo(1)}>
            <Glyph name="down" />
          </Button>
        </>
      )}
    </div>
  );
}

/** `3 of 12 in o200k_base` */
function searchStatus(query: string, places: number, current: number, name: string | undefined): string {
  if (query === '' || name === undefined) return '';
  if (places === 0) return `Not found in ${name}`;
  return `${current < 0 ? '' : `${formatCount(current + 1)} of `}${formatCount(places)} in ${name}`;
}
