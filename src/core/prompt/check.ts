import type { ModelInfo } from '../provider.ts';
import { notTaken } from '../taken.ts';
import { meaningOf } from './coerce.ts';
import type { Declaration } from './declarations.ts';
import type { FrontMatterEntry } from './frontMatterEntries.ts';
import type { TemplateUses } from './infer.ts';
import { type KnownProvider, knownModel, modelProblem } from './knownModels.ts';
import { nearest } from './nearest.ts';
import type { ParsedPrompt } from './parse.ts';
import { byPlace, type FileRange, type PromptProblem } from './problems.ts';
import type { TemplateReference } from './references.ts';
import { settingNamed, settingNames, settingsOf } from './settings.ts';
import type { Template } from './template.ts';
import { undefinedTools } from './tools.ts';
import { mismatch } from './values.ts';
import type { VariableField } from './variables.ts';

/** A prompt as far as it is understood. */
export interface Understood {
  readonly prompt: ParsedPrompt;
  readonly entries: readonly FrontMatterEntry[];
  readonly template: Template;
  readonly uses: TemplateUses;
  readonly references: readonly TemplateReference[];
  readonly fields: readonly VariableField[];
  readonly declarations: readonly Declaration[];
}

/**
 * Everything wrong with a prompt that can be told without values, in the order of the file: what an editor underlines.
 * @param schemaProblems what kept `fields` from being read; then nothing is said about variables.
 * @param providers those that the prompt can name; none where that is not to be checked.
 */
export function problemsOf(
  understood: Understood,
  schemaProblems: readonly PromptProblem[],
  providers: readonly KnownProvider[],
): readonly PromptProblem[] {
  const { prompt, entries, template } = understood;
  const model = modelProblem(
    entries.find(({ path }) => path.length === 1 && path[0] === 'model'),
    providers,
  );
  const problems = [
    ...prompt.problems,
    ...settingProblems(prompt),
    ...ignoredBy(knownModel(prompt.frontMatter.model, providers), prompt),
    ...undefinedTools(prompt),
    ...(model ? [model] : []),
    ...template.problems,
    ...schemaProblems,
  ];
  problems.push(...defaultProblems(understood));
  // While a part of the file cannot be read, it is not known what it declares or uses.
  const isRead = ({ severity, code }: PromptProblem): boolean =>
    severity === 'warning' || code === 'unknown-helper';
  if ([...prompt.problems, ...schemaProblems].every(isRead)) {
    problems.push(...undeclared(understood));
    if (template.problems.every(isRead)) problems.push(...unused(understood));
  }
  return problems.sort(byPlace);
}

function settingProblems(prompt: ParsedPrompt): readonly PromptProblem[] {
  return settingsOf(prompt.frontMatter.config).warnings.map(({ subject, message }) => ({
    severity: 'warning',
    message,
    ...prompt.locate(['config', subject]),
    ...(settingNamed(subject) === undefined && {
      code: 'unknown-setting',
      subject,
      instead: nearest(subject, settingNames),
    }),
  }));
}

/** What the prompt asks of its model, and the model does not take. */
function ignoredBy(model: ModelInfo | undefined, prompt: ParsedPrompt): readonly PromptProblem[] {
  if (!model) return [];
  const { capabilities, id } = model;
  const { config, tools, output } = prompt.frontMatter;
  const ignored = (path: readonly string[], what: string): PromptProblem => ({
    severity: 'warning',
    message: `${id} does not take ${what}, so it is not sent. Remove it, or choose another model.`,
    ...prompt.locate(path),
    code: 'ignored-setting',
    subject: path.at(-1) ?? '',
  });
  const settings = Object.keys(config).flatMap((written) => {
    const setting = settingNamed(written);
    const what = setting && notTaken(setting, capabilities);
    return what === undefined ? [] : [ignored(['config', written], what)];
  });
  const wantsFormat = output.schema !== undefined || output.format === 'json';
  return [
    ...settings,
    ...(tools.length > 0 && !capabilities.tools ? [ignored(['tools'], 'tools')] : []),
    ...(wantsFormat && !capabilities.jsonSchema ? [ignored(['output'], 'a response format')] : []),
  ];
}

