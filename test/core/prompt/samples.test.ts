import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import test from 'node:test';
import { analyzePrompt } from '../../../src/core/prompt/analysis.ts';
import { parsePrompt } from '../../../src/core/prompt/parse.ts';
import { renderPrompt } from '../../../src/core/prompt/render.ts';

const folder = new URL('../../../prompts/', import.meta.url);
const values = {
  topic: 'tokenization',
  text: 'some text',
  diff: '+ a line',
  notes: 'Ann ships on Friday.',
  message: 'Where is my invoice?',
  question: 'When is it open?',
  task: 'Add 1 and 1.',
  answer: '2',
  subject: 'arithmetic',
  idea: 'a lamp that nobody lit',
  problem: 'Add 1 and 1.',
  title: 'A note',
  body: 'It can wait.',
};

for (const path of globSync(['*.prompt', 'library/*.prompt', 'templates/*.prompt'], { cwd: folder }).sort()) {
  const file = basename(path);
  const text = readFileSync(new URL(path, folder), 'utf8');
  const prompt = parsePrompt(text);

  test(`the sample ${file} has no problem`, async () => {
    assert.deepEqual((await analyzePrompt(text)).problems, []);
  });

  test(`the sample ${file} runs on the user's own default model`, () => {
    assert.equal(prompt.frontMatter.model, undefined);
  });

  test(`the sample ${file} is named like its file and says what it does`, () => {
    assert.equal(`${prompt.frontMatter.name ?? ''}.prompt`, file);
    assert.ok(prompt.frontMatter.description);
  });

  test(`the sample ${file} renders from a system message to a user message`, async () => {
    const { messages } = await renderPrompt(prompt, values);
    assert.deepEqual([messages[0]?.role, messages.at(-1)?.role], ['system', 'user']);
  });
}

test('the sample explain.prompt needs only a topic', async () => {
  const prompt = parsePrompt(readFileSync(new URL('explain.prompt', folder), 'utf8'));
  const { messages } = await renderPrompt(prompt, { topic: 'tokenization' });
  assert.deepEqual(messages.at(-1), {
    role: 'user',
    content: [
      { type: 'text', text: 'Explain tokenization to a software developer.\nKeep it under 100 words.' },
    ],
  });
});
