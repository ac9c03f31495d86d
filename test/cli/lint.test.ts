/** The command line as it is built: `npm test` builds it first. */
import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CliOutcome, folder, runCli, write } from './cliFixture.ts';

test('lint prints a line for each problem and fails where one is an error', () => {
  const wrong = write('wrong.prompt', '---\nconfig: {topP: 2}\n---\n{{> none}}\n');
  assert.deepEqual(run('lint', wrong), {
    status: 1,
    stdout: `${wrong}:2:10: warning: "config.topP" is left out: it must be a number from 0 to 1.
${wrong}:4:5: error: There is no partial "none".
`,
    stderr: '',
  });
});

test('lint says nothing about prompts in order, with their partials, and passes', () => {
  write('_rules.prompt', 'Be brief.');
  const right = write('right.prompt', '{{> rules}} {{a}}\n');
  assert.deepEqual(run('lint', right, right), { status: 0, stdout: '', stderr: '' });
});

test('lint passes where there are warnings alone', () => {
  const { status, stdout } = run('lint', write('warned.prompt', '---\nmodle: x\n---\nHi\n'));
  assert.match(stdout, /:2:1: warning: "modle" is not a field/);
  assert.equal(status, 0);
});

test('lint does not read a file of 50 MB', () => {
  const large = write('large.prompt', '');
  truncateSync(large, 50_000_000);
  const { status, stdout } = run('lint', large);
  assert.match(stdout, /:1:1: error: This file is too long to be run: /);
  assert.equal(status, 1);
});

test('lint fails for a file that is not there, and wants one', () => {
  const { status, stderr } = run('lint', join(folder, 'none.prompt'));
  assert.match(stderr, /none\.prompt/);
  assert.equal(status, 1);
  assert.equal(run('lint').status, 2);
});

test('render prints the messages that a run would send, as JSON', () => {
  const prompt = write('p.prompt', '{{role "system"}}\nBe brief.\n{{role "user"}}\nExplain {{topic}}.\n');
  const { status, stdout, stderr } = run('render', prompt, '--var', 'topic=tokens');
  assert.deepEqual(JSON.parse(stdout), [
    { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
    { role: 'user', content: [{ type: 'text', text: 'Explain tokens.' }] },
  ]);
  assert.deepEqual([status, stderr], [0, '']);
});

test('render names the variables that are missing', () => {
  const { status, stderr } = run('render', write('q.prompt', '{{topic}}'));
  assert.match(stderr, /needs --var topic=…/);
  assert.equal(status, 2);
});

function run(...args: string[]): CliOutcome {
  return runCli(args);
}
