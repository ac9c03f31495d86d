import type { VNode } from 'preact';
import { formatCount, nameOfRow, type UsageRow } from '../../../src/usageProtocol.ts';
import { costOf } from '../measures.ts';
import { Count } from './Count.tsx';

interface RowsProps {
  readonly grouping: 'model' | 'prompt';
  readonly rows: readonly UsageRow[];
  /** Opens what a row is about; absent where there is nothing to open. */
  readonly onOpen?: (key: string) => void;
}

/** Usage by model or by prompt, the most expensive first. */
export function Rows({ grouping, rows, onOpen }: RowsProps): VNode {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col" class="unseen">
            {grouping === 'model' ? 'Model' : 'Prompt'}
          </th>
          <th scope="col">Runs</th>
          <th scope="col">Tokens</th>
          <th scope="col">Cost</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row" title={row.key}>
              <Name name={nameOfRow(grouping, row.key)} uri={row.key} {...(onOpen ? { onOpen } : {})} />
            </th>
            <td>
              <Count value={row.runs} />
            </td>
            <td title={`${formatCount(row.inputTokens)} in, ${formatCount(row.outputTokens)} out`}>
              <Count value={row.inputTokens + row.outputTokens} />
            </td>
            <td>{costOf(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface NameProps extends Pick<RowsProps, 'onOpen'> {
  readonly name: string;
  readonly uri: string;
}

function Name({ name, uri, onOpen }: NameProps): VNode {
  if (!onOpen || uri === '') return <>{name}</>;
  return (
    <button class="link" onClick={() => onOpen(uri)}>
      {name}
    </button>
  );
}
