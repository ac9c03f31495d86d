import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Run, ToolResultPart, TurnView } from '../../src/protocol.ts';
import { Button } from '../toolkit.ts';
import { Icon } from './icons.tsx';
import { LongText } from './LongText.tsx';

interface ToolCallsProps {
  readonly calls: Run['toolCalls'];
  /** Sends what the tools answered; absent where the model waits for no answer. */
  readonly onResults?: (results: readonly ToolResultPart[]) => void;
}

/** The calls that the model asked for. They are shown and not made: the user says what the tools would answer. */
export function ToolCalls({ calls, onResults }: ToolCallsProps): VNode | null {
  const [results, setResults] = useState<Readonly<Record<string, string>>>({});
  if (calls.length === 0) return null;
  const isComplete = calls.every(({ id }) => (results[id] ?? '').trim() !== '');
  const send = () =>
    onResults?.(calls.map(({ id }) => ({ type: 'tool-result', callId: id, result: results[id] ?? '' })));
  return (
    <>
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
            {onResults && (
              <textarea
                class="message-input tool-result"
                rows={1}
                aria-label={`Result of ${call.name}`}
                placeholder={`What ${call.name} answers`}
                spellcheck={false}
                value={results[call.id] ?? ''}
                onInput={({ currentTarget }) => setResults({ ...results, [call.id]: currentTarget.value })}
                onKeyDown={(event) => event.key === 'Enter' && event.stopPropagation()}
              />
            )}
          </li>
        ))}
      </ul>
      {onResults && isComplete && (
        <div class="actions">
          <Button appearance="primary" onClick={send}>
            {calls.length === 1 ? 'Send the result' : 'Send the results'}
          </Button>
        </div>
      )}
    </>
  );
}

/** What the tools answered. */
export function ToolResults({ parts }: Pick<TurnView, 'parts'>): VNode {
  return (
    <ul class="tools">
      {parts.map(
        (part, index) =>
          part.type === 'tool-result' && (
            <li key={index} class="code">
              <div class="code-head">
                <span class="tool-name">
                  <Icon name="tool" /> {part.isError ? 'Error' : 'Result'}
                </span>
                <span title="The id of the call">{part.callId}</span>
              </div>
              <LongText text={indented(part.result)} />
            </li>
          ),
      )}
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
