import type { FilePlace, Warnings } from './conversion.ts';
import type { Fields } from './fields.ts';
import { beforeTag, commentTag, literalText, type TemplateMessage, variableTag } from './handlebarsText.ts';

/** The role of a foreign message. What is no role of a prompt becomes the user's, with a warning. */
export function roleNamed(message: Fields): TemplateMessage['role'] {
  const written = message.text('role') ?? 'user';
  switch (written.toLowerCase()) {
    case 'system':
    case 'developer':
      return 'system';
    case 'assistant':
    case 'model':
      return 'assistant';
    case 'user':
    case 'human':
      return 'user';
    default:
      message.warn(`A message of "${written}" became one of the user.`, 'role');
      return 'user';
  }
}

/**
 * Text whose `{{name}}` are variables and nothing else is, as Handlebars. Braces around something else stay text.
 * @param placeOfLine the place of a line of the text, counted from 0.
 */
export function withVariables(
  text: string,
  placeOfLine: (line: number) => FilePlace,
  warnings: Warnings,
): string {
  let printed = '';
  let at = 0;
  for (const match of text.matchAll(/\{\{\s*([^{}\n]+?)\s*\}\}/g)) {
    const [written, name = ''] = match;
    const before = text.slice(at, match.index);
    const place = placeOfLine(text.slice(0, match.index).split('\n').length - 1);
    const tag = /^[#/^>!&]/.test(name) ? undefined : variableTag(name.split('.'));
    if (tag === undefined)
      warnings.add(`${written} is no variable that can be written here; it became a comment.`, place);
    printed += beforeTag(literalText(before)) + (tag ?? commentTag(written));
    at = match.index + written.length;
  }
  return printed + literalText(text.slice(at));
}
