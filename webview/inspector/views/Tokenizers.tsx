import type { VNode } from 'preact';
import { type CountedModel, formatCount, type TokenizerView } from '../../../src/inspectorProtocol.ts';
import { Button, Checkbox } from '../../toolkit.ts';
import { inputCostLabel, inputCostTitle } from '../cost.ts';
import { Glyph } from './glyphs.tsx';

interface TokenizersProps {
  readonly tokenizers: readonly TokenizerView[];
  /** Of the text, in UTF-16 code units. */
  readonly length: number;
  readonly onShow: (id: string, isShown: boolean) => void;
  readonly onAdd: () => void;
  readonly onRemove: (id: string) => void;
}

/** What each tokenizer makes of the text, in figures; a tick adds its column. */
export function Tokenizers({ tokenizers, length, onAdd, ...on }: TokenizersProps): VNode {
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
          <th scope="col" class="figure" title="The text as input of one request, at the model's price">
            Cost
          </th>
          <th
            scope="col"
            class="figure where-roomy"
            title="Characters per token, as VS Code counts characters"
          >
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
            {...on}
          />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td colSpan={6}>
            <button class="add" onClick={onAdd}>
              Add model…
            </button>
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

interface RowProps extends Pick<TokenizersProps, 'length' | 'onShow' | 'onRemove'> {
  readonly tokenizer: TokenizerView;
  readonly smallest: number;
  readonly largest: number;
}

function Row({ tokenizer, length, smallest, largest, onShow, onRemove }: RowProps): VNode {
  const { id, name, note, model, reason, isShown, count } = tokenizer;
  return (
    <tr>
      <th scope="row">
        <div class="tokenizer">
          <Checkbox checked={isShown} onChecked={(checked) => onShow(id, checked)}>
            <span class="tokenizer-name">{name}</span>
          </Checkbox>
          {reason === 'file' && model && (
            <span class="badge" title={badgeTitle(model)}>
              {model.exactness === 'estimate' ? '~ ' : ''}
              {model.id.slice(model.id.lastIndexOf('/') + 1)}
            </span>
          )}
          {reason === 'added' && (
            <Button
              appearance="icon"
              title={`Compare with ${name} no longer`}
              aria-label={`Compare with ${name} no longer`}
              onClick={() => onRemove(id)}
            >
              <Glyph name="close" />
            </Button>
          )}
        </div>
      </th>
      <td class="used-by quiet" title={note}>
        {note}
      </td>
      {count.status === 'counted' ? (
        <>
          <td class="figure tokens-count">
            {reason === 'added' && model?.exactness === 'estimate' && '~'}
            {formatCount(count.tokens)}
          </td>
          <td class="figure" title={inputCostTitle(model)}>
            {inputCostLabel(count.tokens, model) ?? <span aria-label="no price">—</span>}
          </td>
          <td class="figure where-roomy">{(length / count.tokens).toFixed(2)}</td>
          <td class="figure ratio">
            <span class="ratio-bar" aria-hidden="true">
              <span style={{ width: `${(count.tokens / largest) * 100}%` }} />
            </span>
            {(count.tokens / smallest).toFixed(2)}×
          </td>
        </>
      ) : (
        <td class={`figure ${count.status === 'failed' ? 'failed' : 'quiet'}`} colSpan={4}>
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

function badgeTitle({ id, exactness }: CountedModel): string {
  return exactness === 'exact'
    ? `The tokenizer of ${id}`
    : `The estimate for ${id}, whose own tokenizer is not public`;
}
