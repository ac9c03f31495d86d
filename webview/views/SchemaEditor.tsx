import type { VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { ResponseFormat, SchemaCheck } from '../../src/protocol.ts';
import { offsetOf, readSchema, schemaText } from '../schemaText.ts';
import { Button } from '../toolkit.ts';
import { Icon } from './icons.tsx';

type Schema = Extract<ResponseFormat, { type: 'json-schema' }>['schema'];

interface SchemaEditorProps {
  /** What the lane holds its answers to. */
  readonly schema: Schema;
  /** What the host says of a text; `null` before it has said anything. */
  readonly check: SchemaCheck | null;
  /** A text that is a schema is taken over at once; until it is one, the last one holds. */
  readonly onSchema: (schema: Schema) => void;
  readonly onCheck: (text: string) => void;
  readonly onEdit: (text: string) => void;
}

/** What is typed is checked when nothing has changed for this long, in ms. */
const quietMs = 200;

/** A schema as text, with what is wrong with it, by line and column, below it. */
export function SchemaEditor({ schema, check, onSchema, onCheck, onEdit }: SchemaEditorProps): VNode {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const own = schemaText(schema);
  const [draft, setDraft] = useState<string>();
  const text = draft ?? own;

  // Another schema came from elsewhere: from the file, or from an editor.
  useEffect(() => {
    const typed = draft === undefined ? undefined : readSchema(draft);
    if (typed && schemaText(typed) !== own) setDraft(undefined);
  }, [own]);
  useEffect(() => {
    const timer = setTimeout(() => onCheck(text), quietMs);
    return () => clearTimeout(timer);
  }, [text]);

  const take = (typed: string) => {
    setDraft(typed);
    const read = readSchema(typed);
    if (read) onSchema(read);
  };
  const problems = check?.text === text ? check.problems : [];
  const parsed = readSchema(text);
  return (
    <div class="schema-editor">
      <textarea
        id={id}
        ref={field}
        class="setting-texts schema-text"
        rows={Math.min(16, Math.max(4, text.split('\n').length))}
        spellcheck={false}
        aria-label="JSON Schema of the answer"
        aria-invalid={problems.length > 0}
        aria-describedby={problems.length > 0 ? `${id}-problems` : undefined}
        value={text}
        onInput={({ currentTarget }) => take(currentTarget.value)}
      />
      {problems.length > 0 && (
        <ul class="schema-problems" id={`${id}-problems`}>
          {problems.map(({ line, column, message }) => (
            <li key={`${line}:${column}`} class="field-error">
              <Icon name="error" />
              <button
                type="button"
                class="link"
                title="Go to this place"
                onClick={() => {
                  const at = offsetOf(text, { line, column });
                  field.current?.focus();
                  field.current?.setSelectionRange(at, at);
                }}
              >
                Line {line}, column {column}
              </button>
              <span>{message}</span>
            </li>
          ))}
        </ul>
      )}
      <div class="schema-actions">
        <Button
          appearance="secondary"
          disabled={!parsed}
          title={parsed ? 'Lay the schema out anew' : 'It is no JSON yet'}
          onClick={() => parsed && setDraft(schemaText(parsed))}
        >
          Format
        </Button>
        <Button
          appearance="secondary"
          title="Open the schema in an editor; saving it there brings it back"
          onClick={() => onEdit(text)}
        >
          Open in Editor
        </Button>
      </div>
    </div>
  );
}
