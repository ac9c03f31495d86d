/**
 * The Dotprompt project's own cases (`test/fixtures/dotprompt`), against our layer over its library. Texts are compared
 * without white space at their ends, which our messages leave out: services count it, and some refuse it.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import type { Message, Part } from '../../../src/core/chat.ts';
import { parsePrompt } from '../../../src/core/prompt/parse.ts';
import { renderPrompt } from '../../../src/core/prompt/render.ts';
import { responseFormatOf } from '../../../src/core/prompt/schema.ts';
import type { VariableValues } from '../../../src/core/store.ts';

const folder = join(import.meta.dirname, '../../fixtures/dotprompt');

interface SpecMessage {
  readonly role: string;
  readonly content: readonly {
    readonly text?: string;
    readonly media?: { readonly url: string; readonly contentType?: string };
  }[];
}

interface Suite {
  readonly name: string;
  readonly template: string;
  readonly partials?: Readonly<Record<string, string>>;
  readonly resolverPartials?: Readonly<Record<string, string>>;
  readonly data?: Data;
  readonly tests: readonly {
    readonly desc?: string;
    readonly data?: Data;
    readonly options?: { readonly input?: { readonly default?: VariableValues } };
    readonly expect: Expected;
  }[];
}

interface Data {
  readonly input?: VariableValues;
  readonly messages?: readonly SpecMessage[];
}

interface Expected {
  readonly messages?: readonly SpecMessage[];
  readonly config?: object;
  readonly ext?: object;
  readonly output?: { readonly schema?: object };
}

const onlyImages = 'models here take images alone, and other media is an error that says so';
const noContext =
  'there is no program around a prompt that sets such values, so a slip is an error with its place';
const objectInput = 'a prompt has named variables, so its input is an object';
const ownSchemas =
  'there is no program that defines schemas by name, so an unknown name is an error with its place';

/** What is otherwise here, on purpose, by file, suite and case, or by file and suite. */
const exceptions: ReadonlyMap<string, string> = new Map([
  ['helpers/media: content_types: renders video content type', onlyImages],
  ['helpers/media: content_types: renders audio content type', onlyImages],
  ['helpers/section: basic_section', 'sections are marks for programs; the texts on both sides are one text'],
  [
    'helpers/section: nested_sections',
    'sections are marks for programs; the texts on both sides are one text',
  ],
  ['metadata: metadata_state', noContext],
  ['metadata: metadata_context_variables', noContext],
  ['picoschema: input_and_output', objectInput],
  ['picoschema: line_endings_crlf', objectInput],
  ['picoschema: named_schema_override_description', ownSchemas],
  ['picoschema: nested_named_schema', ownSchemas],
]);

for (const file of globSync('**/*.yaml', { cwd: folder }).sort()) {
  describe(`Dotprompt’s ${file}`, () => {
    for (const suite of parse(readFileSync(join(folder, file), 'utf8')) as Suite[]) {
      for (const { desc = 'renders', data, options, expect } of suite.tests) {
        const name = `${file.replace('.yaml', '')}: ${suite.name}: ${desc}`;
        const reason = exceptions.get(name) ?? exceptions.get(name.slice(0, name.lastIndexOf(`: ${desc}`)));
        const input = { ...options?.input?.default, ...suite.data?.input, ...data?.input };
        const run = async (): Promise<void> => conforms(suite, { ...suite.data, ...data, input }, expect);
        // One that conforms after all would be no exception.
        if (reason === undefined) void test(name, run);
        else void test(`${name}: not here, for ${reason}`, async () => assert.rejects(run));
      }
    }
  });
}

async function conforms(suite: Suite, data: Data, expect: Expected): Promise<void> {
  const prompt = parsePrompt(suite.template);
  const partials = { ...suite.resolverPartials, ...suite.partials };
  const { messages } = await renderPrompt(prompt, data.input ?? {}, {
    partials: (name) => partials[name],
    history: (data.messages ?? []).map(ourMessage),
  });
  if (expect.messages)
    assert.deepEqual(messages.map(trimmed), expect.messages.map(ourMessage).map(trimmed).filter(hasContent));
  if (expect.config) assert.deepEqual(prompt.frontMatter.config, expect.config);
  if (expect.ext) assert.deepEqual(prompt.frontMatter.ext, expect.ext);
  if (expect.output?.schema) {
    const format = await responseFormatOf(prompt);
    assert.deepEqual(format?.type === 'json-schema' && format.schema, expect.output.schema);
  }
}

function ourMessage({ role, content }: SpecMessage): Message {
  return {
    role: role === 'model' ? 'assistant' : (role as Message['role']),
    content: content.map(({ text, media }): Part =>
      media ? imageOf(media) : { type: 'text', text: text ?? '' },
    ),
  };
}

function imageOf({ url, contentType }: { readonly url: string; readonly contentType?: string }): Part {
  return { type: 'image', url, ...(contentType === undefined ? {} : { mediaType: contentType }) };
}

function trimmed({ role, content }: Message): Message {
  const parts = content.map((part) => (part.type === 'text' ? { ...part, text: part.text.trim() } : part));
  return { role, content: parts.filter((part) => part.type !== 'text' || part.text !== '') };
}

function hasContent({ content }: Message): boolean {
  return content.length > 0;
}
