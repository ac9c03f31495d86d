import { PromptError } from '../prompt/problems.ts';
import { helperNames } from '../prompt/tree.ts';
import type { FilePlace, ForeignFile, ImportedPrompt, Warnings } from './conversion.ts';
import { Fields } from './fields.ts';
import { type FrontMatterFile, linesOf, splitFrontMatter } from './frontMatterText.ts';
import { beforeTag, commentTag, templateOf, type TemplateMessage } from './handlebarsText.ts';
import { readYaml } from './located.ts';
import { labelsOf, modelOf } from './commonFields.ts';
import { placeAt } from './readJson.ts';

/**
 * Reads Continue's `.prompt`: a preamble, a line `---`, Handlebars with `<system>` around the system's message and
 * context such as `{{{ ./file.ts }}}`.
 * @throws PromptError when it cannot be read, with its place.
 */
export function readContinuePrompt(file: ForeignFile, warnings: Warnings): ImportedPrompt {
  const { head, body, bodyLine } = splitPreamble(file.text);
  const fields = new Fields(head, [], warnings);
  const kept: Record<string, unknown> = {};
  const config: Record<string, unknown> = {};
  const model = modelOf(fields, fields.text('model'));
  const labels = labelsOf(fields);
  fields.settings(config);
  fields.keepRest('continue', kept);
  const placeOf = (offset: number): FilePlace => {
    const { line, column } = placeAt(body, offset);
    return { line: line + bodyLine - 1, column };
  };
  return {
    ...labels,
    ...(model === undefined ? {} : { model }),
    config,
    inputs: [],
    tools: [],
    kept,
    template: templateOf(messagesOf(body, placeOf, warnings)),
  };
}

/** Whether a `.prompt` is Continue's and not ours: a preamble without a line before it, or its tags. */
export function isContinuePrompt(text: string): boolean {
  const lines = linesOf(text);
  const rule = lines.findIndex((line) => line.trimEnd() === '---');
  return (rule > 0 && /^[\w-]+:(\s|$)/.test(lines[0] ?? '')) || /^<system>[ \t]*$[^]*^<\/system>/m.test(text);
}

/** The preamble needs no line before it. */
function splitPreamble(text: string): FrontMatterFile {
  const lines = linesOf(text);
  const rule = lines.findIndex((line) => line.trimEnd() === '---');
  if (rule <= 0) return splitFrontMatter(text);
  return {
    head: readYaml(lines.slice(0, rule).join('\n'), 'The preamble'),
    body: lines.slice(rule + 1).join('\n'),
    bodyLine: rule + 2,
  };
}

function messagesOf(
  body: string,
  placeOf: (offset: number) => FilePlace,
  warnings: Warnings,
): readonly TemplateMessage[] {
  const messages: TemplateMessage[] = [];
  let at = 0;
  const add = (role: TemplateMessage['role'], start: number, end: number): void => {
    const text = withContext(body.slice(start, end), (offset) => placeOf(start + offset), warnings);
    if (text.trim() !== '') messages.push({ role, text });
  };
  for (const match of body.matchAll(/^[ \t]*<(system|user|assistant)>/gm)) {
    if (match.index < at) continue;
    const [opening, role = ''] = match;
    const close = body.indexOf(`</${role}>`, match.index);
    if (close < 0) throw new PromptError(`<${role}> is not closed. Add </${role}>.`, placeOf(match.index));
    add('user', at, match.index);
    add(role as TemplateMessage['role'], match.index + opening.length, close);
    at = close + role.length + 3;
  }
  add('user', at, body.length);
  return messages;
}

/** Handlebars as it is, but for what Continue fetches: files, addresses and its context providers. */
function withContext(text: string, placeOf: (offset: number) => FilePlace, warnings: Warnings): string {
  let printed = '';
  let at = 0;
  for (const match of text.matchAll(/(?<!\\)\{\{\{?\s*([^{}!#/>^&~][^{}]*?)\s*\}\}\}?/g)) {
    const [written, expression = ''] = match;
    const [head = ''] = expression.split(/\s/);
    const isHelper = helperNames.includes(head) || head === 'else';
    const isPath =
      /^(?:this|@?[\p{L}_][\p{L}\p{N}_-]*)(?:\.[\p{L}\p{N}_[\]-]+)*$/u.test(expression) ||
      /^[.\w@]*$/.test(expression);
    if (isHelper || (isPath && !/\.\w+$/.test(expression)) || expression.includes('[')) continue;
    if (isPath && !/\.(?:[cm]?[jt]sx?|py|md|json|ya?ml|txt|go|rs|java|css|html)$/i.test(expression)) continue;
    warnings.add(
      `${written} is fetched by Continue; it became a comment. Give the text as a variable.`,
      placeOf(match.index),
    );
    printed += beforeTag(text.slice(at, match.index)) + commentTag(written);
    at = match.index + written.length;
  }
  for (const match of text.matchAll(
    /(?:^|\s)(@(?:codebase|terminal|docs|diff|open|problems|url|folder|file)\b)/g,
  )) {
    const place = placeOf(match.index + match[0].length - (match[1]?.length ?? 0));
    warnings.add(`${match[1] ?? ''} is context that Continue adds; here it stays text.`, place);
  }
  return printed + text.slice(at);
}
