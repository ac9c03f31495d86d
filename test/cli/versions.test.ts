/** The command line as it is built: `npm test` builds it first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { emptyOutput } from '../../src/core/run/fold.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { Repository } from '../node/repository.ts';
import { type CliOutcome, runCli } from './cliFixture.ts';

function run(...args: string[]): CliOutcome {
  return runCli(args);
}

test('versions lists the working copy and the commits with their names, newest first', () => {
  using repository = new Repository();
  repository.commit('p.prompt', 'one\n', 'One');
  repository.git('tag', 'v1');
  repository.commit('p.prompt', 'two\n', 'Two');
  const file = repository.write('p.prompt', 'three\n');
  const { status, stdout, stderr } = run('versions', file);
  assert.deepEqual(
    stdout.trim().split('\n').map((line) => line.replaceAll(/\b[0-9a-f]{7,8}\b/g, '#')), // prettier-ignore
    ['#  (working copy)', '#  2023-11-14  Ann Ä  #  Two', '#  2023-11-14  Ann Ä  #  One  (v1)'],
  );
  assert.deepEqual([status, stderr], [0, '']);
});

test('versions --json gives all that is known of them', () => {
  using repository = new Repository();
  const file = repository.commit('p.prompt', 'one\n', 'One');
  const entries = JSON.parse(run('versions', file, '--json').stdout) as unknown[];
  const blob = repository.git('rev-parse', 'HEAD:p.prompt').trim();
  assert.deepEqual(entries, [
    {
      version: '2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806',
      isWorkingCopy: true,
      isStaged: false,
      names: [],
      commits: [
        {
          id: repository.git('rev-parse', 'HEAD').trim(),
          author: 'Ann Ä',
          subject: 'One',
          path: 'p.prompt',
          blob,
          at: '2023-11-14T22:16:20.000Z',
        },
      ],
    },
  ]);
});

test('versions --database has the runs and the tags of the history too', () => {
  using repository = new Repository();
  const file = repository.commit('p.prompt', 'one\n', 'One');
  const database = repository.path('history.sqlite');
  const best = 'b'.repeat(64);
  {
    using store = new SqliteStore(database, () => 1_700_000_000_000);
    store.versions.tag(pathToFileURL(file).href, best, 'best\n', { name: 'best', note: '' });
    const prompt = { uri: pathToFileURL(file).href, name: 'p.prompt', version: 'c'.repeat(64) };
    const request = { model: 'm', messages: [], settings: {} };
    const outcome = { status: 'stopped' } as const;
    store.insert({
      ...emptyOutput,
      id: '1',
      startedAt: 1,
      prompt,
      variables: {},
      modelId: 'a/m',
      request,
      outcome,
    });
  }
  const lines = run('versions', file, '--database', database).stdout.trim().split('\n').slice(1);
  assert.deepEqual(lines, ['bbbbbbbb  (best)', 'cccccccc  1 run']);
  const entries = JSON.parse(run('versions', file, '--database', database, '--json').stdout) as {
    readonly runs?: unknown;
  }[];
  assert.deepEqual(entries[2]?.runs, {
    count: 1,
    cost: null,
    isCostPartial: true,
    lastAt: '1970-01-01T00:00:00.001Z',
    lastStatus: 'stopped',
  });
});

test('versions needs a file that is there', () => {
  assert.equal(run('versions').status, 2);
  const { status, stderr } = run('versions', '/none.prompt');
  assert.match(stderr, /none\.prompt/);
  assert.equal(status, 1);
});
