import assert from 'node:assert/strict';
import test from 'node:test';
import { analyzePrompt } from '../../../src/core/prompt/analysis.ts';
import { parsePrompt } from '../../../src/core/prompt/parse.ts';
import { renderPrompt } from '../../../src/core/prompt/render.ts';
import { fuzz } from './damaged.ts';

test('500 damaged samples give problems in the file, quickly, and nothing in them is evaluated', async () => {
  const { rounds, rendered, problems } = await fuzz(500, 7);
  assert.equal(rounds, 500);
  // Otherwise the samples are damaged too much or too little to find anything.
  assert.ok(rendered > 50 && problems > 500, JSON.stringify({ rendered, problems }));
});

test('a template of 10,000 helpers is checked and rendered', async () => {
  const text = '{{#if a}}{{json a}}{{/if}}\n'.repeat(10_000);
  const { ms, messages } = await timed(text);
  assert.deepEqual(messages, []);
  assert.ok(ms < 5000, `${ms} ms`);
  const { messages: rendered } = await renderPrompt(parsePrompt(text), { a: 'x' });
  assert.equal(rendered.length, 1);
});

test('names of what every object has are names like others', async () => {
  const text =
    '---\n__proto__: 1\nconstructor: 2\nconfig:\n  __proto__: 1\n  toString: 2\ninput:\n  schema:\n    constructor: string\n  default:\n    __proto__: x\n---\n{{constructor}}{{hasOwnProperty}}{{valueOf x}}';
  const { problems } = await analyzePrompt(text);
  assert.deepEqual(
    problems.map(({ line, column, code }) => `${line}:${column} ${code ?? ''}`),
    [
      '2:1 unknown-key',
      '3:1 unknown-key',
      '5:3 unknown-setting',
      '6:3 unknown-setting',
      '11:5 unused-default',
      '13:18 undeclared-variable',
      '13:36 unknown-helper',
      '13:44 undeclared-variable',
    ],
  );
});

test('aliases that expand to millions of values are a problem, at once', async () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
  );
  const { ms, messages } = await timed(`---\nl0: &l0 [x]\n${levels.join('\n')}\n---\nHi`);
  assert.match(messages[0] ?? '', /^The front matter is not YAML: /);
  assert.ok(ms < 1000, `${ms} ms`);
});

test('a file of 50 MB is a problem, at once', async () => {
  const { ms, messages } = await timed('{{a}} and text, '.repeat(50_000_000 / 16));
  assert.deepEqual(messages, [
    'This file is too long to be checked while it is written. Up to 10 million characters can be run.',
  ]);
  assert.ok(ms < 1000, `${ms} ms`);
});

for (const [what, text] of [
  ['blocks', '{{#if a}}'.repeat(6000) + '{{/if}}'.repeat(6000)],
  ['else-ifs', `{{#if a}}${'{{else if a}}'.repeat(6000)}{{/if}}`],
  ['parentheses', `{{if ${'(not '.repeat(6000)}a${')'.repeat(6000)}}}`],
  ['brackets', `---\na: ${'['.repeat(6000)}${']'.repeat(6000)}\n---\n`],
  ['maps', `---\n${'{a: '.repeat(6000)}\n---\n`],
  ['schemas', `---\ninput: {schema: ${'{a: '.repeat(900)}string${'}'.repeat(900)}}\n---\n`],
] as const) {
  test(`thousands of ${what} in each other are a problem, and no crash`, async () => {
    const { ms, messages } = await timed(text);
    assert.notDeepEqual(messages, []);
    assert.ok(ms < 1000, `${ms} ms`);
  });
}

async function timed(text: string): Promise<{ ms: number; messages: readonly string[] }> {
  const start = performance.now();
  const { problems } = await analyzePrompt(text);
  return { ms: performance.now() - start, messages: problems.map(({ message }) => message) };
}
