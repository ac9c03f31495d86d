import { Hover, MarkdownString, type Position, type TextDocument } from 'vscode';
import type { PromptAnalysis } from '../../core/prompt/analysis.ts';
import { holds, variableAt } from '../../core/prompt/edits.ts';
import { fieldDocs } from '../../core/prompt/frontMatterDocs.ts';
import { helperDocs } from '../../core/prompt/helperDocs.ts';
import type { FileRange } from '../../core/prompt/problems.ts';
import { settingDocs } from '../../core/prompt/settingDocs.ts';
import { expectedOf, settingNamed } from '../../core/prompt/settings.ts';
import { valueOf } from '../../core/prompt/values.ts';
import type { VariableField, VariableShape } from '../../core/prompt/variables.ts';
import type { VariableValue, VariableValues } from '../../core/store.ts';
import type { ModelList } from './modelList.ts';
import { modelMarkdown } from './modelText.ts';
import { rangeOf } from './positions.ts';

/** What stands at a place, explained: a variable, a helper, a partial, a key of the front matter or a model. */
export async function hoverAt(
  document: TextDocument,
  analysis: PromptAnalysis,
  position: Position,
  models: ModelList,
  lastValues: VariableValues | undefined,
): Promise<Hover | undefined> {
  const line = position.line + 1;
  const column = position.character + 1;
  const hover = (range: FileRange, text: MarkdownString | string): Hover =>
    new Hover(typeof text === 'string' ? new MarkdownString(text) : text, rangeOf(document, range));

  const variable = variableAt(analysis, line, column);
  const field = analysis.fields.find(({ name }) => name === variable?.name);
  const place = variable && [...variable.declared, ...variable.used].find((at) => holds(at, line, column));
  if (field && place) return hover(place, variableText(field, lastValues));

  const reference = analysis.references.find(
    ({ kind, range, closing }) =>
      (kind === 'helper' || kind === 'partial') &&
      (holds(range, line, column) || (closing && holds(closing, line, column))),
  );
  if (reference?.kind === 'helper') {
    const doc = helperDocs.get(reference.name);
    return doc && hover(reference.range, `\`${doc.usage}\`\n\n${doc.summary}`);
  }
  if (reference) return hover(reference.range, `The partial in the file \`_${reference.name}.prompt\`.`);

  const entry = analysis.entries.find(
    ({ key, value, path }) =>
      holds(key, line, column) || (path[0] === 'model' && value && holds(value, line, column)),
  );
  if (!entry) return undefined;
  const [first, name] = entry.path;
  if (entry.path.length === 1 && first === 'model' && entry.value && holds(entry.value, line, column)) {
    const id = String(entry.scalar);
    const model = (await models.all()).get(id);
    return model && hover(entry.value, modelMarkdown(id, model, await models.priceOf(id)));
  }
  if (first === 'config' && name !== undefined && entry.path.length === 2) {
    const setting = settingNamed(name);
    if (!setting) return undefined;
    const { summary, effect } = settingDocs[setting];
    return hover(entry.key, `**${setting}**: ${summary}\n\n${effect}\n\nIt must be ${expectedOf(setting)}.`);
  }
  // An item of a list has a number in its path.
  const path = entry.path.filter((key) => !/^\d+$/.test(key)).join('.');
  const doc = fieldDocs.get(path);
  return doc && hover(entry.key, `**${path}**: ${doc.summary}`);
}

/** Type, description, default and last value. What the prompt's author or a run has written is shown as plain text. */
function variableText(field: VariableField, lastValues: VariableValues | undefined): MarkdownString {
  const text = new MarkdownString(
    `**${field.name}**: ${typeText(field)}${field.required ? '' : ', optional'}`,
  );
  if (field.description !== undefined) text.appendMarkdown('\n\n').appendMarkdown(escaped(field.description));
  if (!field.declared) text.appendMarkdown('\n\nNot declared; the type is a guess from its use.');
  if (field.default !== undefined) appendValue(text, 'Default', field.default);
  const last = lastValues && valueOf(lastValues, field.name);
  if (last !== undefined && JSON.stringify(last) !== JSON.stringify(field.default)) {
    appendValue(text, 'Last value', last);
  }
  return text;
}

/** Text as Markdown that shows it as it is; `appendText` would keep its lines from being wrapped. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!~<>&|$]/g, '\\$&');
}

function appendValue(text: MarkdownString, what: string, value: VariableValue): void {
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = written.length > 500 ? `${written.slice(0, 500)}…` : written;
  text.appendMarkdown(`\n\n${what}:`).appendCodeblock(shown, 'plaintext');
}

/** A type in words: `list of text`, `one of "a", "b"`. */
export function typeText(shape: VariableShape): string {
  switch (shape.type) {
    case 'array':
      return shape.items ? `list of ${typeText(shape.items)}` : 'list';
    case 'enum':
      return `one of ${(shape.choices ?? []).map((choice) => JSON.stringify(choice)).join(', ')}`;
    case 'object':
      return shape.fields ? `object of ${shape.fields.map(({ name }) => name).join(', ')}` : 'object';
    case 'integer':
      return 'whole number';
    case 'boolean':
      return 'true or false';
    case 'any':
      return 'any value';
    case 'text':
    case 'number':
    case 'date':
    case 'file':
      return shape.type;
    default:
      return shape.type satisfies never;
  }
}
