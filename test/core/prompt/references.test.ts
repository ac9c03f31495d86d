import assert from 'node:assert/strict';
import test from 'node:test';
import { analyzePrompt } from '../../../src/core/prompt/analysis.ts';

/** The references of a prompt as `kind name line:column-endColumn`, with `/` and the place where its block is closed. */
async function references(text: string): Promise<readonly string[]> {
  const { references } = await analyzePrompt(text, { partials: () => '{{a}}' });
  return references.map(({ kind, name, range, closing }) => {
    const end = closing ? ` /${closing.line}:${closing.column}-${closing.endColumn}` : '';
    return `${kind} ${name} ${range.line}:${range.column}-${range.endColumn}${end}`;
  });
}

test('names are found with their places, in the order of the file', async () => {
  assert.deepEqual(
    await references('---\nname: x\n---\n{{role "system"}}\n{{#each list}}{{> p}}\n{{~/each~}} {{json a.b}}'),
    [
      'role system 4:1-18',
      'helper role 4:3-7',
      'helper each 5:4-8 /6:5-9',
      'variable list 5:9-13',
      'partial p 5:19-20',
      'helper json 6:15-19',
      'variable a 6:20-21',
    ],
  );
});

test('what stands in a partial is not referred to here', async () => {
  assert.deepEqual(await references('{{> p}}'), ['partial p 1:5-6']);
});

test('an else-if closes nothing of its own', async () => {
  assert.deepEqual(await references('{{#if a}}{{else if b}}{{/if}}'), [
    'helper if 1:4-6 /1:26-28',
    'variable a 1:7-8',
    'helper if 1:17-19',
    'variable b 1:20-21',
  ]);
});

test('a template that does not parse has no references', async () => {
  assert.deepEqual(await references('{{a}}{{#if'), []);
});

test('a tree is taken over where the template is the same, and its places move with the front matter', async () => {
  const before = await analyzePrompt('---\nname: x\n---\n{{a}}');
  const after = await analyzePrompt('---\nname: x\nversion: 1\n---\n{{a}}', {}, before);
  assert.equal(after.template.program, before.template.program);
  assert.equal(after.references[0]?.range.line, 5);
});
