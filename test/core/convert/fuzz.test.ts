import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { exportFormats, type ExportFormat, exportPrompt } from '../../../src/core/convert/exportPrompt.ts';
import { importPrompt } from '../../../src/core/convert/importPrompt.ts';
import { PromptError } from '../../../src/core/prompt/problems.ts';
import { seeded } from '../tokens/corpus.ts';

const folder = new URL('../../fixtures/prompts/', import.meta.url);
const samples = readdirSync(folder)
  .filter((name) => !name.endsWith('.expected'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

/** What an edit, a paste or a bad merge puts into a file. */
const shards = [
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '{% if x %}',
    '{% endif %}',
    '{% else %}',
    '{% for a in b %}',
    '{% endfor %}',
  ],
  ...[
    '{% raw %}',
    '{% endraw %}',
    '${input:',
    '${',
    '}',
    'system:\n',
    '\nuser:\n',
    '<system>',
    '</system>',
    '![a](b)',
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
    '?',
    '#',
    ', ',
    '!!map ',
    '<<: *a\n',
  ],
  ...[
    '__proto__',
    '"__proto__": ',
    'constructor',
    '{{constructor}}',
    '\\',
    '\\{{',
    '\r\n',
    '\uFEFF',
    '\u0000',
    '\uD800',
  ],
  ...[
    'null',
    '~',
    '1e999',
    '[[[[[[',
    '{{#if a}}',
    '{{/if}}',
    '{{> p}}',
    '{{{',
    'messages: 3\n',
    'model: []\n',
    'inputs: [3]\n',
  ],
];

test('500 damaged files of other tools are read or refused with a place, and what is read can be written again', async () => {
  const random = seeded(23);
  let read = 0;
  for (let round = 0; round < 500; round++) {
    const sample = samples[round % samples.length] ?? { name: '', text: '' };
    let { text } = sample;
    for (let change = random(3); change >= 0; change--) text = damaged(text, random);
    const start = performance.now();
    try {
      const { text: prompt } = await importPrompt({ name: sample.name, text });
      read++;
      const format = Object.keys(exportFormats)[round % 4] as ExportFormat;
      await exportPrompt({ text: prompt }, format);
    } catch (error) {
      assert.ok(error instanceof PromptError, `${round} ${String((error as Error).stack)}\n${text}`);
      const { line, column, message } = error.problem;
      assert.ok(line >= 1 && column >= 1 && message !== '', JSON.stringify({ round, line, column, message }));
    }
    assert.ok(performance.now() - start < 2000, `round ${round} took too long:\n${text}`);
  }
  assert.ok(read > 100, `only ${read} were read`);
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
      return text.slice(0, Math.max(at, text.length >> 1));
    default:
      return text.slice(0, at) + (shards[random(shards.length)] ?? '') + text.slice(at);
  }
}
