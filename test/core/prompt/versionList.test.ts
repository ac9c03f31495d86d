import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  changesSince,
  type Commit,
  mergeVersions,
  type PromptVersion,
  type VersionSources,
} from '../../../src/core/prompt/versionList.ts';
import type { VersionRuns } from '../../../src/core/prompt/versionStore.ts';

const commit = (
  version: string,
  at: number,
  label?: string,
): Commit & { [key: string]: unknown } & VersionSources['commits'][number] =>
  ({ version, label, commit: { id: `${at}`.padEnd(40, '0'), author: 'Ann', at, subject: version } }) as never;

const runs = (version: string, startedAt: number): VersionRuns => ({
  version,
  count: 1,
  cost: undefined,
  isCostPartial: true,
  last: { startedAt, status: 'finished' },
});

const none: VersionSources = {
  commits: [],
  runs: [],
  tags: new Map(),
  tagged: [],
  gitTags: new Map(),
  hasMore: false,
};
const merged = (sources: Partial<VersionSources>): readonly PromptVersion[] =>
  mergeVersions({ ...none, ...sources });
const order = (versions: readonly PromptVersion[]): string =>
  versions.map(({ version }) => version).join(' ');
const working = { version: 'now', label: undefined };

describe('the list of versions', () => {
  test('is nothing where nothing is known', () => {
    assert.deepEqual(merged({}), []);
  });

  test('has one entry for each text, whatever it goes by', () => {
    assert.deepEqual(
      merged({
        working: { version: 'a', label: undefined },
        commits: [commit('a', 30), commit('b', 20), commit('a', 10)],
        runs: [runs('a', 25)],
        tags: new Map([['a', [{ name: 'best', note: 'why', createdAt: 1 }]]]),
        gitTags: new Map([['b', ['v1']]]),
      }),
      [
        {
          version: 'a',
          isWorkingCopy: true,
          isStaged: false,
          commits: [commit('a', 30).commit, commit('a', 10).commit],
          names: [{ kind: 'tag', name: 'best', note: 'why' }],
          runs: runs('a', 25),
          at: 30,
        },
        {
          version: 'b',
          isWorkingCopy: false,
          isStaged: false,
          commits: [commit('b', 20).commit],
          names: [{ kind: 'git-tag', name: 'v1' }],
          at: 20,
        },
      ],
    );
  });

  test('begins with the working copy and what is staged, and puts texts that were only run where they belong', () => {
    const versions = merged({
      working,
      staged: { version: 'staged', label: undefined },
      commits: [commit('b', 30), commit('a', 10)],
      runs: [runs('newer', 40), runs('between', 20), runs('oldest', 5)],
    });
    assert.equal(order(versions), 'now staged newer b between a oldest');
    assert.deepEqual(versions.map(({ isStaged }) => isStaged).indexOf(true), 1);
  });

  test('keeps git’s order where clocks were wrong', () => {
    assert.equal(order(merged({ commits: [commit('b', 10), commit('a', 99)] })), 'b a');
  });

  test('shows a label on the version that brought it in, not on those that still carry it', () => {
    const named = merged({
      working: { version: 'now', label: '1.1' },
      commits: [commit('d', 40, '1.1'), commit('c', 30, '1.1'), commit('b', 20, '1.0'), commit('a', 10)],
    });
    const label = ({ names }: PromptVersion): string => names.map(({ name }) => name).join();
    assert.deepEqual(named.map(label), ['', '', '1.1', '1.0', '']);
    assert.deepEqual(merged({ commits: [commit('b', 2, '1')] }).map(label), ['1']);
    assert.deepEqual(merged({ commits: [commit('b', 2, '1')], hasMore: true }).map(label), ['']);
  });
});

describe('the changes since', () => {
  const since = (sources: Partial<VersionSources>, hasGit = true): unknown =>
    changesSince({ versions: merged(sources), hasGit, hasMore: false });

  test('a tag count commits and the working copy, not what was only tried', () => {
    assert.deepEqual(
      since({
        working,
        commits: [commit('c', 30), commit('b', 20), commit('a', 10)],
        runs: [runs('tried', 25)],
        gitTags: new Map([['b', ['v1.3']]]),
      }),
      { count: 2, since: 'v1.3' },
    );
  });

  test('a name that the text has now are none', () => {
    assert.deepEqual(since({ working: { version: 'now', label: '2' } }), { count: 0, since: '2' });
  });

  test('the last commit are told where nothing has a name', () => {
    assert.deepEqual(since({ working, commits: [commit('a', 12)] }), { count: 1, since: '1200000' });
    assert.equal(since({ working: { ...working, version: 'a' }, commits: [commit('a', 12)] }), undefined);
  });

  test('are not told where there is neither a name nor a commit', () => {
    assert.equal(since({ working, runs: [runs('a', 1)] }, false), undefined);
  });
});
