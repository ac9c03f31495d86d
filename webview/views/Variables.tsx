import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { newestRun, type Problem, type PromptView } from '../../src/protocol.ts';
import { missingMessage, textIn, valuesShown, type FieldMessages } from '../form.ts';
import { formatValue } from '../format.ts';
import type { View } from '../state.ts';
import { Field } from './Field.tsx';
import { Icon } from './icons.tsx';

interface VariablesProps {
  readonly view: View;
  readonly prompt: PromptView;
  readonly onType: (name: string, text: string) => void;
}

/** The prompt's variables: a form, or one line of chips while a run with these very values is shown. */
export function Variables({ view, prompt, onType }: VariablesProps): VNode | null {
  const { lanes, problem } = view.panel;
  const run = newestRun(lanes);
  const form = useRef<HTMLFormElement>(null);
  const [editedRun, setEditedRun] = useState<string>();
  const values = valuesShown(view.panel);
  const messages = withMissing(view.messages, problem, (name) => view.drafts[name] ?? '');
  const asks = Object.keys(messages).length > 0;
  const changed = Object.keys(view.drafts).length > 0;
  const open = !run || editedRun === run.id || asks || changed;

  // A new problem or a refused attempt to run, not each keystroke, moves the focus.
  useEffect(() => {
    if (asks) focusFirst(form.current, '.field-invalid');
  }, [problem, Object.keys(view.messages).length > 0]);
  useEffect(() => {
    if (editedRun !== undefined) focusFirst(form.current, '.field');
  }, [editedRun]);

  if (prompt.fields.length === 0) return null;
  if (!open) {
    return (
      <button type="button" class="chips" title="Edit the values" onClick={() => setEditedRun(run.id)}>
        <span class="chips-line">
          {prompt.fields.map(({ name, default: fallback }) => (
            <Chip key={name} name={name} value={values[name] ?? fallback} />
          ))}
        </span>
        <Icon name="edit" />
      </button>
    );
  }
  return (
    <form class="form" ref={form} aria-label="Variables" onSubmit={(event) => event.preventDefault()}>
      {problem && problem.missing.length > 0 && <p class="form-lead">{problem.message}</p>}
      {prompt.fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          text={textIn(field, values, view.drafts)}
          message={messages[field.name]}
          onText={(text) => onType(field.name, text)}
        />
      ))}
    </form>
  );
}

function Chip({
  name,
  value,
}: {
  readonly name: string;
  readonly value: PromptView['values'][string] | undefined;
}): VNode {
  return (
    <span class="chip">
      <span class="chip-name">{name}</span> ={' '}
      <span class="chip-value">{value === undefined || value === '' ? 'empty' : formatValue(value)}</span>
    </span>
  );
}

/** The messages of the form, and one for every variable that the host misses and nothing was typed for. */
function withMissing(
  messages: FieldMessages,
  problem: Problem | null,
  typed: (name: string) => string,
): FieldMessages {
  const missing = (problem?.missing ?? []).filter((name) => typed(name) === '');
  return { ...Object.fromEntries(missing.map((name) => [name, missingMessage])), ...messages };
}

function focusFirst(form: HTMLElement | null, fieldSelector: string): void {
  const control = form?.querySelector<HTMLElement>(
    `${fieldSelector} :is(vscode-text-area, vscode-text-field, vscode-checkbox, select)`,
  );
  control?.focus();
  control?.scrollIntoView({ block: 'nearest' });
}
