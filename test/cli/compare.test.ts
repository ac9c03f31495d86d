/** `compare` as it is built: `npm test` builds it first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SampledLane } from '../../src/cli/comparedTable.ts';
import type { Run } from '../../src/core/store.ts';
import { scriptedModel } from '../models/scripted.ts';
import { type CliOutcome, runCli, write } from './cliFixture.ts';

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

test('samples are folded into a row each, with how many are identical', () => {
  const args = ['--model', model, '--model', 'local/gone', '--samples', '3'];
  const { status, stdout } = compare(...args);
  const [names, ...rows] = stdout.trimEnd().split('\n');
  assert.match(names ?? '', / Finish +Samples +Cost of all +Answer$/);
  assert.equal(rows.length, 2);
  assert.match(rows[0] ?? '', / stop +All 3 identical +\$0 +Short and good:$/);
  assert.match(rows[1] ?? '', /^local\/gone .+failed +0 of 3 answered +unknown +There is no local model/);
  assert.equal(status, 1);

  const lanes = JSON.parse(compare(...args, '--json').stdout) as SampledLane[];
  assert.deepEqual(
    lanes.map(({ modelId, settings, samples, runs }) => [modelId, settings, samples, runs.length]),
    [
      [model, { temperature: 0.5 }, { asked: 3, answered: 3, identical: 3 }, 3],
      ['local/gone', { temperature: 0.5 }, { asked: 3, answered: 0, identical: 0 }, 3],
    ],
  );
});

test('one lane with samples is something to compare, and no more of them than the panel takes', () => {
  const { status, stdout } = compare('--model', model, '--samples', '2');
  assert.match(stdout, /All 2 identical/);
  assert.equal(status, 0);
  for (const count of ['0', '21', '1.5', 'x']) {
    const refused = compare('--model', model, '--samples', count);
    assert.match(refused.stderr, new RegExp(`--samples ${count} is not a whole number from 1 to 20`));
    assert.equal(refused.status, 2);
  }
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
