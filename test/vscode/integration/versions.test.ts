import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { PromptVersions } from '../../../src/host/versions/promptVersions.ts';
import { VersionActions } from '../../../src/host/versions/versionActions.ts';
import { labelOfVersion } from '../../../src/host/versions/versionItem.ts';
import { placedVersionOf } from '../../../src/host/versions/versionUri.ts';
import type { VersionRow } from '../../../src/host/versions/versionsView.ts';
import { SqliteStore } from '../../../src/node/sqliteStore.ts';
import { Repository } from '../../node/repository.ts';
import { accepting } from './accepting.ts';
import { test, until } from './suite.ts';

type Row = Extract<VersionRow, { type: 'version' }>;

test('the versions of a folder without git are what was run and tagged there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plain-'));
  const file = join(folder, 'a.prompt');
  writeFileSync(file, 'one');
  await withVersions(file, async ({ versions, uri, actions, rows }) => {
    const [working] = await rows();
    assert.ok(working);
    versions.store.tag(uri.toString(), working.entry.version, 'one', { name: 'best', note: '' });
    writeFileSync(file, 'two');
    versions.refresh(uri);
    assert.deepEqual(labelsOf(await rows()), ['Working copy', 'best · Never committed']);
    const [, best] = await rows();
    assert.ok(best);
    await actions.restore(best);
    assert.equal(vscode.window.activeTextEditor?.document.getText(), 'one');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
  rmSync(folder, { recursive: true });
});

test('a worktree and a submodule have the commits of their own, also while the index is locked', async () => {
  using inner = new Repository();
  inner.commit('a.prompt', 'one', 'Inner');
  using outer = new Repository();
  outer.commit('b.prompt', 'one', 'Outer');
  outer.git('submodule', '-q', 'add', inner.folder, 'sub');
  outer.git('worktree', 'add', '-q', 'tree', '-b', 'tree');
  outer.write('.git/index.lock', '');
  const labels = async (name: string): Promise<readonly string[]> => {
    let found: readonly string[] = [];
    await withVersions(outer.path(name), async ({ rows }) => {
      found = (await rows()).map(({ entry }) => entry.commits[0]?.subject ?? 'none');
    });
    return found;
  };
  assert.deepEqual(await labels('sub/a.prompt'), ['Inner']);
  assert.deepEqual(await labels('tree/b.prompt'), ['Outer']);
  assert.deepEqual(await labels('b.prompt'), ['Outer']);
});

test('a git that is broken hides the commits and nothing else, and says so', async () => {
  using repository = new Repository();
  const file = repository.commit('a.prompt', 'one', 'Begin');
  const git = repository.write('bin/git', '#!/bin/sh\necho "fatal: broken" >&2\nexit 3\n');
  chmodSync(git, 0o755);
  await inSetting('git.path', git, () =>
    withVersions(file, async ({ versions, uri, rows }) => {
      assert.deepEqual(labelsOf(await rows()), ['Working copy']);
      assert.match(versions.listOf(uri)?.note ?? '', /git could not read this repository: broken/);
    }),
  );
});

test('older commits are read when they are asked for', async () => {
  using repository = new Repository();
  const file = repository.write('a.prompt', 'text 210\n');
  const commits = Array.from({ length: 211 }, (_, index) => {
    const text = `text ${index}\n`;
    return `commit refs/heads/main\ncommitter A <a@example.org> ${1_700_000_000 + index} +0000\ndata 1\nc\nM 644 inline a.prompt\ndata ${text.length}\n${text}`;
  });
  repository.write('import', commits.join(''));
  repository.git('-c', 'alias.import=!git fast-import --quiet <import', 'import');
  repository.git('reset', '-q');
  await withVersions(file, async ({ versions, uri, rows }) => {
    assert.deepEqual([(await rows()).length, versions.listOf(uri)?.hasMore], [200, true]);
    versions.showMore(uri);
    assert.deepEqual([(await rows()).length, versions.listOf(uri)?.hasMore], [211, false]);
  });
});

test('two versions are compared in the editor’s diff, the older one at the left', async () => {
  using repository = new Repository();
  repository.commit('a.prompt', 'one', 'One');
  const file = repository.commit('a.prompt', 'two', 'Two');
  await withVersions(file, async ({ actions, rows }) => {
    const [two, one] = await rows();
    assert.ok(one && two);
    // The other one is the only choice.
    await accepting(actions.compareWithAnother(two));
    await until(() => diff() !== undefined);
    const { original, modified } = diff() ?? {};
    assert.match(original?.path ?? '', new RegExp(`a@${one.entry.version.slice(0, 8)}\\.prompt$`));
    assert.equal(modified?.path, vscode.Uri.file(file).path);
    const shown = await vscode.workspace.openTextDocument(original ?? vscode.Uri.file(file));
    assert.equal(shown.getText(), 'one');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });
});

