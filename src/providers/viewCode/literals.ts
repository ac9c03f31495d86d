/** Code in the place of a value, such as a call. */
export class Code {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What differs between languages in the writing of plain data. */
interface DataSyntax {
  readonly nothing: string;
  readonly yes: string;
  readonly no: string;
  /** Spaces that each level is indented by. */
  readonly step: number;
  readonly key: (name: string) => string;
}

/** Plain data as a TypeScript expression; lines after the first are indented by `indent` spaces. */
export function typescriptLiteral(value: unknown, indent = 0): string {
  return written(value, indent, typescript);
}

/** Plain data as a Python expression. */
export function pythonLiteral(value: unknown, indent = 0): string {
  return written(value, indent, python);
}

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const typescript: DataSyntax = {
  nothing: 'null',
  yes: 'true',
  no: 'false',
  step: 2,
  // In brackets, because the plain key would set the object's prototype.
  key: (name) =>
    name === '__proto__' ? '["__proto__"]' : /^[A-Za-z_$][\w$]*$/.test(name) ? name : textLiteral(name),
};

const python: DataSyntax = { nothing: 'None', yes: 'True', no: 'False', step: 4, key: textLiteral };

/** JSON's own form of a text, which is also TypeScript's and Python's. */
export function textLiteral(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function written(value: unknown, indent: number, syntax: DataSyntax): string {
  if (value instanceof Code) return value.text;
  if (value === null || value === undefined) return syntax.nothing;
  if (typeof value === 'string') return textLiteral(value);
  if (typeof value === 'boolean') return value ? syntax.yes : syntax.no;
  if (typeof value === 'number') return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const items = Array.isArray(value)
    ? value.map((item) => written(item, indent + syntax.step, syntax))
    : Object.entries(value).map(
        ([name, item]) => `${syntax.key(name)}: ${written(item, indent + syntax.step, syntax)}`,
      );
  if (items.length === 0) return `${open ?? ''}${close ?? ''}`;
  const single = `${open ?? ''}${items.join(', ')}${close ?? ''}`;
  const isShort = Array.isArray(value) && single.length <= 60 && !single.includes('\n');
  if (isShort) return single;
  const margin = ' '.repeat(indent);
  return `${open ?? ''}\n${items.map((item) => `${margin}${' '.repeat(syntax.step)}${item},\n`).join('')}${margin}${close ?? ''}`;
}
