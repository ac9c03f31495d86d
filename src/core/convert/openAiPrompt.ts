import { isRecord } from '../isRecord.ts';
import type { PromptTool } from '../prompt/frontMatter.ts';
import { PromptError } from '../prompt/problems.ts';
import type { VariableValue } from '../store.ts';
import type { ForeignFile, ImportedInput, ImportedPrompt, Warnings } from './conversion.ts';
import { Fields } from './fields.ts';
import { literalText, templateOf, type TemplateMessage } from './handlebarsText.ts';
import type { DataPath, Located } from './located.ts';
import { contentText } from './messageContent.ts';
import { outputOf } from './outputFormat.ts';
import { roleNamed, withVariables } from './plainMessages.ts';
import { labelsOf, modelOf } from './commonFields.ts';
import { readJson } from './readJson.ts';

/**
 * Reads a request body of Chat Completions or Responses, or a saved prompt of OpenAI, whose texts hold `{{variable}}`.
 * @throws PromptError when it cannot be read, with its place, or holds no text, as for a saved prompt named by its id.
 */
export function readOpenAiPrompt(file: ForeignFile, warnings: Warnings): ImportedPrompt {
  const source = readJson(file.text);
  const fields = new Fields(source, [], warnings);
  const kept: Record<string, unknown> = {};
  const config: Record<string, unknown> = {};
  const saved = fields.map('prompt');
  const variables = saved?.map('variables') ?? fields.map('variables');
  const isTemplate = variables !== undefined || isSaved(fields);

  const model = modelOf(fields, fields.text('model'), 'openai');
  const output = outputOf(fields) ?? textFormat(fields);
  logprobs(fields, config);
  const effort = fields.map('reasoning');
  const reasoningEffort = effort?.text('effort');
  if (reasoningEffort !== undefined) config['reasoningEffort'] = reasoningEffort;
  effort?.keepRest('openai', kept);
  fields.settings(config);
  // Every run here streams.
  for (const name of ['stream', 'stream_options']) fields.take(name);

  const messages = [
    ...instructions(fields, isTemplate),
    ...['messages', 'input'].flatMap((name) => messagesAt(fields, source, name, isTemplate, kept)),
  ];
  if (messages.length === 0) {
    const id = saved?.text('id');
    const message =
      id === undefined
        ? 'There are no messages in this file: neither "messages" nor "input" nor "instructions".'
        : `This names the saved prompt ${id}, whose text is at OpenAI. Copy its messages into the file as "messages".`;
    throw new PromptError(message, fields.place());
  }
  const prompt = {
    ...labelsOf(fields),
    ...(model === undefined ? {} : { model }),
    config,
    inputs: (variables?.names() ?? []).map((name) => inputOf(variables, name)),
    ...(output ? { output } : {}),
    tools: tools(fields, kept),
    template: templateOf(messages),
  };
  saved?.keepRest('openai', kept);
  fields.keepRest('openai', kept);
  return { ...prompt, kept };
}

/** Whether data looks like such a body. */
export function isOpenAiPrompt(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return (
    ['messages', 'input', 'instructions'].some((name) => Object.hasOwn(value, name)) ||
    isRecord(value['prompt'])
  );
}

function isSaved(fields: Fields): boolean {
  const id = fields.text('id');
  return fields.text('object') === 'prompt' || id?.startsWith('pmpt_') === true;
}

function inputOf(variables: Fields | undefined, name: string): ImportedInput {
  const value = variables?.take(name);
  const text = isRecord(value) && typeof value['text'] === 'string' ? value['text'] : value;
  return {
    name,
    type: 'string',
    required: true,
    ...(text === undefined ? {} : { default: text as VariableValue }),
  };
}

function instructions(fields: Fields, isTemplate: boolean): readonly TemplateMessage[] {
  const text = fields.text('instructions');
  if (text === undefined) return [];
  const place = () => fields.place('instructions');
  return [
    { role: 'system', text: isTemplate ? withVariables(text, place, fields.warnings) : literalText(text) },
  ];
}

function messagesAt(
  fields: Fields,
  source: Located,
  name: string,
  isTemplate: boolean,
  kept: Record<string, unknown>,
): readonly TemplateMessage[] {
  const escaped = (text: string, path: DataPath): string =>
    isTemplate
      ? withVariables(text, (line) => source.placeInText(path, line), fields.warnings)
      : literalText(text);
  const single = fields.text(name);
  if (single !== undefined) return [{ role: 'user', text: escaped(single, [name]) }];
  return (fields.list(name) ?? []).flatMap((item, index): TemplateMessage[] => {
    const path = [name, index];
    if (!isRecord(item) || (Object.hasOwn(item, 'type') && item['type'] !== 'message')) {
      const what =
        isRecord(item) && typeof item['type'] === 'string' ? `is a "${item['type']}"` : 'is no message';
      fields.warnings.add(`Item ${index + 1} of "${name}" ${what}; it is left out.`, source.placeOf(path));
      return [];
    }
    const message = fields.item(name, index);
    message.take('type');
    const role = roleNamed(message);
    const text = contentText(message, 'content', escaped);
    message.keepRest('openai', kept);
    if (text.trim() !== '') return [{ role, text }];
    message.warn(`Message ${index + 1} has nothing that can be carried over; it is left out.`);
    return [];
  });
}

/** The answer's format as Responses has it. */
function textFormat(fields: Fields): ImportedPrompt['output'] {
  const format = fields.map('text')?.map('format');
  const type = format?.text('type');
  if (type === 'json_object') return { format: 'json' };
  const schema = format?.take('schema');
  return type === 'json_schema' && isRecord(schema) ? { format: 'json', schema } : undefined;
}

function logprobs(fields: Fields, config: Record<string, unknown>): void {
  const wanted = fields.take('logprobs');
  const top = fields.take('top_logprobs');
  if (wanted === true || typeof top === 'number') config['logprobs'] = typeof top === 'number' ? top : 0;
}

/** The functions; tools of the service's own are kept beside. */
function tools(fields: Fields, kept: Record<string, unknown>): readonly PromptTool[] {
  const list = fields.list('tools') ?? [];
  const read = list.map(functionOf);
  const others = list.filter((_, i) => !read[i]);
  if (others.length > 0) {
    kept['openai.tools'] = others;
    fields.warn('Only functions are tools here; the others are kept as "openai.tools".', 'tools');
  }
  if (list.some(isStrict)) fields.warn('"strict" of a tool has no meaning here; it is left out.', 'tools');
  return read.filter((tool) => tool !== undefined);
}

/** Chat Completions has a function's fields below `function`, Responses beside its type. */
function functionOf(tool: unknown): PromptTool | undefined {
  if (!isRecord(tool) || tool['type'] !== 'function') return undefined;
  const { name, description, parameters } = isRecord(tool['function']) ? tool['function'] : tool;
  if (typeof name !== 'string') return undefined;
  return {
    name,
    ...(typeof description === 'string' ? { description } : {}),
    ...(isRecord(parameters) ? { inputSchema: parameters } : {}),
  };
}

function isStrict(tool: unknown): boolean {
  return isRecord(tool) && (isRecord(tool['function']) ? tool['function'] : tool)['strict'] === true;
}
