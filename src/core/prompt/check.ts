import type { ParsedPrompt } from './parse.ts';
import { noPartials, type PartialLoader } from './partials.ts';
import { byPlace, PromptError, type PromptProblem } from './problems.ts';
import { responseFormatOf } from './schema.ts';
import { settingsOf } from './settings.ts';
import { readTemplate } from './template.ts';
import { mismatch } from './values.ts';
import { fieldsOf, type VariableField } from './variables.ts';

/**
 * Everything wrong with a prompt that can be told without values, in the order of the file: what an editor underlines.
 * Only what `partials` throws is thrown.
 */
export async function checkPrompt(
  prompt: ParsedPrompt,
  partials: PartialLoader = noPartials,
): Promise<readonly PromptProblem[]> {
  const template = await readTemplate(prompt, partials);
  const problems = [...prompt.problems, ...settingProblems(prompt), ...template.problems];
  try {
    const fields = await fieldsOf(prompt, template);
    problems.push(...fields.flatMap((field) => fieldProblems(prompt, field)));
  } catch (error) {
    problems.push(problemOf(error));
  }
  try {
    await responseFormatOf(prompt);
  } catch (error) {
    problems.push(problemOf(error));
  }
  return problems.sort(byPlace);
}

function settingProblems(prompt: ParsedPrompt): readonly PromptProblem[] {
  const { config } = prompt.frontMatter;
  return settingsOf(config).warnings.map(({ subject, message }) => ({
    severity: 'warning',
    message,
    ...prompt.locate(['config', subject]),
  }));
}

function fieldProblems(prompt: ParsedPrompt, field: VariableField): readonly PromptProblem[] {
  const wrong = field.default === undefined ? undefined : mismatch(field, field.default);
  if (wrong !== undefined) {
    const range = prompt.locate(['input', 'default', field.name]);
    return [{ severity: 'error', message: `The default does not fit: ${wrong}`, ...range }];
  }
  if (field.declared || prompt.frontMatter.input.schema === undefined) return [];
  const message = `"${field.name}" is not declared. Add it to "input.schema", or correct its name.`;
  return [{ severity: 'warning', message, ...field.range }];
}

function problemOf(error: unknown): PromptProblem {
  if (error instanceof PromptError) return error.problem;
  throw error;
}