function defaultProblems({ fields, entries }: Understood): readonly PromptProblem[] {
  const written = entries.filter(({ path }) => path[0] === 'input' && path[1] === 'default');
  return fields.flatMap((field): readonly PromptProblem[] => {
    const wrong = field.default === undefined ? undefined : mismatch(field, field.default);
    if (wrong === undefined) return [];
    const entry = written.find(({ path }) => path.length === 3 && path[2] === field.name);
    const message = `The default does not fit: ${wrong}`;
    if (!entry) return [{ severity: 'error', message, ...field.range }];
    const fix = { code: 'default-mismatch', subject: field.name, instead: fitting(field) } as const;
    // A list or a map is told at its key, since it can be long.
    const range = entry.scalar === undefined ? entry.key : withQuotes(entry);
    return [{ severity: 'error', message, ...range, ...(entry.scalar === undefined ? {} : fix) }];
  });
}

/** Values, as YAML, that a default of the wrong type may have been meant to be. */
function fitting(field: VariableField): readonly string[] {
  const written = typeof field.default === 'string' ? field.default : JSON.stringify(field.default);
  if (field.type === 'text') return [JSON.stringify(written)];
  if (field.type === 'boolean') return ['true', 'false'];
  if (field.type === 'enum') {
    const choices = (field.choices ?? []).map((choice) => JSON.stringify(choice));
    return [...new Set([...nearest(JSON.stringify(written), choices), ...choices])].slice(0, 5);
  }
  const meant = meaningOf(field, written);
  return mismatch(field, meant) === undefined ? [JSON.stringify(meant)] : [];
}

function withQuotes({ key, value = key, isQuoted }: FrontMatterEntry): FileRange {
  const { line, column, endLine = line, endColumn = column } = value;
  return isQuoted === true ? { line, column: column - 1, endLine, endColumn: endColumn + 1 } : value;
}

/** Names that the template uses and an existing schema does not declare, at each place. */
function undeclared({ prompt, fields, references }: Understood): readonly PromptProblem[] {
  if (prompt.frontMatter.input.schema === undefined) return [];
  const declared = fields.filter((field) => field.declared).map(({ name }) => name);
  return fields
    .filter((field) => !field.declared)
    .flatMap(({ name, range }) => {
      const places = references.filter(
        (reference) => reference.kind === 'variable' && reference.name === name,
      );
      // One that only a partial uses is told where the partial is included.
      return (places.length > 0 ? places.map((place) => place.range) : [range]).map(
        (place): PromptProblem => ({
          severity: 'warning',
          message: `"${name}" is not declared. Add it to "input.schema", or correct its name.`,
          ...place,
          code: 'undeclared-variable',
          subject: name,
          instead: nearest(name, declared),
        }),
      );
    });
}

/** Declarations and defaults that the template has no use for. */
function unused({ uses, declarations, fields, entries }: Understood): readonly PromptProblem[] {
  const { root, unplaced } = uses;
  // `{{json this}}` or `{{#each this}}` takes whatever there is.
  if (root.whole || root.printed || root.items) return [];
  const isUsed = (name: string): boolean => root.fields.has(name) || unplaced.has(name);
  const variables = declarations
    .filter(({ name }) => !isUsed(name))
    .map(({ name, names, entry }): PromptProblem => ({
      severity: 'warning',
      message: `"${name}" is declared and never used. Use it in the template as {{${name}}}, or remove it.`,
      ...(names[0] ?? entry.key),
      code: 'unused-variable',
      subject: name,
    }));
  const known = new Set(fields.map(({ name }) => name));
  const defaults = entries
    .filter(({ path }) => path.length === 3 && path[0] === 'input' && path[1] === 'default')
    .filter(({ path: [, , name = ''] }) => !known.has(name) && !isUsed(name))
    .map(({ path: [, , name = ''], key }): PromptProblem => ({
      severity: 'warning',
      message: `There is no variable "${name}" for this default. Correct its name, or remove it.`,
      ...key,
      code: 'unused-default',
      subject: name,
      instead: nearest(name, known),
    }));
  return [...variables, ...defaults];
}
