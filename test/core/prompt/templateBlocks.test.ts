import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyzePrompt, type PromptAnalysis } from '../../../src/core/prompt/analysis.ts';
import { seeded } from '../tokens/corpus.ts';
import { damaged, samples } from './damaged.ts';

/** Long enough for several blocks, with tags and blocks of several lines in it. */
const long = samples
  .map((text) => text.replace(/^---\n[^]*?\n---\n/, ''))
  .join('\n')
  .repeat(2);

test('a template that is edited is understood as if it was read for the first time', async () => {
  const random = seeded(11);
  let before: PromptAnalysis | undefined;
  let text = long;
  let parsed = 0;
  for (let round = 0; round < 150; round++) {
    // What is broken is put right again sooner or later.
    if (round % 8 === 0) text = edited(long, random);
    else text = random(2) === 0 ? damaged(text, random) : edited(text, random);
    before = await analyzePrompt(text, {}, before);
    const { template, ...others } = await analyzePrompt(text);
    const where = JSON.stringify({ round, text: text.length });
    assert.deepEqual(toldOf(before), toldOf({ ...others, template }), where);
    parsed += Number(template.program !== undefined);
  }
  assert.ok(parsed > 40 && parsed < 145, String(parsed));
});

test('what is typed in the middle, a line that is added, and a block that is opened are told at their places', async () => {
  const tail = '{{b}} {{none x}}\n'.repeat(700);
  const [typed, line, open, shut, comment] = [
    `${tail}{{a}}x\n${tail}`,
    `${tail}{{a}}x\n\n\n${tail}`,
    `${tail}{{#if a}}x\n${tail}`,
    `${tail}{{#if a}}x\n${tail}{{/if}}`,
    `${tail}{{! x\n${tail}`,
  ] as const;
  let before = await analyzePrompt(tail + tail);
  for (const text of [typed, line, open, shut, typed, comment, line, tail, '', tail]) {
    before = await analyzePrompt(text, {}, before);
    assert.deepEqual(
      toldOf(before),
      toldOf(await analyzePrompt(text)),
      text.slice(tail.length, -tail.length),
    );
  }
});

test('only what was changed is parsed again', async () => {
  const before = await analyzePrompt(long);
  const next = await analyzePrompt(`${long}x`, {}, before);
  const last = await analyzePrompt(`${long}xy`, {}, next);
  assert.ok(next.template.blocks.length > 4);
  assert.deepEqual(
    last.template.blocks.slice(0, -1).map((block, index) => block === next.template.blocks[index]),
    next.template.blocks.slice(0, -1).map(() => true),
  );
});

/** What everybody who asks is told: by place, and whether there is a tree. */
function toldOf({ problems, references, fields, declarations, template }: PromptAnalysis): object {
  return { problems, references, fields, declarations, isRead: template.program !== undefined };
}

/** What people type: letters, lines, tags and blocks that are whole. */
function edited(text: string, random: (below: number) => number): string {
  const at = random(text.length + 1);
  const typed = [
    'x',
    '\n',
    '\n\n',
    ' {{name}} ',
    '{{#if a}}\n{{b}}\n{{/if}}\n',
    '{{! c }}',
    '\\{{x}} {{y}}',
    '\\',
  ];
  return text.slice(0, at) + (typed[random(typed.length)] ?? '') + text.slice(at);
}
