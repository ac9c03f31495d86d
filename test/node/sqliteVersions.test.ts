import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { textMessage } from '../../src/core/chat.ts';
import { keepDeletedMs } from '../../src/core/conversation/store.ts';
import { versionOf } from '../../src/core/prompt/versions.ts';
import { emptyOutput } from '../../src/core/run/fold.ts';
import { laneRun } from '../../src/core/run/overrides.ts';
import { openPrompt } from '../../src/core/run/prepareRun.ts';
import { runPrompt } from '../../src/core/run/runPrompt.ts';
import type { Run } from '../../src/core/store.ts';
import { SqliteFile } from '../../src/node/sqliteFile.ts';
import { purgeDeleted } from '../../src/node/sqlitePurge.ts';
import { insertRun, updateRun } from '../../src/node/sqliteRuns.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { SqliteVersions } from '../../src/node/sqliteVersions.ts';
import { nodeSurroundings } from '../../src/node/surroundings.ts';
import { ScriptedProvider } from '../core/run/scriptedProvider.ts';

const folder = mkdtempSync(join(tmpdir(), 'versions-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
let time = 0;
function open(): { file: SqliteFile; versions: SqliteVersions } & Disposable {
  const path = join(folder, `${++files}.sqlite`);
  const file = new SqliteFile(path, { now: () => ++time, tell: () => undefined, readOnly: false });
  return { file, versions: new SqliteVersions(file), [Symbol.dispose]: () => file[Symbol.dispose]() };
}

function run(id: string, version: string, changes: Partial<Run> = {}): Run {
  return {
    ...emptyOutput,
    id,
    startedAt: ++time,
    prompt: { uri: 'file:///a.prompt', name: 'a.prompt', version },
    variables: {},
    modelId: 'local/scripted',
    request: { model: 'scripted', messages: [textMessage('user', 'Hi')], settings: {} },
    ...changes,
  };
}

test('a text is kept once, with LF line ends, whatever its line ends were', async () => {
  using store = open();
  const version = await versionOf('Hello\r\nyou\r\n');
  store.versions.keep(version, 'Hello\r\nyou\r\n');
  store.versions.keep(version, 'Hello\nyou\n');
  assert.equal(store.versions.textOf(version), 'Hello\nyou\n');
  assert.equal(store.versions.textOf('none'), undefined);
  assert.equal(store.file.first('SELECT count(*) AS n FROM prompt_versions')?.['n'], 1);
});

test('runs are summed up by version, the last run first, and say where a cost is unknown', () => {
  using store = open();
  const cost = {
    total: 0.5,
    input: 0.5,
    cacheRead: 0,
    cacheWrite: 0,
    output: 0,
    source: { kind: 'local' },
  } as const;
  const runs = [
    run('1', 'old'),
    run('2', 'new', { cost }),
    run('3', 'new', { prompt: { uri: 'file:///b.prompt', name: 'b.prompt', version: 'new' }, cost }),
    run('4', 'new'),
    run('5', 'new', { prompt: { uri: 'file:///c.prompt', name: 'c.prompt', version: 'new' } }),
  ];
  for (const each of runs) insertRun(store.file, each, 'me');
  const output = { ...emptyOutput, outcome: { status: 'stopped' } } as const;
  updateRun(store.file, '4', output);
  assert.deepEqual(store.versions.runsOf(['file:///a.prompt', 'file:///b.prompt']), [
    {
      version: 'new',
      count: 3,
      cost: 1,
      isCostPartial: true,
      last: { startedAt: runs[3]?.startedAt, status: 'stopped' },
    },
    {
      version: 'old',
      count: 1,
      cost: undefined,
      isCostPartial: true,
      last: { startedAt: runs[0]?.startedAt, status: 'running' },
    },
  ]);
  assert.deepEqual(
    [...store.versions.lastRuns()].map(([uri, { status }]) => [uri, status]),
    [
      ['file:///a.prompt', 'stopped'],
      ['file:///b.prompt', 'running'],
      ['file:///c.prompt', 'running'],
    ],
  );
});

test('the runs of a version are listed, the newest first, also those under an earlier name of the file', () => {
  using store = open();
  const insert = (id: string, version: string, changes: Partial<Run> = {}): void =>
    insertRun(store.file, run(id, version, changes), 'me');
  insert('r1', 'v1', { prompt: { uri: 'file:///old.prompt', name: 'old.prompt', version: 'v1' } });
  insert('r2', 'v2');
  insert('r3', 'v1', { modelId: 'openai/gpt-5' });
  const runs = store.versions.runsOfVersion(['file:///a.prompt', 'file:///old.prompt'], 'v1', 10);
  assert.deepEqual(
    runs.map(({ id, modelId, status, cost }) => ({ id, modelId, status, cost })),
    [
      { id: 'r3', modelId: 'openai/gpt-5', status: 'running', cost: undefined },
      { id: 'r1', modelId: 'local/scripted', status: 'running', cost: undefined },
    ],
  );
  assert.deepEqual(
    store.versions.runsOfVersion(['file:///a.prompt'], 'v1', 1).map(({ id }) => id),
    ['r3'],
  );
});

test('a version has several names with notes, and each can be changed and taken away', async () => {
  using store = open();
  const version = await versionOf('Hello');
  store.versions.tag('file:///p.prompt', version, 'Hello', { name: 'first', note: '' });
  store.versions.tag('file:///p.prompt', version, 'Hello', { name: 'best', note: 'short' });
  store.versions.tag('file:///p.prompt', version, 'Hello', {
    name: 'first',
    note: 'the one that we shipped',
  });
  const names = () =>
    store.versions
      .tags()
      .get(version)
      ?.map(({ name, note }) => [name, note]);
  assert.deepEqual(names(), [
    ['first', 'the one that we shipped'],
    ['best', 'short'],
  ]);
  assert.equal(store.versions.textOf(version), 'Hello');
  store.versions.untag(version, 'first');
  assert.deepEqual(names(), [['best', 'short']]);
});

test('a run is recorded together with the text of its prompt, in a lane as well', async () => {
  using store = new SqliteStore(join(folder, 'runs.sqlite'), Date.now);
  const source = { uri: 'file:///a.prompt', name: 'a.prompt', text: 'Hello\r\n', partials: () => undefined };
  const opened = await openPrompt(source);
  const prepared = await opened.prepare({}, 'local/scripted');
  const lane = laneRun(prepared, { modelId: 'local/other', settings: {} });
  const { events } = runPrompt(
    lane,
    {
      provider: new ScriptedProvider([]),
      price: undefined,
      store,
      ...nodeSurroundings,
    },
    new AbortController().signal,
  );
  await events[Symbol.asyncIterator]().next();
  assert.equal(store.versions.textOf(opened.reference.version), 'Hello\n');
  assert.equal(store.versions.runsOf([source.uri])[0]?.version, opened.reference.version);
});

test('a text goes with the last of its runs, unless it has a name', () => {
  using store = open();
  for (const version of ['gone', 'named', 'run']) {
    store.versions.keep(version, version);
    insertRun(store.file, run(`of ${version}`, version), 'me');
  }
  store.versions.tag('file:///p.prompt', 'named', 'named', { name: 'best', note: '' });
  time += keepDeletedMs;
  store.file.run(
    `INSERT INTO conversations (id, title, title_source, created_at, updated_at, deleted_at)
     VALUES ('c', '', 'none', 0, 0, 0)`,
  );
  store.file.run(`UPDATE runs SET conversation_id = 'c' WHERE id <> 'of run'`);
  purgeDeleted(store.file);
  const kept = ['gone', 'named', 'run'].filter((version) => store.versions.textOf(version) !== undefined);
  assert.deepEqual(kept, ['named', 'run']);
});
