import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { exportPrompt } from '../../../src/core/convert/exportPrompt.ts';
import { importPrompt } from '../../../src/core/convert/importPrompt.ts';
import { PromptError } from '../../../src/core/prompt/problems.ts';

const chat = `---
name: greet
description: Says hello
model: openai/gpt-4o
config:
  temperature: 0.5
  maxOutputTokens: 50
input:
  schema:
    who: string, whom to greet
---
{{role "system"}}
Be kind.

{{role "user"}}
Greet {{who}}.

{{role "model"}}
Hello!
`;

describe('GitHub’s .prompt.yml', () => {
  test('holds messages, the model and the parameters', async () => {
    const { text, warnings } = await exportPrompt({ text: chat }, 'github');
    assert.deepEqual(warnings, []);
    assert.deepEqual(parse(text), {
      name: 'greet',
      description: 'Says hello',
      model: 'openai/gpt-4o',
      modelParameters: { temperature: 0.5, maxTokens: 50 },
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Greet {{who}}.' },
        { role: 'assistant', content: 'Hello!' },
      ],
    });
  });

  test('keeps blocks as they are written and warns of them, of defaults and of settings', async () => {
    const text = `---\nversion: 2\nconfig: {topK: 3}\ninput: {default: {a: x}}\n---\n{{#if a}}{{a}}{{/if}} {{media url="https://x"}} \\{{b}}`;
    const { text: yaml, warnings } = await exportPrompt({ text }, 'github');
    assert.equal(
      (parse(yaml) as { messages: { content: string }[] }).messages[0]?.content,
      '{{#if a}}{{a}}{{/if}} {{media url="https://x"}} {{b}}',
    );
    assert.deepEqual(
      warnings.map(({ line, message }) => `${line ?? '-'} ${message}`),
      [
        '3 "config.topK" has no name in GitHub’s prompts; it is left out.',
        '2 "version" has no place in GitHub’s prompts; it is left out.',
        '4 GitHub’s prompts have no defaults; they are left out.',
        '6 {{#if a}}{{a}}{{/if}} has no form in GitHub’s prompts. Write it by hand.',
        '6 {{media url="https://x"}} has no form in GitHub’s prompts. Write it by hand.',
        '6 The text {{b}} would be read as a variable by GitHub’s prompts.',
      ],
    );
  });
});

test('Prompty and back is the same prompt', async () => {
  const { text: prompty, warnings } = await exportPrompt({ text: chat }, 'prompty');
  assert.deepEqual(warnings, []);
  assert.deepEqual(await importPrompt({ name: 'greet.prompty', text: prompty }), {
    format: 'prompty-2',
    text: chat,
    warnings: [],
  });
});

test('GitHub and back is the same prompt, and what only GitHub knows comes along', async () => {
  const yaml = `name: t\nmodel: openai/gpt-4o\nmodelParameters:\n  temperature: 1\n  own: 2\nmessages:\n  - role: user\n    content: Hi {{a}}\ntestData:\n  - a: x\n`;
  const { text } = await importPrompt({ name: 't.prompt.yml', text: yaml });
  const { text: back, warnings } = await exportPrompt({ text }, 'github');
  assert.deepEqual([parse(back), warnings], [parse(yaml), []]);
});

test('VS Code’s .prompt.md asks for the variables', async () => {
  const { text, warnings } = await exportPrompt(
    { text: '---\ninput: {schema: {a: "string, what"}}\n---\nDo {{a}} with {{b}} and {{c.d}}.' },
    'vscode',
  );
  assert.equal(text, '---\n---\nDo ${input:a:what} with ${input:b} and {{c.d}}.\n');
  assert.deepEqual(
    warnings.map(({ message }) => message),
    ['{{c.d}} has no form in VS Code’s prompts. Write it by hand.'],
  );
});

test('promptfoo gets messages in Nunjucks, the provider and a test with the values', async () => {
  const { text, warnings } = await exportPrompt({ text: chat, values: { who: 'Ana' } }, 'promptfoo');
  const { prompts, ...rest } = parse(text) as { prompts: { raw: string }[] };
  assert.deepEqual(warnings, []);
  assert.deepEqual(rest, {
    description: 'Says hello',
    providers: [{ id: 'openai:gpt-4o', config: { temperature: 0.5, max_tokens: 50 } }],
    tests: [{ vars: { who: 'Ana' } }],
  });
  assert.deepEqual(JSON.parse(prompts[0]?.raw ?? ''), [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Greet {{ who }}.' },
    { role: 'assistant', content: 'Hello!' },
  ]);
});

test('a prompt with an error is refused with its place', async () => {
  const error = await exportPrompt({ text: 'a\n{{#if x}}' }, 'github').catch((thrown: unknown) => thrown);
  assert.ok(error instanceof PromptError && error.problem.line === 2, String(error));
});
