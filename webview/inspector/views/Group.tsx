import { Component, type VNode } from 'preact';
import { formatCount, type ShownTokens } from '../../../src/inspectorProtocol.ts';
import { type Token, tokenAt } from '../tokens.ts';
import { spacedBytes, spokenText, visiblePieces } from '../visible.ts';

interface GroupProps {
  /** Its number in the column. */
  readonly index: number;
  /** Its tokens, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tokens: ShownTokens;
  /** Of the whole text. */
  readonly total: number;
  /** Only what is nearly in view is drawn. */
  readonly isDrawn: boolean;
  /** When it was drawn last, in px; absent before. */
  readonly height: number | undefined;
  /** The token that Tab reaches; absent when it is in another group. */
  readonly reached: number | undefined;
  /** The hit that the search stands at; absent when it is in another group. */
  readonly current: number | undefined;
  /** All that the search has found. */
  readonly found: ReadonlySet<number>;
  /** What is pointed at in another column, both inclusive; absent where nothing of it is here. */
  readonly marked: { readonly first: number; readonly last: number } | undefined;
}

/** What a change of draws a group anew. */
const decisive = [
  'start',
  'end',
  'text',
  'tokens',
  'total',
  'isDrawn',
  'reached',
  'current',
  'found',
] as const;

/** A few hundred tokens. */
export class Group extends Component<GroupProps> {
  override shouldComponentUpdate(next: GroupProps): boolean {
    const { marked } = this.props;
    return (
      decisive.some((name) => this.props[name] !== next[name]) ||
      marked?.first !== next.marked?.first ||
      marked?.last !== next.marked?.last
    );
  }

  override render({ index, start, end, isDrawn, height, ...props }: GroupProps): VNode {
    if (!isDrawn) {
      const lines = height === undefined ? estimatedLines(props, start, end) : 0;
      return (
        <div data-group={index} style={{ minHeight: height === undefined ? `${lines}lh` : `${height}px` }} />
      );
    }
    const { text, tokens, total, reached, current, found, marked } = props;
    return (
      <div data-group={index} style={{ minHeight: '' }}>
        {Array.from({ length: end - start }, (_, offset) => {
          const token = tokenAt(tokens, text, start + offset);
          const isMarked = marked && token.index >= marked.first && token.index <= marked.last;
          const classes = [
            `token shade-${token.index % 2}`,
            token.isPartial && 'partial',
            found.has(token.index) && 'found',
            token.index === current && 'current',
            isMarked && 'marked',
          ];
          return (
            <TokenSpan
              key={token.index}
              token={token}
              total={total}
              classes={classes.filter(Boolean).join(' ')}
              isReached={token.index === reached}
            />
          );
        })}
      </div>
    );
  }
}

interface TokenSpanProps {
  readonly token: Token;
  readonly total: number;
  readonly classes: string;
  readonly isReached: boolean;
}

function TokenSpan({ token, total, classes, isReached }: TokenSpanProps): VNode {
  return (
    <>
      {/^\s/.test(token.text) && <wbr />}
      <span
        class={classes}
        role="option"
        aria-selected={isReached}
        aria-label={`token ${formatCount(token.index + 1)} of ${formatCount(total)}, id ${token.id}, ${
          token.isPartial ? 'part of a character' : spokenText(token.text)
        }, bytes ${spacedBytes(token.bytes)}`}
        data-index={token.index}
        tabIndex={isReached ? 0 : -1}
      >
        {token.isPartial && token.text === '' ? (
          <i>⟨{spacedBytes(token.bytes)}⟩</i>
        ) : (
          visiblePieces(token.text).map(({ text, isMark }) => (isMark ? <i>{withLineEnds(text)}</i> : text))
        )}
      </span>
    </>
  );
}

/** Where a line end is shown, the line ends. */
function withLineEnds(marks: string): string {
  return marks.replaceAll('↵', '↵\n');
}

/** For text that has not been laid out: some 60 characters a line. */
function estimatedLines(
  { tokens, text }: Pick<GroupProps, 'tokens' | 'text'>,
  start: number,
  end: number,
): number {
  const part = text.slice(tokens.ends[start - 1] ?? 0, tokens.ends[end - 1]);
  return Math.ceil(part.length / 60) + part.split('\n').length;
}