test('a version that is shown stays one of its prompt when that is renamed', async () => {
  using repository = new Repository();
  repository.commit('a.prompt', 'one', 'One');
  const file = repository.commit('a.prompt', 'two', 'Two');
  await withVersions(file, async ({ uri, rows }) => {
    const one = (await rows()).at(-1);
    assert.ok(one);
    await vscode.commands.executeCommand('llmPlayground.openVersion', one);
    const to = vscode.Uri.file(repository.path('b.prompt'));
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(uri, to);
    assert.ok(await vscode.workspace.applyEdit(edit));
    const shown = () => vscode.window.activeTextEditor?.document;
    await until(() => shown()?.uri.path.includes('b@') === true);
    assert.deepEqual(placedVersionOf(shown()?.uri ?? to), { prompt: to, version: one.entry.version });
    assert.equal(shown()?.getText(), 'one');
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
    assert.deepEqual(tabs.filter((label) => label.startsWith('a@')), []); // prettier-ignore
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });
});

test('a tag is taken away, the first that is chosen where there are several', async () => {
  using repository = new Repository();
  const file = repository.commit('a.prompt', 'one', 'One');
  await withVersions(file, async ({ versions, uri, actions, rows }) => {
    const [row] = await rows();
    assert.ok(row);
    for (const name of ['first', 'second'])
      versions.store.tag(uri.toString(), row.entry.version, 'one', { name, note: '' });
    const tags = () =>
      versions.store
        .tags()
        .get(row.entry.version)
        ?.map(({ name }) => name) ?? [];
    versions.refresh(uri);
    const [both] = await rows();
    assert.ok(both);
    await accepting(actions.untag(both));
    assert.deepEqual(tags(), ['second']);
    versions.refresh(uri);
    const [left] = await rows();
    assert.ok(left);
    await actions.untag(left);
    assert.deepEqual(tags(), []);
  });
});

test('the ids of a version and of its commit go to the clipboard', async () => {
  using repository = new Repository();
  const file = repository.commit('a.prompt', 'one', 'One');
  await withVersions(file, async ({ rows }) => {
    const [row] = await rows();
    assert.ok(row);
    await vscode.commands.executeCommand('llmPlayground.copyVersionId', row);
    assert.equal(await vscode.env.clipboard.readText(), row.entry.version);
    await vscode.commands.executeCommand('llmPlayground.copyCommitId', row);
    assert.equal(await vscode.env.clipboard.readText(), repository.git('rev-parse', 'HEAD').trim());
  });
});

interface Versions {
  readonly versions: PromptVersions;
  readonly uri: vscode.Uri;
  readonly actions: VersionActions;
  /** The rows of the versions, once they have been read. */
  readonly rows: () => Promise<readonly Row[]>;
}

/** The versions of a prompt, over a history of their own. */
async function withVersions(file: string, use: (parts: Versions) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'versions-'));
  const store = new SqliteStore(join(folder, 'history.sqlite'), Date.now);
  const log = { error: () => undefined, warn: () => undefined } as unknown as vscode.LogOutputChannel;
  const versions = new PromptVersions(store.versions, log);
  const uri = vscode.Uri.file(file);
  try {
    await use({
      versions,
      uri,
      actions: new VersionActions(versions, () => Promise.resolve()),
      rows: async () => {
        const { versions: entries = [], hasGit = false } = (await versions.read(uri)) ?? {};
        return entries.map((entry) => ({ type: 'version', uri, entry, hasGit }));
      },
    });
  } finally {
    versions.dispose();
    store[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  }
}

function labelsOf(rows: readonly Row[]): readonly string[] {
  return rows.map(({ entry }) => labelOfVersion(entry));
}

function diff(): vscode.TabInputTextDiff | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputTextDiff ? input : undefined;
}

async function inSetting(name: string, value: unknown, use: () => Promise<void>): Promise<void> {
  const set = (to: unknown): Thenable<void> =>
    vscode.workspace.getConfiguration().update(name, to, vscode.ConfigurationTarget.Global);
  await set(value);
  try {
    await use();
  } finally {
    await set(undefined);
  }
}
