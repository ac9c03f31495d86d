import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PromptVersion, VersionList } from '../../src/core/prompt/versionList.ts';
import { versionOf } from '../../src/core/prompt/versions.ts';
import { emptyOutput } from '../../src/core/run/fold.ts';
import { SqliteFile } from '../../src/node/sqliteFile.ts';
import { insertRun } from '../../src/node/sqliteRuns.ts';
import { SqliteVersions } from '../../src/node/sqliteVersions.ts';
import { VersionHistory, type VersionHistoryOptions } from '../../src/node/versionHistory.ts';
import { Repository } from './repository.ts';

const { signal } = new AbortController();

function historyOf(file: string, options: Partial<VersionHistoryOptions> = {}): VersionHistory {
  return new VersionHistory({ uri: pathToFileURL(file).href, file, ...options });
}

async function listOf(history: VersionHistory, text?: string, limit = 100): Promise<VersionList> {
  const lists = await Array.fromAsync(
    history.read({ limit, ...(text === undefined ? {} : { text }) }, signal),
  );
  const last = lists.at(-1);
  assert.ok(last);
  return last;
}

const inWords = ({ isWorkingCopy, isStaged, commits, names, runs }: PromptVersion): string =>
  [
    isWorkingCopy ? 'working' : '',
    isStaged ? 'staged' : '',
    ...commits.map(({ subject }) => subject),
    ...names.map(({ name }) => `#${name}`),
    runs ? `${runs.count} runs` : '',
  ]
    .filter(Boolean)
    .join(' ');

/** A store beside a repository, with a run of each text. */
async function storeWith(
  repository: Repository,
  runs: readonly { file: string; text: string }[],
): Promise<SqliteVersions> {
  const file = new SqliteFile(join(repository.folder, '.git', 'history.sqlite'), {
    now: () => 1,
    tell: () => undefined,
    readOnly: false,
  });
  const versions = new SqliteVersions(file);
  for (const [index, { file: path, text }] of runs.entries()) {
    const version = await versionOf(text);
    versions.keep(version, text);
    const prompt = { uri: pathToFileURL(path).href, name: 'p', version };
    const request = { model: 'm', messages: [], settings: {} };
    const run = {
      ...emptyOutput,
      id: String(index),
      startedAt: index,
      prompt,
      variables: {},
      modelId: 'a/m',
      request,
    };
    insertRun(file, run, 'me');
  }
  return versions;
}

test('a text that was tagged stays in the list, although it was neither run nor committed', async () => {
  using repository = new Repository();
  const file = repository.commit('p.prompt', 'one\n', 'One');
  const versions = await storeWith(repository, []);
  const uri = pathToFileURL(file).href;
  versions.tag(uri, await versionOf('best\n'), 'best\n', { name: 'best', note: '' });
  versions.tag('file:///other.prompt', await versionOf('x\n'), 'x\n', { name: 'other', note: '' });
  const history = historyOf(file, { versions });
  assert.deepEqual((await listOf(history, 'two\n')).versions.map(inWords), ['working', 'One', '#best']);
  assert.equal(await history.textOf(await versionOf('best\n'), signal), 'best\n');
  versions.untag(await versionOf('best\n'), 'best');
  assert.deepEqual((await listOf(history, 'two\n')).versions.map(inWords), ['working', 'One']);
});

test('working copy, staged text, commits, tags, labels and runs make one list, also over a rename', async () => {
  using repository = new Repository();
  const old = repository.commit('old.prompt', '---\nversion: 1.0\n---\none\n', 'One');
  repository.git('tag', 'v1');
  repository.git('mv', 'old.prompt', 'p.prompt');
  repository.git('commit', '-q', '-m', 'Rename');
  const file = repository.commit('p.prompt', '---\nversion: 1.0\n---\ntwo\n', 'Two');
  repository.write('p.prompt', '---\nversion: 1.0\n---\nstaged\n');
  repository.git('add', '-A');
  const versions = await storeWith(repository, [
    { file: old, text: '---\r\nversion: 1.0\r\n---\r\none\r\n' },
    { file, text: 'tried' },
  ]);
  const uriOf = (path: string): string => pathToFileURL(path).href;
  const history = historyOf(file, { versions, uriOf });
  const list = await listOf(history, 'typed');
  assert.deepEqual(list.versions.map(inWords), [
    'working',
    'staged',
    'Two',
    'Rename One #v1 #1.0 1 runs',
    '1 runs',
  ]);
  assert.deepEqual([list.hasGit, list.hasMore, list.note], [true, false, undefined]);

  const texts = await Promise.all(list.versions.map(({ version }) => history.textOf(version, signal)));
  assert.deepEqual(
    texts.map((text) => text?.split('\n').at(-2) ?? text),
    [undefined, 'staged', 'two', 'one', 'tried'],
  );
});

