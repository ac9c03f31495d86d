import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type GitFile, openGitFile } from '../../src/node/gitHistory.ts';
import { CommitReader, type FileCommit } from '../../src/node/gitHistoryLog.ts';
import { GitError, type GitOptions } from '../../src/node/gitHistoryProcess.ts';
import { Repository } from './repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'no-git-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const { signal } = new AbortController();

async function open(file: string, options: GitOptions = {}): Promise<GitFile> {
  const found = await openGitFile(file, options, signal);
  assert.ok(found);
  return found;
}

async function commitsOf(file: GitFile, limit = 100): Promise<FileCommit[]> {
  return Array.fromAsync(file.commits(limit, signal));
}

async function subjects(file: string): Promise<string[]> {
  return (await commitsOf(await open(file))).map(({ subject }) => subject);
}

async function textsOf(file: GitFile, blobs: readonly (string | undefined)[]): Promise<string[]> {
  const ids = blobs.filter((blob) => blob !== undefined);
  return (await Array.fromAsync(file.texts(ids, signal))).map(({ text }) => text);
}

describe('the commits of a file', () => {
  test('come newest first with author, time, subject and text', async () => {
    using repository = new Repository();
    repository.commit('a.prompt', 'one\r\nÄ', 'First: ümlaut');
    repository.commit('other', 'x', 'Not about it');
    const path = repository.commit('a.prompt', '', '');
    const file = await open(path);
    const commits = await commitsOf(file);
    assert.deepEqual(
      commits.map(({ author, subject, path: at }) => [author, subject, at]),
      [
        ['Ann Ä', '', 'a.prompt'],
        ['Ann Ä', 'First: ümlaut', 'a.prompt'],
      ],
    );
    const [newest] = commits;
    assert.equal(newest?.id, repository.git('rev-parse', 'HEAD').trim());
    assert.equal(newest.at, Number(repository.git('log', '-1', '--format=%at')) * 1000);
    assert.deepEqual(
      await textsOf(
        file,
        commits.map(({ blob }) => blob),
      ),
      ['', 'one\r\nÄ'],
    );
  });

  test('go on under earlier names, and no more than were asked for', async () => {
    using repository = new Repository();
    repository.commit('old name.prompt', 'a\nb\nc\nd\n', 'Begin');
    repository.git('mv', 'old name.prompt', 'x.prompt');
    repository.git('commit', '-q', '-m', 'Rename');
    const file = await open(repository.commit('x.prompt', 'a\nb\nc\ne\n', 'Change'));
    const commits = await commitsOf(file);
    assert.deepEqual(
      commits.map(({ subject, path }) => [subject, path]),
      [
        ['Change', 'x.prompt'],
        ['Rename', 'x.prompt'],
        ['Begin', 'old name.prompt'],
      ],
    );
    assert.equal((await commitsOf(file, 2)).length, 2);
  });

  test('hold those of both sides of a merge, and the merge where it has a text of its own', async () => {
    using repository = new Repository();
    repository.commit('a.prompt', 'base', 'Base');
    repository.git('switch', '-q', '-c', 'side');
    repository.commit('a.prompt', 'side', 'Side');
    repository.git('switch', '-q', 'main');
    repository.commit('a.prompt', 'main', 'Main');
    assert.throws(() => repository.git('merge', '-q', 'side'));
    const file = await open(repository.commit('a.prompt', 'both', 'Merge'));
    const commits = await commitsOf(file);
    assert.deepEqual(commits.map(({ subject }) => subject).sort(), ['Base', 'Main', 'Merge', 'Side']);
    assert.deepEqual(await textsOf(file, [commits[0]?.blob]), ['both']);
  });

  test('hold the one that deleted it, without a text', async () => {
    using repository = new Repository();
    const path = repository.commit('a.prompt', 'x', 'Begin');
    repository.git('rm', '-q', 'a.prompt');
    repository.git('commit', '-q', '-m', 'End');
    const [end] = await commitsOf(await open(path));
    assert.deepEqual([end?.subject, end?.blob], ['End', undefined]);
  });

  test('are found for names that look like patterns or options, in folders below', async () => {
    using repository = new Repository();
    for (const name of ['b/a[1]*.prompt', ':(top)x.prompt', '-p.prompt', 'ü ñ.prompt']) {
      assert.deepEqual(await subjects(repository.commit(name, name, name)), [name], name);
    }
  });

  test('are read the same in whatever pieces they come', () => {
    const log = [
      'a'.repeat(40), '5', 'Ä', '', '\n:100644 100644 1 2 R100', 'b', 'c', 'd'.repeat(40), '6', 'B', 'Join', '',
      '::100644 100644 100644 1 2 3 MM', 'c', '',
    ].join('\0'); // prettier-ignore
    const bytes = Buffer.from(log);
    const whole = [...new CommitReader().read(bytes)];
    assert.deepEqual(
      whole.map(({ subject, path, blob, at }) => [subject, path, blob, at]),
      [
        ['', 'c', '2', 5000],
        ['Join', 'c', '3', 6000],
      ],
    );
    const reader = new CommitReader();
    assert.deepEqual(
      Array.from(bytes, (_, index) => [...reader.read(bytes.subarray(index, index + 1))]).flat(),
      whole,
    );
  });
});

