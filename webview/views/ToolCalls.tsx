import type { VNode } from 'preact';
import type { Run } from '../../src/protocol.ts';
import { Icon } from './icons.tsx';
import { LongText } from './LongText.tsx';

/** The calls that the model asked for. They are shown and not made. */
export function ToolCalls({ calls }: { readonly calls: Run['toolCalls'] }): VNode | null {
  if (calls.length === 0) return null;
  return (
    <ul class="tools" aria-label="Tool calls">
      {calls.map((call, index) => (
        <li key={index} class="code">
          <div class="code-head">
            <span class="tool-name">
              <Icon name="tool" /> {call.name}
            </span>
            <span title="The id of this call">{call.id}</span>
          </div>
          <LongText text={indented(call.arguments)} />
        </li>
      ))}
    </ul>
  );
}

/** JSON set in lines; as it is while it is not whole, or if it is not JSON. */
function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
