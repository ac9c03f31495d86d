import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { analyzePrompt } from '../../../src/core/prompt/analysis.ts';
import { seeded } from '../tokens/corpus.ts';

const samples = globSync('prompts/**/*.prompt', { cwd: new URL('../../../', import.meta.url) })
  .sort()
  .map((file) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'));

/** What a keystroke, a paste or a bad merge puts into a file. */
const shards = [
  ...[
    '{{',
    '}}',
    '{{#if ',
    '{{/if}}',
    '{{else}}',
    '{{#each x}}',
    '{{> p}}',
    '{{{',
    '}}}',
    '{{!--',
    '--}}',
    '\\{{',
  ],
  ...[
    '---\n',
    ':',
    '- ',
    '\t',
    '"',
    "'",
    '|',
    '>',
    '&a ',
    '*a',
    '[',
    ']',
    '{',
    '}',
    '?',
    '#',
    ', ',
    '!!map ',
    '%',
  ],
  ...['__proto__', 'constructor', 'toString', '{{__proto__.x}}', '{{constructor}}', '  __proto__: string\n'],
  ...[
    '\r\n',
    '\r',
    '\uFEFF',
    '\u2028',
    '\u0000',
    '\uD800',
    '🙂',
    'config:\n  temperature: x\n',
    'null',
    '~',
    '1e999',
  ],
  ...[
    '<<: *a\n',
    '{{#*inline "a"}}',
    '{{/inline}}',
    '{{role "x"}}',
    '{{@root}}',
    '{{../..}}',
    '{{[a b]}}',
    '(',
    ')',
  ],
];

test('the analysis of 500 damaged samples answers with problems in the file and never throws', async () => {
  const random = seeded(7);
  for (let round = 0; round < 500; round++) {
    let text = samples[random(samples.length)] ?? '';
    for (let change = random(4); change >= 0; change--) text = damaged(text, random);
    const lines = text.split(/\r\n|\n/).length;
    const { problems, references, entries } = await analyzePrompt(text, {
      partials: (name) => (name === 'p' ? text : undefined),
      providers: [{ id: 'local', models: [] }],
    });
    for (const { line, endLine = line, column, message } of problems) {
      const inFile = line >= 1 && line <= endLine && endLine <= lines + 1 && column >= 1 && message !== '';
      assert.ok(inFile, JSON.stringify({ round, line, endLine, column, message, text }));
    }
    for (const { range } of [...references, ...entries.map(({ key }) => ({ range: key }))]) {
      assert.ok(
        range.line >= 1 && range.column >= 1 && range.line <= lines + 1,
        JSON.stringify({ round, range, text }),
      );
    }
  }
});

function damaged(text: string, random: (below: number) => number): string {
  const at = random(text.length + 1);
  const end = Math.min(text.length, at + random(30));
  switch (random(4)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, at) + text.slice(at, end) + text.slice(at);
    case 2:
      return text.slice(0, at);
    default:
      return text.slice(0, at) + (shards[random(shards.length)] ?? '') + text.slice(at);
  }
}

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
