import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Renames } from '../../../src/host/renames.ts';
import type { Session } from '../../../src/host/session.ts';
import { Sessions } from '../../../src/host/sessions.ts';
import type { SessionSurroundings } from '../../../src/host/sessionSurroundings.ts';
import { SqliteStore } from '../../../src/node/sqliteStore.ts';
import { ScriptedProvider, start, stop, text } from '../../core/run/scriptedProvider.ts';
import { surroundingsOf } from './sessionFixture.ts';
import { test, until } from './suite.ts';

test('a prompt that is renamed keeps its panel, its runs, its lanes and its named sets', async () => {
  await withPrompts(['A.', 'B.'], async ({ at, write, sessions, store, surroundings, moved }) => {
    await write('a.prompt', 'Explain {{topic}}.');
    await write('a.prompt.inputs.json', '{"one": {"topic": "tokens"}}');
    const session = sessions.of(at('a.prompt'));
    await session.run({ topic: 'tokens' });
    session.choices.setModel('1', 'scripted/two');
    await rename(at('a.prompt'), at('b.prompt'));
    await until(() => session.uri.path === at('b.prompt').path);
    assert.equal(sessions.of(at('b.prompt')), session);
    assert.deepEqual([session.state.prompt?.name, session.state.lanes[0]?.run?.text], ['b.prompt', 'A.']);
    assert.equal(session.state.lanes[0]?.run?.prompt?.uri, at('b.prompt').toString());
    assert.deepEqual(sessions.lastValues(at('b.prompt')), { topic: 'tokens' });
    assert.equal(surroundings.layouts.of(at('b.prompt').toString())[0]?.modelId, 'scripted/two');
    await session.run();
    assert.deepEqual(textsOf(store, at('b.prompt')), ['B.', 'A.']);
    assert.deepEqual(textsOf(store, at('a.prompt')), []);
    await until(() => exists(at('b.prompt.inputs.json')));
    assert.equal(await exists(at('a.prompt.inputs.json')), false);
    assert.deepEqual(moved, [[at('a.prompt').path, at('b.prompt').path]]);
  });
});

test('a prompt that is renamed there and back at once is what it was', async () => {
  await withPrompts(['A.'], async ({ at, write, sessions, store, moved }) => {
    await write('a.prompt', 'Explain.');
    await write('a.prompt.inputs.json', '{}');
    const session = sessions.of(at('a.prompt'));
    await session.run();
    await rename(at('a.prompt'), at('b.prompt'));
    await rename(at('b.prompt'), at('a.prompt'));
    await until(() => moved.length === 2);
    assert.equal(sessions.of(at('a.prompt')), session);
    assert.deepEqual(textsOf(store, at('a.prompt')), ['A.']);
    await until(() => exists(at('a.prompt.inputs.json')));
  });
});

test('a folder takes its prompts along, also those that nobody has run, and other files stay what they are', async () => {
  await withPrompts(['A.'], async ({ at, write, sessions, store, moved }) => {
    await write('one/a.prompt', 'Explain.');
    await write('one/b.prompt', 'Explain more.');
    await write('note.md', '');
    await sessions.of(at('one/a.prompt')).run();
    await rename(at('note.md'), at('other.md'));
    await rename(at('one'), at('two'));
    await until(() => moved.length === 1);
    assert.deepEqual(textsOf(store, at('two/a.prompt')), ['A.']);
    assert.equal(sessions.of(at('two/a.prompt')).state.lanes[0]?.run?.text, 'A.');
    assert.deepEqual(store.versions.earlierUris(at('two/b.prompt').toString()), [
      at('one/b.prompt').toString(),
    ]);
  });
});

test('a prompt that takes the place of another ends the panel of that, and shows what both have run', async () => {
  await withPrompts(['P.', 'A.'], async ({ at, write, sessions, store, closed }) => {
    await write('p.prompt', 'Explain.');
    await write('a.prompt', 'Explain well.');
    await write('a.prompt.inputs.json', '{}');
    await write('p.prompt.inputs.json', '{"kept": {}}');
    const [replaced, session] = [sessions.of(at('p.prompt')), sessions.of(at('a.prompt'))];
    await replaced.run();
    await session.run();
    await rename(at('a.prompt'), at('p.prompt'), true);
    await until(() => closed.length === 1);
    assert.deepEqual(closed, [replaced]);
    assert.equal(sessions.of(at('p.prompt')), session);
    assert.deepEqual(textsOf(store, at('p.prompt')), ['A.', 'P.']);
    const sets = await vscode.workspace.fs.readFile(at('p.prompt.inputs.json'));
    assert.equal(Buffer.from(sets).toString(), '{"kept": {}}');
    assert.ok(await exists(at('a.prompt.inputs.json')));
  });
});

interface Prompts {
  readonly at: (name: string) => vscode.Uri;
  readonly write: (name: string, content: string) => Promise<void>;
  readonly sessions: Sessions;
  readonly store: SqliteStore;
  readonly surroundings: SessionSurroundings;
  /** The paths of each move that was followed to its end. */
  readonly moved: readonly (readonly [string, string])[];
  readonly closed: readonly Session[];
}

/** Prompts in a folder of their own at a scripted model that gives these answers, one after another. */
async function withPrompts(
  answers: readonly string[],
  use: (prompts: Prompts) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'renames-'));
  const store = new SqliteStore(join(folder, 'history.sqlite'), Date.now);
  const provider = new ScriptedProvider(...answers.map((answer) => [start, text(answer), stop]));
  const surroundings = surroundingsOf(store, provider);
  const sessions = new Sessions(surroundings);
  const moved: (readonly [string, string])[] = [];
  const closed: Session[] = [];
  const renames = new Renames({
    store: store.versions,
    memory: surroundings.layouts,
    sessions,
    panels: { close: (session) => void closed.push(session) },
    versions: { moved: (from, to) => void moved.push([from.path, to.path]) },
    prompts: { rereadRuns: () => undefined },
    log: surroundings.log,
  });
  const at = (name: string): vscode.Uri => vscode.Uri.file(join(folder, name));
  try {
    await use({
      at,
      write: async (name, content) => vscode.workspace.fs.writeFile(at(name), Buffer.from(content)),
      sessions,
      store,
      surroundings,
      moved,
      closed,
    });
  } finally {
    renames.dispose();
    sessions.dispose();
    store[Symbol.dispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

/** As the editor does it, which tells extensions. */
async function rename(from: vscode.Uri, to: vscode.Uri, overwrite = false): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.renameFile(from, to, { overwrite });
  assert.ok(await vscode.workspace.applyEdit(edit));
}

function textsOf(store: SqliteStore, prompt: vscode.Uri): readonly string[] {
  return store.list({ limit: 9, promptUri: prompt.toString() }).map((run) => run.text);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
