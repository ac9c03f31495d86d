import { parsePrompt } from '../prompt/parse.ts';
import { noPartials, type PartialLoader } from '../prompt/partials.ts';
import { throwFirstError } from '../prompt/problems.ts';
import { responseFormatOf } from '../prompt/schema.ts';
import { settingsOf } from '../prompt/settings.ts';
import { readTemplate } from '../prompt/template.ts';
import { fieldsOf } from '../prompt/variables.ts';
import type { VariableValues } from '../store.ts';
import { type ConversionWarning, Warnings } from './conversion.ts';
import type { ExportedPrompt } from './exportedPrompt.ts';
import { githubText } from './githubText.ts';
import { promptfooText } from './promptfooText.ts';
import { promptyText } from './promptyText.ts';
import { vscodeText } from './vscodeText.ts';

/** The formats that are written: their names for people, and how their files end. */
export const exportFormats = {
  github: { name: 'GitHub .prompt.yml', ending: '.prompt.yml' },
  prompty: { name: 'Prompty (version 2)', ending: '.prompty' },
  vscode: { name: 'VS Code .prompt.md', ending: '.prompt.md' },
  promptfoo: { name: 'promptfoo configuration', ending: '.promptfooconfig.yaml' },
} as const;

export type ExportFormat = keyof typeof exportFormats;

export interface ExportSource {
  /** Of a `.prompt` file. */
  readonly text: string;
  readonly partials?: PartialLoader;
  /** Given values; they win over the prompt's defaults. */
  readonly values?: VariableValues;
}

/**
 * A prompt in another tool's format.
 * @throws PromptError when the prompt has an error.
 */
export async function exportPrompt(
  { text, partials = noPartials, values = {} }: ExportSource,
  format: ExportFormat,
): Promise<{ readonly text: string; readonly warnings: readonly ConversionWarning[] }> {
  const prompt = parsePrompt(text);
  throwFirstError(prompt.problems);
  const template = await readTemplate(prompt, partials);
  throwFirstError(template.problems);
  const { frontMatter } = prompt;
  const { settings, warnings: settingWarnings } = settingsOf(frontMatter.config);
  const warnings = new Warnings();
  for (const { subject, message } of settingWarnings)
    warnings.add(message, prompt.locate(['config', subject]));
  const exported: ExportedPrompt = {
    prompt,
    template,
    frontMatter,
    settings,
    fields: await fieldsOf(prompt, template),
    responseFormat: await responseFormatOf(prompt),
    values: { ...frontMatter.input.default, ...values },
  };
  const written = writers[format](exported, warnings);
  return { text: written, warnings: warnings.list };
}

const writers: { readonly [Format in ExportFormat]: (prompt: ExportedPrompt, warnings: Warnings) => string } =
  {
    github: githubText,
    prompty: promptyText,
    vscode: vscodeText,
    promptfoo: promptfooText,
  };
