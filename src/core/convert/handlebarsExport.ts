import type { Role } from '../chat.ts';
import type { ParsedPrompt } from '../prompt/parse.ts';
import type { Template } from '../prompt/template.ts';
import {
  argumentsOf,
  helperOf,
  type Expression,
  type Node,
  type Program,
  type Statement,
} from '../prompt/tree.ts';
import type { Warnings } from './conversion.ts';

/** A message in another tool's template language. */
export interface ExportedMessage {
  readonly role: Exclude<Role, 'tool'>;
  readonly text: string;
}

/** What prints the parts of a template in another language. */
export interface Dialect {
  /** How a warning names the language, such as `GitHub's prompts`. */
  readonly name: string;
  /** Text that must be printed as it is. */
  readonly literal: (text: string, warn: (message: string) => void) => string;
  /** A statement of any other kind than text; `undefined` where it has no form in the language. */
  readonly statement: (
    node: Exclude<Statement, { type: 'ContentStatement' }>,
    printer: Printer,
  ) => string | undefined;
  /** What stands for a statement that has none. */
  readonly lost: (source: string) => string;
  /** An image, by its address as a text or a path; `undefined` where messages hold texts only. */
  readonly image: (url: Expression, printer: Printer) => string | undefined;
  /** What begins a message inside a block; `undefined` where only whole messages can be written. */
  readonly roleMark: (role: ExportedMessage['role']) => string | undefined;
}

/** Prints what stands inside a block. */
export interface Printer {
  readonly template: Template;
  readonly program: (program: Program | undefined) => string;
  readonly statement: (node: Statement) => string;
  readonly literal: (text: string, node: Node) => string;
  readonly warn: (message: string, node: Node) => void;
}

/** The messages of a prompt in another template language. What it cannot say is a warning each. */
export function exportMessages(
  prompt: ParsedPrompt,
  template: Template,
  makeDialect: () => Dialect,
  warnings: Warnings,
): readonly ExportedMessage[] {
  const dialect = makeDialect();
  const messages: { role: ExportedMessage['role']; text: string }[] = [{ role: 'user', text: '' }];
  const printer = printerOf(prompt, template, dialect, warnings);
  for (const node of (template.program?.body ?? []) as Statement[]) {
    const role = roleOf(node);
    if (role) messages.push({ role, text: '' });
    else (messages.at(-1) as { text: string }).text += printer.statement(node);
  }
  return messages
    .map(({ role, text }) => ({ role, text: text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd() }))
    .filter(({ text }) => text !== '');
}

function printerOf(prompt: ParsedPrompt, template: Template, dialect: Dialect, warnings: Warnings): Printer {
  const warn = (message: string, { loc }: Node): void => {
    const { line, column } = template.rangeOf(loc);
    warnings.add(message, { line, column });
  };
  const literal = (text: string, node: Node): string =>
    dialect.literal(text, (message) => warn(message, node));
  const lost = (node: Statement): string => {
    const source = sourceOf(prompt.template, node);
    warn(`${shortened(source)} has no form in ${dialect.name}. Write it by hand.`, node);
    return dialect.lost(source);
  };
  const statement = (node: Statement): string => {
    if (node.type === 'ContentStatement') return literal(node.value, node);
    const role = roleOf(node);
    if (role) return dialect.roleMark(role) ?? lost(node);
    if (node.type === 'MustacheStatement' && helperOf(node) === 'media') {
      const url = argumentsOf(node).find(({ key }) => key === 'url')?.value;
      return (url && dialect.image(url, printer)) ?? lost(node);
    }
    return dialect.statement(node, printer) ?? lost(node);
  };
  const printer: Printer = {
    template,
    program: (program) => ((program?.body ?? []) as Statement[]).map(statement).join(''),
    statement,
    literal,
    warn,
  };
  return printer;
}

function roleOf(node: Statement): ExportedMessage['role'] | undefined {
  if (node.type !== 'MustacheStatement' || helperOf(node) !== 'role') return undefined;
  const [name] = node.params as { readonly value?: unknown }[];
  if (name?.value === 'system' || name?.value === 'user') return name.value;
  return name?.value === 'model' || name?.value === 'assistant' ? 'assistant' : undefined;
}

/** A statement as it is written. One of a partial has its source elsewhere. */
function sourceOf(template: string, { loc }: Statement): string {
  if ((loc as { source?: string | null }).source) return '{{…}}';
  const lines = template.split('\n');
  const offset = (line: number, column: number): number =>
    lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column;
  return template.slice(offset(loc.start.line, loc.start.column), offset(loc.end.line, loc.end.column));
}

function shortened(source: string): string {
  const [line = ''] = source.split('\n');
  return line.length < source.length || line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