describe('what git has of a file beside its commits', () => {
  test('is what is committed and what is staged, also while the index is locked', async () => {
    using repository = new Repository();
    const path = repository.commit('a.prompt', 'one', 'Begin');
    repository.write('a.prompt', 'two');
    repository.git('add', 'a.prompt');
    repository.write('a.prompt', 'three');
    repository.write('.git/index.lock', '');
    const file = await open(path);
    const { committed, staged, hasCommits } = await file.state(signal);
    assert.deepEqual([hasCommits, ...(await textsOf(file, [committed, staged]))], [true, 'one', 'two']);
  });

  test('is nothing for a file that git does not know, in a repository without commits', async () => {
    using repository = new Repository();
    const file = await open(repository.write('a.prompt', 'x'));
    assert.deepEqual(await file.state(signal), { hasCommits: false });
    assert.deepEqual(await file.tags(['a.prompt'], signal), []);
  });

  test('is the text at each tag, whatever commit the tag is on', async () => {
    using repository = new Repository();
    const path = repository.commit('a.prompt', 'one', 'Begin');
    repository.commit('other', 'x', 'Not about it');
    repository.git('tag', 'v1');
    repository.commit('a.prompt', 'two', 'Go on');
    repository.git('tag', '-a', '-m', 'The second', 'release/2');
    const file = await open(path);
    const tags = await file.tags(['a.prompt'], signal);
    const texts = await textsOf(file, tags.map(({ blob }) => blob)); // prettier-ignore
    assert.deepEqual(
      tags.map(({ name }, index) => [name, texts[index]]),
      [
        ['release/2', 'two'],
        ['v1', 'one'],
      ],
    );
  });
});

describe('a repository', () => {
  test('may be a worktree', async () => {
    using repository = new Repository();
    repository.commit('a.prompt', 'x', 'Begin');
    repository.git('worktree', 'add', '-q', 'tree', '-b', 'tree');
    const path = repository.path('tree/a.prompt');
    assert.deepEqual(await subjects(path), ['Begin']);
    assert.match((await open(path)).gitFolder, /\.git.worktrees.tree$/);
  });

  test('may be a submodule', async () => {
    using inner = new Repository();
    inner.commit('a.prompt', 'x', 'Inner');
    using outer = new Repository();
    outer.git('submodule', '-q', 'add', inner.folder, 'sub');
    outer.git('commit', '-q', '-m', 'Outer');
    assert.deepEqual(await subjects(outer.path('sub/a.prompt')), ['Inner']);
  });

  test('is not looked for where there is none, even without git', async () => {
    writeFileSync(join(folder, 'a.prompt'), 'x');
    assert.equal(await openGitFile(join(folder, 'a.prompt'), { git: '/none' }, signal), undefined);
    assert.equal(await openGitFile(join(folder, 'none/a.prompt'), {}, signal), undefined);
  });

  test('runs no hook, no monitor and no external diff of its own', async () => {
    using repository = new Repository();
    const path = repository.commit('a.prompt', 'x', 'Begin');
    const bad = repository.write('bad.sh', `#!/bin/sh\ntouch ${repository.path('ran')}\n`);
    chmodSync(bad, 0o755);
    for (const key of ['core.fsmonitor', 'diff.external', 'core.pager', 'diff.x.textconv', 'filter.x.smudge'])
      repository.git('config', key, bad);
    repository.write('.gitattributes', '* diff=x filter=x\n');
    const file = await open(path);
    await file.state(signal);
    const [commit] = await commitsOf(file);
    await textsOf(file, [commit?.blob]);
    assert.equal(existsSync(repository.path('ran')), false);
  });
});

describe('git that does not answer', () => {
  const kindOf = async (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'answered',
      (error: unknown) => (error instanceof GitError ? error.kind : error),
    );
  const script = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return file;
  };

  test('is missing, broken, or slow', async () => {
    using repository = new Repository();
    const path = repository.commit('a.prompt', 'x', 'Begin');
    const opened = (options: GitOptions): Promise<unknown> => kindOf(openGitFile(path, options, signal));
    assert.equal(await opened({ git: join(folder, 'none') }), 'missing');
    assert.equal(await opened({ git: script('fails', 'echo "fatal: broken" >&2; exit 3') }), 'failed');
    assert.equal(await opened({ git: script('other', 'echo hello') }), 'failed');
    assert.equal(await opened({ git: script('slow', 'exec sleep 60'), timeoutMs: 50 }), 'slow');
  });

  test('is stopped by its signal and by a reader that has enough', async () => {
    using repository = new Repository();
    const path = repository.commit('a.prompt', 'x', 'Begin');
    const slow = { git: script('sleeps', 'exec sleep 60') };
    const abort = new AbortController();
    const opened = openGitFile(path, slow, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 20);
    await assert.rejects(opened, /enough/);

    const endless = script(
      'endless',
      'while :; do printf "%040d\\\\0005\\\\000A\\\\000S\\\\000\\n:1 1 1 1 M\\\\000p\\\\000" 1; done',
    );
    const { root, gitFolder } = await open(path);
    const { GitFile: File } = await import('../../src/node/gitHistory.ts');
    for await (const { subject } of new File({ root, gitFolder, path: 'a' }, { git: endless }).commits(
      9,
      signal,
    )) {
      assert.equal(subject, 'S');
      break;
    }
  });

  test('gives a damaged repository’s own words', async () => {
    using repository = new Repository();
    const path = repository.commit('a.prompt', 'x', 'Begin');
    repository.write('.git/config', 'nonsense [');
    await assert.rejects(open(path), { name: 'GitError', kind: 'failed', message: /bad config/ });
  });
});
