import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { newestRun, type Problem, type PromptView } from '../../src/protocol.ts';
import { missingMessage, textIn, valuesShown, type FieldMessages } from '../form.ts';
import { formatValue } from '../format.ts';
import type { PanelStore } from '../state.ts';
import type { View } from '../view.ts';
import { Button } from '../toolkit.ts';
import { Field } from './Field.tsx';
import { Icon } from './icons.tsx';

interface VariablesProps {
  readonly view: View;
  readonly prompt: PromptView;
  readonly store: PanelStore;
}

/** The prompt's variables: a form, or one line of chips while a run with these very values is shown. */
export function Variables({ view, prompt, store }: VariablesProps): VNode | null {
  const { lanes, problem } = view.panel;
  const run = newestRun(lanes);
  const form = useRef<HTMLFormElement>(null);
  const [editedRun, setEditedRun] = useState<string>();
  const values = valuesShown(view.panel);
  const messages = withMissing(view.messages, problem, (name) => view.drafts[name] ?? '');
  const asks = Object.keys(messages).length > 0;
  const changed = Object.keys(view.drafts).length > 0;
  const open = !run || editedRun === run.id || asks || changed || view.filled !== undefined;

  // A new problem or a refused attempt to run, not each keystroke, moves the focus.
  useEffect(() => {
    if (asks) focusFirst(form.current, '.field-invalid');
  }, [problem, Object.keys(view.messages).length > 0]);
  useEffect(() => {
    if (editedRun !== undefined) focusFirst(form.current, '.field');
  }, [editedRun]);

  if (prompt.fields.length === 0) return null;
  const lead = view.filled
    ? `Filled from ${view.filled.from}.`
    : problem && problem.missing.length > 0
      ? problem.message
      : '';
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
      <div class="form-head">
        <p class="form-lead" role="status">
          {lead}
        </p>
        {view.filled && (
          <Button appearance="secondary" onClick={() => store.unfill()}>
            Undo
          </Button>
        )}
        <Button
          appearance="secondary"
          title="From the last run, an earlier one, a named set or JSON; or save what stands here as a named set"
          onClick={() => store.askToFill()}
        >
          Fill from…
        </Button>
      </div>
      {prompt.fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          text={textIn(field, values, view.drafts)}
          message={messages[field.name]}
          onText={(text) => store.type(field.name, text)}
          onFill={(source) => store.askToFillField(field.name, source)}
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
    `${fieldSelector} :is(vscode-text-area, vscode-text-field, vscode-checkbox, select, input)`,
  );
  control?.focus();
  control?.scrollIntoView({ block: 'nearest' });
}
