import type { Role } from '../chat.ts';
import { helperNames } from '../prompt/tree.ts';

/** Text as Handlebars prints it back unchanged. */
export function literalText(text: string): string {
  // A backslash makes braces text. Behind one that is text itself they are printed as a value.
  return text.replace(/(\\*)\{\{/g, (_, slashes: string) =>
    slashes === '' ? '\\{{' : `${slashes}\\{{#with "{{"}}{{.}}{{/with}}`,
  );
}

/** Text before a tag: of the backslashes right before it Handlebars prints one less. */
export function beforeTag(text: string): string {
  return text.endsWith('\\') ? `${text}\\` : text;
}

/** A tag that prints a variable by its path from the values; `undefined` where its name cannot be written. */
export function variableTag(parts: readonly string[]): string | undefined {
  const path = pathText(parts);
  return path === undefined ? undefined : `{{${path}}}`;
}

/** A path from the values as a tag or a helper takes it. A variable with a helper's name is told from the helper. */
export function pathText(parts: readonly string[]): string | undefined {
  const segments = parts.map(segmentText);
  if (segments.length === 0 || segments.includes(undefined)) return undefined;
  const path = segments.join('.');
  return parts.length === 1 && helperNames.includes(path) ? `this.${path}` : path;
}

/** One step of a path. A name that Handlebars would read otherwise stands in brackets, where only `]` cannot be. */
export function segmentText(name: string): string | undefined {
  if (/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name) && !words.includes(name)) return name;
  return name === '' || /[\]\r\n]/.test(name) ? undefined : `[${name}]`;
}

const words = ['true', 'false', 'null', 'undefined', 'this', 'else', 'as'];

/** A text as an argument; `undefined` where it has both kinds of quotes. */
export function stringText(text: string): string | undefined {
  if (text.includes('\\')) return undefined;
  if (!text.includes('"')) return `"${text}"`;
  return text.includes("'") ? undefined : `'${text}'`;
}

/** A comment, which prints nothing. */
export function commentTag(text: string): string {
  return `{{!-- ${text.replaceAll('--', '- -').trim()} --}}`;
}

/** An image by its address. */
export function mediaTag(url: string): string {
  return `{{media url="${url.trim().replaceAll('"', '%22').replaceAll('\\', '%5C')}"}}`;
}

/** What begins a message. */
export function roleTag(role: Exclude<Role, 'tool'>): string {
  return `{{role "${role === 'assistant' ? 'model' : role}"}}`;
}

/** A message whose text is Handlebars already. */
export interface TemplateMessage {
  readonly role: Exclude<Role, 'tool'>;
  readonly text: string;
}

/** A template of messages. One message of the user needs no mark. Blank lines around a message do not count, as in Dotprompt. */
export function templateOf(messages: readonly TemplateMessage[]): string {
  const [first] = messages;
  if (messages.length === 1 && first?.role === 'user') return `${trimmed(first.text)}\n`;
  return messages.map(({ role, text }) => `${roleTag(role)}\n${trimmed(text)}\n`).join('\n');
}

function trimmed(text: string): string {
  return text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd();
}
