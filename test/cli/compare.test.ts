/** `compare` as it is built: `npm test` builds it first. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Run } from '../../src/core/store.ts';
import { scriptedModel } from '../models/scripted.ts';
import { type CliOutcome, runCli } from './runCli.ts';

const folder = mkdtempSync(join(tmpdir(), 'compare-'));
after(() => rmSync(folder, { recursive: true }));

const model = `local/${write('short.gguf', scriptedModel({ answer: 'Short and good:\nsecond line!' }))}`;
const prompt = write('a.prompt', '---\nconfig:\n  temperature: 0.5\n---\nExplain {{topic}}.\n');

test('every model and temperature has its row, and a failed one fails alone', () => {
  const { status, stdout } = compare(
    '--model',
    model,
    '--model',
    'local/gone',
    '--temperature',
    '0',
    '--temperature',
    '1',
  );
  const [names, ...rows] = stdout.trimEnd().split('\n');
  assert.match(names ?? '', /^Model +TTFT +Total +Speed +In +Out +Cost +Finish +Answer$/);
  assert.deepEqual(
    rows.map((row) => /, temperature (\d)/.exec(row)?.[1]),
    ['0', '1', '0', '1'],
  );
  assert.match(rows[0] ?? '', / m?s .+ tok\/s .+\$0 +stop +Short and good:$/);
  assert.match(rows[2] ?? '', /^local\/gone, .+failed +There is no local model "gone"/);
  assert.equal(status, 1);
});

test('lists of several settings make every combination', () => {
  const lists = ['--top-p', '0.5', '--top-p', '1', '--seed', '1', '--seed', '2', '--max-output', '3'];
  const { stdout } = compare('--model', model, ...lists, '--json');
  assert.deepEqual(
    (JSON.parse(stdout) as Run[]).map(({ request: { settings } }) => settings),
    [
      [0.5, 1],
      [0.5, 2],
      [1, 1],
      [1, 2],
    ].map(([topP, seed]) => ({ temperature: 0.5, topP, maxOutputTokens: 3, seed })),
  );
  assert.match(compare('--seed', 'x', '--seed', '1').stderr, /--seed x is not /);
});

test('as JSON each run is there as it would be recorded', () => {
  const { status, stdout } = compare('--model', model, '--temperature', '0', '--temperature', '1', '--json');
  const runs = JSON.parse(stdout) as Run[];
  assert.deepEqual(
    runs.map(({ request, text, outcome }) => [request.settings, text.split('\n')[0], outcome.status]),
    [
      [{ temperature: 0 }, 'Short and good:', 'finished'],
      [{ temperature: 1 }, 'Short and good:', 'finished'],
    ],
  );
  assert.equal(status, 0);
});

test('one lane is nothing to compare', () => {
  const { status, stderr } = compare('--model', model);
  assert.match(stderr, /at least two models/);
  assert.equal(status, 2);
});

test('a provider that is not there is told before anything is called', () => {
  const { status, stdout, stderr } = compare('--model', model, '--model', 'nobody/nothing');
  assert.match(stderr, /no provider "nobody"/);
  assert.deepEqual([status, stdout], [1, '']);
});

function compare(...args: string[]): CliOutcome {
  return runCli(['compare', prompt, '--var', 'topic=tokens', '--threads', '1', ...args], {
    // Tests may not look for a GPU on the machine they run on.
    env: { ...process.env, NODE_LLAMA_CPP_GPU: 'false' },
    timeout: 60_000,
  });
}

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}
