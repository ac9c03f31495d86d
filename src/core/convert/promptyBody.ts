import { PromptError } from '../prompt/problems.ts';
import type { FilePlace, Warnings } from './conversion.ts';
import type { FrontMatterFile } from './frontMatterText.ts';
import { literalText, mediaTag, roleTag } from './handlebarsText.ts';
import { jinjaToHandlebars } from './jinjaToHandlebars.ts';
import { placeAt } from './readJson.ts';

/** What a Prompty's template is written in. */
export type PromptyFormat = 'jinja2' | 'mustache';

/** The template of a Prompty, whose lines such as `system:` begin messages. Text before the first is the system's. */
export function promptyBody(
  { body, bodyLine }: Pick<FrontMatterFile, 'body' | 'bodyLine'>,
  format: PromptyFormat,
  warnings: Warnings,
): string {
  const placeOf = (offset: number): FilePlace => {
    const { line, column } = placeAt(body, offset);
    return { line: line + bodyLine - 1, column };
  };
  const roleLines = [...body.matchAll(roleLine)];
  const withRoles =
    (escaped: (text: string) => string) =>
    (text: string, offset: number): string => {
      let printed = '';
      let at = 0;
      for (const match of roleLines) {
        const start = match.index - offset;
        if (start < at || start + match[0].length > text.length) continue;
        printed += escaped(text.slice(at, start)) + roleMark(match, placeOf(match.index), warnings);
        at = start + match[0].length;
      }
      return printed + escaped(text.slice(at));
    };
  const template =
    format === 'jinja2'
      ? jinjaToHandlebars({ template: body, placeOf, textOf: withRoles(literalText) }, warnings)
      : withRoles((text) => text)(mustache(body, placeOf, warnings), 0);
  const withImages = imagesOf(template.trim(), warnings);
  const beginsWithRole = /^(\s|\{\{!--[^]*?--\}\})*(\{\{role |$)/.test(withImages);
  return `${beginsWithRole ? '' : `${roleTag('system')}\n`}${withImages}\n`;
}

const roleLine =
  /^[ \t]*#?[ \t]*(system|developer|user|assistant|function|tool)[ \t]*(\[[^\]\n]*\])?[ \t]*:[ \t]*$/gim;

function roleMark([, role = '', attributes]: RegExpMatchArray, place: FilePlace, warnings: Warnings): string {
  if (attributes !== undefined) {
    warnings.add(`The attributes ${attributes} of a message are left out; messages have none here.`, place);
  }
  switch (role.toLowerCase()) {
    case 'system':
    case 'developer':
      return roleTag('system');
    case 'assistant':
      return roleTag('assistant');
    case 'user':
      return roleTag('user');
    default:
      warnings.add(
        `A message of "${role}" became one of the user: a template cannot hold what tools answer.`,
        place,
      );
      return roleTag('user');
  }
}

/** Mustache is Handlebars but for what this says. */
function mustache(body: string, placeOf: (offset: number) => FilePlace, warnings: Warnings): string {
  for (const match of body.matchAll(/\{\{([#^>=])\s*([^}]*)\}\}/g)) {
    const [written, kind = '', name = ''] = match;
    const place = placeOf(match.index);
    if (kind === '>')
      warnings.add(`${written} needs the file _${name.trim()}.prompt beside the prompt.`, place);
    if (kind === '=') throw new PromptError('Other delimiters than {{…}} cannot be carried over.', place);
    if (kind === '#') {
      warnings.add(
        `In ${written} a name that the value lacks is looked up outside by Mustache, and not here.`,
        place,
      );
    }
  }
  return body;
}

/** Markdown's images as images of the message. One that is a file stays text. */
function imagesOf(template: string, warnings: Warnings): string {
  return template.replace(/!\[[^\]\n]*\]\(([^()\n]+)\)/g, (written: string, target: string) => {
    if (/^(https?:|data:image\/)[^{}]*$/i.test(target)) return mediaTag(target);
    const [, path] = /^\{\{\{?([^{}\s]+)\}?\}\}$/.exec(target) ?? [];
    if (path !== undefined) return `{{media url=${path}}}`;
    warnings.add(
      `The image ${target} stays text: images are sent by their address. Write {{media url="https://…"}}.`,
    );
    return written;
  });
}
