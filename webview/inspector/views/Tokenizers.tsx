import type { VNode } from 'preact';
import { formatCount, type TokenizerView } from '../../../src/inspectorProtocol.ts';
import { Checkbox } from '../../toolkit.ts';

interface TokenizersProps {
  readonly tokenizers: readonly TokenizerView[];
  /** Of the text, in UTF-16 code units. */
  readonly length: number;
  readonly onShow: (id: string, isShown: boolean) => void;
}

/** What each tokenizer makes of the text, in figures; a tick adds its column. */
export function Tokenizers({ tokenizers, length, onShow }: TokenizersProps): VNode {
  const counts = tokenizers.flatMap(({ count }) => (count.status === 'counted' ? count.tokens : []));
  const smallest = Math.min(...counts);
  const largest = Math.max(...counts);
  return (
    <table class="tokenizers">
      <thead>
        <tr class="quiet">
          <th scope="col">Tokenizer</th>
          <th scope="col" class="used-by">
            Used by
          </th>
          <th scope="col" class="figure">
            Tokens
          </th>
          <th scope="col" class="figure" title="Characters per token, as VS Code counts characters">
            Chars/token
          </th>
          <th scope="col" class="figure ratio" title="Tokens, relative to the tokenizer with the fewest">
            Ratio
          </th>
        </tr>
      </thead>
      <tbody>
        {tokenizers.map((tokenizer) => (
          <Row
            key={tokenizer.id}
            tokenizer={tokenizer}
            length={length}
            smallest={smallest}
            largest={largest}
            onShow={onShow}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly tokenizer: TokenizerView;
  readonly length: number;
  readonly smallest: number;
  readonly largest: number;
  readonly onShow: (id: string, isShown: boolean) => void;
}

function Row({ tokenizer, length, smallest, largest, onShow }: RowProps): VNode {
  const { id, name, note, countsFor, isShown, count } = tokenizer;
  return (
    <tr>
      <th scope="row">
        <div class="tokenizer">
          <Checkbox checked={isShown} onChecked={(checked) => onShow(id, checked)}>
            <span class="tokenizer-name">{name}</span>
          </Checkbox>
          {countsFor && (
            <span class="badge" title={countsForTitle(countsFor)}>
              {countsFor.exactness === 'estimate' ? '~ ' : ''}
              {countsFor.modelId.slice(countsFor.modelId.lastIndexOf('/') + 1)}
            </span>
          )}
        </div>
      </th>
      <td class="used-by quiet" title={note}>
        {note}
      </td>
      {count.status === 'counted' ? (
        <>
          <td class="figure tokens-count">{formatCount(count.tokens)}</td>
          <td class="figure">{(length / count.tokens).toFixed(2)}</td>
          <td class="figure ratio">
            <span class="ratio-bar" aria-hidden="true">
              <span style={{ width: `${(count.tokens / largest) * 100}%` }} />
            </span>
            {(count.tokens / smallest).toFixed(2)}×
          </td>
        </>
      ) : (
        <td class={`figure ${count.status === 'failed' ? 'failed' : 'quiet'}`} colSpan={3}>
          {wordsFor(count)}
        </td>
      )}
    </tr>
  );
}

function wordsFor(count: Exclude<TokenizerView['count'], { readonly status: 'counted' }>): string {
  switch (count.status) {
    case 'waiting':
      return 'waiting';
    case 'counting':
      return `counting… ${Math.floor(count.done * 100)}%`;
    case 'failed':
      return count.message;
    default:
      return count satisfies never;
  }
}

function countsForTitle({ modelId, exactness }: NonNullable<TokenizerView['countsFor']>): string {
  return exactness === 'exact'
    ? `The tokenizer of ${modelId}`
    : `The estimate for ${modelId}, whose own tokenizer is not public`;
}
