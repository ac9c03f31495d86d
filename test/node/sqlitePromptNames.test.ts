import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { textMessage } from '../../src/core/chat.ts';
import { fileNameOf } from '../../src/core/prompt/fileName.ts';
import { emptyOutput } from '../../src/core/run/fold.ts';
import type { Run } from '../../src/core/store.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { SqliteUsage } from '../../src/node/sqliteUsage.ts';

const folder = mkdtempSync(join(tmpdir(), 'prompt-names-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const [a, b, p] = ['file:///w/a.prompt', 'file:///w/b.prompt', 'file:///w/p.prompt'];

test('a prompt that was renamed has its runs, tags, conversations and usage under its new name', () => {
  using history = new History();
  const { store } = history;
  history.run(a, 'r1');
  store.versions.tag(a, 'v', 'text', { name: 'best', note: '' });
  const { id } = store.conversations.create({ promptUri: a });
  history.move(a, b);
  history.run(b, 'r2');
  assert.deepEqual(history.runsOf(b), ['r2', 'r1']);
  assert.deepEqual(history.runsOf(a), []);
  assert.deepEqual(store.get('r1')?.prompt, { uri: b, name: 'b.prompt', version: 'v' });
  assert.equal(store.versions.runsOf([b])[0]?.count, 2);
  assert.deepEqual(
    store.versions.runsOfVersion([b], 'v', 9).map((run) => run.id),
    ['r2', 'r1'],
  );
  assert.deepEqual([...store.versions.lastRuns()].map(([uri]) => uri), [b]); // prettier-ignore
  assert.deepEqual(
    store.versions.taggedIn([b]).map(({ version }) => version),
    ['v'],
  );
  assert.deepEqual(store.versions.taggedIn([a]), []);
  assert.equal(store.conversations.conversation(id)?.promptUri, b);
  assert.deepEqual(store.conversations.facets().promptUris, [b]);
  assert.equal(store.conversations.count({ promptUri: b }), 3);
  assert.equal(store.conversations.list({ limit: 9 }, { promptUri: b }).entries.length, 3);
  assert.equal(store.conversations.list({ limit: 9 }, { promptUri: a }).entries.length, 0);
  using usage = new SqliteUsage(history.path);
  assert.deepEqual(
    usage.by('prompt').map(({ key, runs }) => [key, runs]),
    [[b, 2]],
  );
  assert.deepEqual(store.versions.earlierUris(b), [a]);
});

test('a prompt that is renamed back has all that it had under both names', () => {
  using history = new History();
  history.run(a, 'r1');
  history.move(a, b);
  history.run(b, 'r2');
  history.move(b, a);
  history.run(a, 'r3');
  assert.deepEqual(history.runsOf(a), ['r3', 'r2', 'r1']);
  assert.deepEqual(history.runsOf(b), []);
  assert.deepEqual(history.store.versions.earlierUris(a), [b]);
});

test('a new file under the old name is another prompt', () => {
  using history = new History();
  history.run(a, 'r1');
  history.move(a, b);
  history.run(a, 'new');
  assert.deepEqual([history.runsOf(a), history.runsOf(b)], [['new'], ['r1']]);
  history.move(a, p);
  assert.deepEqual([history.runsOf(a), history.runsOf(b), history.runsOf(p)], [[], ['r1'], ['new']]);
});

test('a name that had a history shows it with that of the file which came, and keeps it when that goes', () => {
  using history = new History();
  history.run(p, 'old');
  history.run(a, 'mine');
  history.move(a, p);
  history.run(p, 'new');
  assert.deepEqual(history.runsOf(p), ['new', 'mine', 'old']);
  history.move(p, a);
  assert.deepEqual([history.runsOf(a), history.runsOf(p)], [['new', 'mine'], ['old']]);
});

test('a file that was never run takes nothing along from a name that had a history', () => {
  using history = new History();
  history.run(p, 'old');
  history.move(a, p);
  history.run(p, 'new');
  history.move(p, a);
  assert.deepEqual([history.runsOf(a), history.runsOf(p)], [['new'], ['old']]);
});

test('two files that change their names keep their histories apart', () => {
  using history = new History();
  history.run(a, 'of a');
  history.run(b, 'of b');
  history.move(a, p);
  history.move(b, a);
  history.move(p, b);
  assert.deepEqual([history.runsOf(a), history.runsOf(b), history.runsOf(p)], [['of b'], ['of a'], []]);
});

test('a folder takes along all that is in it, and no other that begins like it', () => {
  using history = new History();
  history.run('file:///w/one/a.prompt', 'a');
  history.run('file:///w/one/deep/b.prompt', 'b');
  history.run('file:///w/one-more/a.prompt', 'other');
  history.run(p, 'moved in');
  history.move(p, 'file:///w/one/p.prompt');
  history.store.versions.tag('file:///w/one/tagged.prompt', 'v', 'text', { name: 'best', note: '' });
  history.move('file:///w/one', 'file:///w/two');
  assert.deepEqual(history.runsOf('file:///w/two/a.prompt'), ['a']);
  assert.deepEqual(history.runsOf('file:///w/two/deep/b.prompt'), ['b']);
  assert.deepEqual(history.runsOf('file:///w/two/p.prompt'), ['moved in']);
  assert.deepEqual(history.runsOf('file:///w/one-more/a.prompt'), ['other']);
  assert.equal(history.store.versions.taggedIn(['file:///w/two/tagged.prompt']).length, 1);
  assert.deepEqual(history.store.versions.earlierUris('file:///w/two/p.prompt'), [
    'file:///w/one/p.prompt',
    p,
  ]);
});

test('another window finds a renamed prompt at once, and what it still writes under the old name is the old name’s', () => {
  using history = new History();
  using other = new SqliteStore(history.path, Date.now);
  other.insert(runOf(a, 'r1', 1));
  history.move(a, b);
  assert.deepEqual(other.list({ limit: 9, promptUri: b }).map(({ id }) => id), ['r1']); // prettier-ignore
  other.insert(runOf(a, 'late', 2));
  assert.deepEqual([history.runsOf(a), history.runsOf(b)], [['late'], ['r1']]);
  // Both windows saw the same move.
  other.versions.move([{ from: a, to: b }]);
  assert.deepEqual([history.runsOf(a), history.runsOf(b)], [[], ['late', 'r1']]);
});

class History implements Disposable {
  static #files = 0;
  readonly path = join(folder, `${++History.#files}.sqlite`);
  readonly store = new SqliteStore(this.path, () => ++this.#now);
  #now = 0;

  run(uri: string, id: string): void {
    this.store.insert(runOf(uri, id, ++this.#now));
  }

  move(from: string, to: string): void {
    this.store.versions.move([{ from, to, ...(from.endsWith('.prompt') ? {} : { inFolder: [] }) }]);
  }

  runsOf(promptUri: string): readonly string[] {
    return this.store.list({ limit: 9, promptUri }).map(({ id }) => id);
  }

  [Symbol.dispose](): void {
    this.store[Symbol.dispose]();
  }
}

function runOf(uri: string, id: string, startedAt: number): Run {
  return {
    ...emptyOutput,
    outcome: { status: 'stopped' },
    id,
    startedAt,
    prompt: { uri, name: fileNameOf(uri), version: 'v' },
    variables: {},
    modelId: 'local/scripted',
    request: { model: 'scripted', messages: [textMessage('user', 'Hi')], settings: {} },
  };
}
