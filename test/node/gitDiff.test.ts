import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gitDiff } from '../../src/node/gitDiff.ts';
import { Repository } from './repository.ts';

const { signal } = new AbortController();

/** The lines of a diff that were added or removed. */
async function changes(folder: string): Promise<readonly string[]> {
  return (await gitDiff(folder, {}, signal)).split('\n').filter((line) => /^[+-](?![+-])/.test(line));
}

describe('what is not committed', () => {
  test('is what is staged and what is not, and nothing that git does not know', async () => {
    using repository = new Repository();
    repository.commit('a.txt', 'one\n', 'First');
    assert.deepEqual(await changes(repository.folder), []);
    repository.write('b.txt', 'staged\n');
    repository.git('add', 'b.txt');
    repository.write('a.txt', 'two\n');
    repository.write('unknown.txt', 'unknown\n');
    assert.deepEqual(await changes(repository.folder), ['-one', '+two', '+staged']);
  });

  test('is everything staged before the first commit', async () => {
    using repository = new Repository();
    repository.write('a.txt', 'one\n');
    repository.git('add', 'a.txt');
    assert.deepEqual(await changes(repository.folder), ['+one']);
  });

  test('is that of the folder alone, where it is a part of the repository', async () => {
    using repository = new Repository();
    repository.commit('a.txt', 'one\n', 'First');
    repository.commit('part/b.txt', 'one\n', 'Second');
    repository.write('a.txt', 'two\n');
    repository.write('part/b.txt', 'three\n');
    assert.deepEqual(await changes(repository.path('part')), ['-one', '+three']);
  });

  test('is told to be missing outside of a repository, without git, and when it is too long', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-git-'));
    try {
      await assert.rejects(gitDiff(folder, {}, signal), {
        name: 'GitError',
        message: /not a git repository/,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
    using repository = new Repository();
    await assert.rejects(gitDiff(repository.folder, { git: '/nowhere/git' }, signal), { kind: 'missing' });
    repository.commit('a.txt', 'one\n', 'First');
    repository.write('a.txt', 'x'.repeat(5_100_000));
    await assert.rejects(gitDiff(repository.folder, {}, signal), { message: /longer than 5 MB/ });
  });
});
