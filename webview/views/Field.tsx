import type { ComponentChildren, VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { VariableField } from '../../src/protocol.ts';
import { formatValue } from '../format.ts';
import { Checkbox, TextArea, TextField } from '../toolkit.ts';
import { FileInput } from './FileInput.tsx';
import { IconButton } from './IconButton.tsx';
import { Icon } from './icons.tsx';

interface FieldProps {
  readonly field: VariableField;
  readonly text: string;
  /** What is wrong with it; `undefined` when nothing is. */
  readonly message: string | undefined;
  readonly onText: (text: string) => void;
  /** Asks where to fill it from, or at once which file. */
  readonly onFill: (source?: 'file') => void;
}

/** One variable: its name, what it is for, its control and, if need be, what is wrong with its value. */
export function Field(props: FieldProps): VNode {
  const { field, message } = props;
  const [error, setError] = useState<HTMLElement | null>(null);
  return (
    <div class={message === undefined ? 'field' : 'field field-invalid'}>
      <Control {...props} error={error} />
      {takesText.has(field.type) && (
        <IconButton
          icon="fill"
          class="field-fill"
          label={`Fill ${field.name} from…`}
          hint="Fill from a selection, the clipboard, a file or the git diff…"
          onClick={() => props.onFill()}
        />
      )}
      <div class="field-error" ref={setError} id={`error-${field.name}`}>
        {message !== undefined && (
          <>
            <Icon name="error" /> {message}
          </>
        )}
      </div>
    </div>
  );
}

/** The types whose fields hold text that often lies somewhere already. */
const takesText: ReadonlySet<VariableField['type']> = new Set(['text', 'any', 'file', 'array', 'object']);

function Control({
  field,
  text,
  message,
  onText,
  onFill,
  error,
}: FieldProps & { readonly error: HTMLElement | null }): VNode {
  const label = <Label field={field} />;
  const input = { value: text, onText, invalid: message !== undefined, describedBy: [error] };
  switch (field.type) {
    case 'boolean':
      return (
        <Checkbox checked={text === 'true'} onChecked={(checked) => onText(String(checked))}>
          {label}
        </Checkbox>
      );
    case 'enum':
      return (
        <Choice field={field} text={text} onText={onText} message={message}>
          {label}
        </Choice>
      );
    case 'number':
    case 'integer':
      return (
        <TextField {...input} class="field-number">
          {label}
        </TextField>
      );
    case 'date':
      return <Day {...{ field, text, message, onText }}>{label}</Day>;
    case 'file':
      return (
        <FileInput text={text} onBrowse={() => onFill('file')} onClear={() => onText('')} input={input}>
          {label}
        </FileInput>
      );
    case 'text':
    case 'any':
      return <TextArea {...input}>{label}</TextArea>;
    case 'array':
    case 'object':
      return (
        <TextArea {...input} class="field-json" placeholder={placeholderOf(field)}>
          {label}
        </TextArea>
      );
    default:
      return field.type satisfies never;
  }
}

type NativeProps = Pick<FieldProps, 'field' | 'text' | 'message' | 'onText'> & {
  readonly children: ComponentChildren;
};

/** The browser's own field for a day, with its calendar. A day that does not exist leaves it empty. */
function Day({ field, text, message, onText, children }: NativeProps): VNode {
  const id = useId();
  return (
    <div class="native">
      <label for={id}>{children}</label>
      <input
        id={id}
        type="date"
        value={text}
        required={field.required}
        aria-invalid={message !== undefined}
        aria-describedby={`error-${field.name}`}
        onInput={({ currentTarget }) => onText(currentTarget.value)}
      />
    </div>
  );
}

/** A native select: VS Code draws its own the same way, and it is 25 KB smaller than the toolkit's. */
function Choice({ field, text, message, onText, children }: NativeProps): VNode {
  const id = useId();
  return (
    <div class="native">
      <label for={id}>{children}</label>
      <select
        id={id}
        value={text}
        aria-invalid={message !== undefined}
        aria-describedby={`error-${field.name}`}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
      >
        {(text === '' || !field.required) && (
          <option value="">{field.required ? 'Choose one' : 'No value'}</option>
        )}
        {field.choices?.map((choice) => (
          <option key={JSON.stringify(choice)} value={JSON.stringify(choice)}>
            {formatValue(choice)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What to write where a text area takes more than text. */
const typeHints: Partial<Record<VariableField['type'], string>> = {
  array: 'one item a line, or JSON',
  object: 'JSON',
};

function placeholderOf({ type, fields = [] }: VariableField): string {
  if (type === 'array') return '["one", "two"]';
  const names = fields.length > 0 ? fields.map(({ name }) => name) : ['name'];
  return `{${names.map((name) => `"${name}": …`).join(', ')}}`;
}

function Label({ field }: { readonly field: VariableField }): VNode {
  return (
    // Not a span: the toolkit gives spans in its elements the size of an icon.
    <div class="label-text">
      <span class="label-name">{field.name}</span>
      {field.required && (
        <span class="label-required" title="Required">
          <span aria-hidden="true">*</span>
          <span class="unseen"> required</span>
        </span>
      )}
      {typeHints[field.type] && <span class="label-type">{typeHints[field.type]}</span>}
      {field.description && <span class="label-help">{field.description}</span>}
    </div>
  );
}
