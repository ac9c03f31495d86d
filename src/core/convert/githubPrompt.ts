import { isRecord } from '../isRecord.ts';
import type { ForeignFile, ImportedPrompt, Warnings } from './conversion.ts';
import { Fields } from './fields.ts';
import { templateOf, type TemplateMessage } from './handlebarsText.ts';
import { type Located, readYaml } from './located.ts';
import { outputOf } from './outputFormat.ts';
import { labelsOf, modelOf } from './commonFields.ts';
import { roleNamed, withVariables } from './plainMessages.ts';

/**
 * Reads GitHub's `.prompt.yml` (GitHub's pages on storing prompts, 2025): messages with `{{variable}}` and no more.
 * @throws PromptError when it cannot be read, with its place.
 */
export function readGithubPrompt(file: ForeignFile, warnings: Warnings): ImportedPrompt {
  const source = readYaml(file.text.replace(/^\uFEFF/, ''), 'The file');
  const fields = new Fields(source, [], warnings);
  const kept: Record<string, unknown> = {};
  const config: Record<string, unknown> = {};
  const model = modelOf(fields, fields.text('model'));
  const output = outputOf(fields);
  const parameters = fields.map('modelParameters');
  parameters?.settings(config);
  parameters?.keepRest('github', kept);
  const prompt = {
    ...labelsOf(fields),
    ...(model === undefined ? {} : { model }),
    config,
    inputs: [],
    ...(output ? { output } : {}),
    tools: [],
    template: templateOf(messages(fields, source, kept)),
  };
  fields.keepRest('github', kept);
  return { ...prompt, kept };
}

/** Whether data looks like such a file. */
export function isGithubPrompt(value: unknown): boolean {
  return isRecord(value) && Array.isArray(value['messages']);
}

function messages(
  fields: Fields,
  source: Located,
  kept: Record<string, unknown>,
): readonly TemplateMessage[] {
  return (fields.list('messages') ?? []).flatMap((_, index): TemplateMessage[] => {
    const message = fields.item('messages', index);
    const role = roleNamed(message);
    const content = message.text('content');
    message.keepRest('github', kept);
    if (content === undefined || content.trim() === '') {
      message.warn(`Message ${index + 1} has no text; it is left out.`);
      return [];
    }
    const place = (line: number) => source.placeInText(['messages', index, 'content'], line);
    return [{ role, text: withVariables(content, place, fields.warnings) }];
  });
}
