import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { keepDeletedMs } from '../../src/core/conversation/store.ts';
import { versionOf } from '../../src/core/prompt/versions.ts';
import type { NamedComparison } from '../../src/core/run/namedComparison.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';

const folder = mkdtempSync(join(tmpdir(), 'comparisons-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFile = (): string => join(folder, `${++files}.sqlite`);

const comparison: Omit<NamedComparison, 'id'> = {
  promptUri: 'file:///a.prompt',
  name: 'Small models',
  lanes: [
    { modelId: 'local/one', settings: { temperature: 0, seed: null }, promptVersion: null },
    { modelId: 'local/two', settings: {}, promptVersion: 'c0ffee', sampleCount: 5 },
  ],
  values: { topic: 'tokens', tags: ['a', 'b'] },
};

const namesOf = (store: SqliteStore, promptUri?: string): readonly string[] =>
  store.comparisons.list(promptUri).map(({ name }) => name);

test('a comparison comes back as it was kept', () => {
  using store = new SqliteStore(newFile(), () => 1);
  store.comparisons.save(comparison);
  const [kept] = store.comparisons.list(comparison.promptUri);
  assert.deepEqual({ ...kept, id: '' }, { ...comparison, id: '' });
  assert.deepEqual(namesOf(store, 'file:///b.prompt'), []);
});

test('one of the same name takes the place of the one before, in its own prompt', () => {
  using store = new SqliteStore(newFile(), () => 1);
  store.comparisons.save(comparison);
  store.comparisons.save({ ...comparison, promptUri: 'file:///b.prompt' });
  store.comparisons.save({ ...comparison, lanes: comparison.lanes.slice(1) });
  assert.deepEqual(
    store.comparisons.list().map(({ promptUri, lanes }) => [promptUri, lanes.length]),
    [
      ['file:///b.prompt', 2],
      ['file:///a.prompt', 1],
    ],
  );
});

test('one that is renamed keeps its place, and one that is deleted can be brought back', () => {
  using store = new SqliteStore(newFile(), () => 1);
  store.comparisons.save(comparison);
  const { id = '' } = store.comparisons.list()[0] ?? {};
  store.comparisons.rename(id, 'All');
  assert.deepEqual(namesOf(store), ['All']);
  store.comparisons.delete(id);
  assert.deepEqual(namesOf(store), []);
  store.comparisons.restore(id);
  assert.deepEqual(namesOf(store), ['All']);
});

test('those of a prompt go along when it is moved, by itself or with its folder', () => {
  using store = new SqliteStore(newFile(), () => 1);
  store.comparisons.save(comparison);
  store.versions.move([{ from: 'file:///a.prompt', to: 'file:///old/a.prompt' }]);
  store.versions.move([{ from: 'file:///old', to: 'file:///new', inFolder: ['file:///old/a.prompt'] }]);
  assert.deepEqual(
    store.comparisons.list('file:///new/a.prompt').map(({ promptUri }) => promptUri),
    ['file:///new/a.prompt'],
  );
  assert.deepEqual(namesOf(store, 'file:///a.prompt'), []);
});

test('the text of a version that a comparison runs outlives what was deleted, and the comparison does not', async () => {
  const file = newFile();
  const version = await versionOf('Hi');
  let now = 1;
  {
    using store = new SqliteStore(file, () => now);
    store.versions.keep(version, 'Hi');
    store.comparisons.save({
      ...comparison,
      lanes: [{ modelId: null, settings: {}, promptVersion: version }],
    });
    store.comparisons.save({ ...comparison, name: 'Gone' });
    store.comparisons.delete(store.comparisons.list().find(({ name }) => name === 'Gone')?.id ?? '');
  }
  now += keepDeletedMs + 1;
  using store = new SqliteStore(file, () => now);
  const [kept] = store.comparisons.list();
  assert.equal(kept?.name, 'Small models');
  assert.equal(store.versions.textOf(version), 'Hi');
});
