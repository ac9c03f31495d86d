import { isRecord } from '../isRecord.ts';
import { PromptError } from '../prompt/problems.ts';
import type { ForeignFile, ImportedPrompt, Warnings } from './conversion.ts';
import { Fields } from './fields.ts';
import { templateOf, type TemplateMessage } from './handlebarsText.ts';
import { jinjaToHandlebars } from './jinjaToHandlebars.ts';
import type { DataPath } from './located.ts';
import { contentText } from './messageContent.ts';
import { roleNamed } from './plainMessages.ts';
import { readJson } from './readJson.ts';

/**
 * Reads a prompt of promptfoo as JSON: a list of messages, whose texts are Nunjucks.
 * @throws PromptError when it cannot be read, with its place.
 */
export function readPromptfooPrompt(file: ForeignFile, warnings: Warnings): ImportedPrompt {
  const source = readJson(file.text);
  const wrapped = { ...source, value: { messages: source.value } };
  const at = { ...wrapped, placeOf: (path: DataPath) => source.placeOf(path.slice(1)) };
  const fields = new Fields(at, [], warnings);
  const kept: Record<string, unknown> = {};
  const list = fields.list('messages') ?? [];
  const messages = list.flatMap((item, index): TemplateMessage[] => {
    if (!isRecord(item)) {
      throw new PromptError(
        `Item ${index + 1} is no message: write {"role": …, "content": …}.`,
        source.placeOf([index]),
      );
    }
    const message = fields.item('messages', index);
    const role = roleNamed(message);
    const text = contentText(message, 'content', (template, path) =>
      jinjaToHandlebars({ template, placeOf: () => at.placeOf(path) }, warnings),
    );
    message.keepRest('promptfoo', kept);
    if (text.trim() !== '') return [{ role, text }];
    message.warn(`Message ${index + 1} has no text; it is left out.`);
    return [];
  });
  if (messages.length === 0)
    throw new PromptError('There are no messages in this file.', { line: 1, column: 1 });
  return { config: {}, inputs: [], tools: [], kept, template: templateOf(messages) };
}