test('a new window finds the text of a commit by its version alone', async () => {
  using repository = new Repository();
  repository.commit('p.prompt', 'one\r\n', 'One');
  const file = repository.commit('p.prompt', 'two\n', 'Two');
  assert.equal(await historyOf(file).textOf(await versionOf('one\n'), signal), 'one\r\n');
  assert.equal(await historyOf(file).textOf('none', signal), undefined);
});

test('the first commits come before the rest, and the list tells that there are older ones', async () => {
  using repository = new Repository();
  let file = '';
  for (let count = 0; count < 30; count++) file = repository.commit('p.prompt', `${count}\n`, `c${count}`);
  const counts: number[] = [];
  for await (const { versions } of historyOf(file).read({ text: '29\n', limit: 25 }, signal))
    counts.push(versions.length);
  assert.deepEqual(counts, [20, 25, 25]);
  assert.equal((await listOf(historyOf(file), '29\n', 25)).hasMore, true);
  assert.equal((await listOf(historyOf(file), '29\n', 30)).hasMore, false);
});

test('without git the saved runs are listed, with a note that says what to do', async () => {
  using repository = new Repository();
  const file = repository.commit('p.prompt', 'one', 'One');
  const versions = await storeWith(repository, [{ file, text: 'one' }]);
  const list = await listOf(historyOf(file, { versions, git: { git: '/none/git' } }), 'one');
  assert.deepEqual(list.versions.map(inWords), ['working 1 runs']);
  assert.match(list.note ?? '', /^git was not found, so commits are not shown\. Install it/);
});

test('a broken repository is a note, and is read again once it is put right', async () => {
  using repository = new Repository();
  const file = repository.commit('p.prompt', 'one', 'One');
  const config = repository.path('.git/config');
  repository.write('.git/config', 'nonsense [');
  const history = historyOf(file);
  assert.match((await listOf(history, 'one')).note ?? '', /git could not read this repository: bad config/);
  repository.write('.git/config', '');
  assert.deepEqual((await listOf(history, 'one')).versions.map(inWords), ['working One'], config);
});

test('a file in no repository and one without commits have no note', async () => {
  using repository = new Repository();
  const file = repository.write('p.prompt', 'one');
  assert.deepEqual(await listOf(historyOf(file), 'one'), {
    versions: [
      { version: await versionOf('one'), isWorkingCopy: true, isStaged: false, commits: [], names: [] },
    ],
    hasGit: true,
    hasMore: false,
  });
  assert.equal((await listOf(new VersionHistory({ uri: 'x:y' }), 'one')).hasGit, false);
});

test('reading stops when it is told to', async () => {
  using repository = new Repository();
  const file = repository.commit('p.prompt', 'one', 'One');
  const lists = historyOf(file).read({ limit: 9 }, AbortSignal.abort(new Error('enough')));
  await assert.rejects(Array.fromAsync(lists), /enough/);
});

test('a rename in the editor keeps commits and runs before it is committed, and after', async () => {
  using repository = new Repository();
  const old = repository.commit('old.prompt', 'one\n', 'One');
  const versions = await storeWith(repository, [{ file: old, text: 'one\n' }]);
  const file = renamed(repository, versions, old, 'deep/new.prompt');
  const words = async () =>
    (await listOf(historyOf(file, { versions, ...places }), 'two\n')).versions.map(inWords);
  assert.deepEqual(await words(), ['working', 'One 1 runs']);
  repository.git('add', '-A');
  assert.deepEqual(await words(), ['working', 'One 1 runs']);
  repository.git('commit', '-q', '-m', 'Rename');
  assert.deepEqual(await words(), ['working', 'Rename One 1 runs']);
});

test('the texts of commits are found under the earlier name of a prompt that was never run', async () => {
  using repository = new Repository();
  const old = repository.commit('old.prompt', 'one\n', 'One');
  const versions = await storeWith(repository, []);
  const file = renamed(repository, versions, old, 'new.prompt');
  const history = historyOf(file, { versions, ...places });
  assert.equal(await history.textOf(await versionOf('one\n'), signal), 'one\n');
});

const places: Partial<VersionHistoryOptions> = {
  uriOf: (path) => pathToFileURL(path).href,
  fileOf: fileURLToPath,
};

/** The new path of a file that the editor has renamed. */
function renamed(repository: Repository, versions: SqliteVersions, old: string, name: string): string {
  const file = repository.path(name);
  mkdirSync(dirname(file), { recursive: true });
  renameSync(old, file);
  versions.move([{ from: pathToFileURL(old).href, to: pathToFileURL(file).href }]);
  return file;
}
