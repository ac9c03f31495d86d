import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { textOf } from '../../../src/core/chat.ts';
import type { LaneChoice } from '../../../src/core/run/overrides.ts';
import { LaneLayouts } from '../../../src/host/laneLayouts.ts';
import { Session } from '../../../src/host/session.ts';
import type { SessionSurroundings } from '../../../src/host/sessionSurroundings.ts';
import { SqliteStore } from '../../../src/node/sqliteStore.ts';
import { ScriptedProvider, start, type Step, stop, text } from '../../core/run/scriptedProvider.ts';
import { test, until } from './suite.ts';

test('a sweep that lacks a value leaves the lanes and their answers as they are', async () => {
  await withSession('Explain {{topic}}.', [says('A piece.')], async (session) => {
    await session.run({ topic: 'tokens' });
    const choices = [0, 1].map((temperature) => ({ ...asTheFile, settings: { temperature } }));
    assert.equal(await session.isReady({}), false);
    await session.runIn(choices, {});
    assert.deepEqual(session.state.problem?.missing, ['topic']);
    assert.deepEqual(
      session.state.lanes.map(({ run }) => run?.text),
      ['A piece.'],
    );
  });
});

test('a sweep runs a lane for each value in the place of those that there are', async () => {
  await withSession('Explain.', [says('A.'), says('B.'), says('C.')], async (session) => {
    await session.run();
    await session.runIn(
      [0, 1].map((temperature) => ({ ...asTheFile, settings: { temperature } })),
      {},
    );
    assert.deepEqual(
      session.state.lanes.map(({ settings, run }) => [settings.temperature, run?.text]),
      [
        [0, 'B.'],
        [1, 'C.'],
      ],
    );
  });
});

test('two versions run side by side on the same values, each with its own text and variables', async () => {
  const scripts = [says('Old.'), says('New.')];
  await withSession('Explain {{topic}} to {{reader}}.', scripts, async (session, { provider }) => {
    session.replaceLanes([{ ...asTheFile, promptVersion: 'old' }, asTheFile]);
    await session.run({});
    assert.deepEqual(session.state.problem?.missing, ['topic', 'reader']);
    assert.deepEqual(
      session.state.prompt?.fields.map(({ name }) => name),
      ['topic', 'reader'],
    );
    await session.run({ topic: 'tokens', reader: 'a poet' });
    assert.deepEqual(
      provider.requests.map(({ messages }) => messages.map(textOf).join('')),
      ['What are tokens?', 'Explain tokens to a poet.'],
    );
    assert.deepEqual(
      session.state.lanes.map(({ version, run }) => [version?.label, run?.text, run?.variables]),
      [
        ['v1', 'Old.', { topic: 'tokens' }],
        [undefined, 'New.', { topic: 'tokens', reader: 'a poet' }],
      ],
    );
  });
});

test('a version that nobody has any more is told in its lane alone', async () => {
  await withSession('Explain.', [says('A.')], async (session) => {
    session.replaceLanes([asTheFile, { ...asTheFile, promptVersion: 'gone' }]);
    await session.run();
    assert.deepEqual(
      session.state.lanes.map(({ run, problem }) => [run?.text, problem?.message]),
      [
        ['A.', undefined],
        [undefined, 'Nobody has gone.'],
      ],
    );
    assert.equal(session.state.problem, null);
  });
});

test('a file that does not parse keeps no version from running', async () => {
  await withSession('Explain {{#if}', [says('Old.')], async (session) => {
    session.replaceLanes([{ ...asTheFile, promptVersion: 'old' }, asTheFile]);
    await session.run({ topic: 'tokens' });
    assert.equal(session.state.lanes[0]?.run?.text, 'Old.');
    assert.ok(session.state.problem?.position);
  });
});

test('the variables of a version are asked for as long as a lane runs it', async () => {
  await withSession('Explain.', [], async (session) => {
    await session.show();
    session.add({ ...asTheFile, promptVersion: 'old' });
    await until(() => session.state.prompt?.fields.length === 1);
    session.remove(session.state.lanes[1]?.id ?? '');
    await until(() => session.state.prompt?.fields.length === 0);
  });
});

const asTheFile: LaneChoice = { modelId: null, settings: {}, promptVersion: null };

function says(answer: string): Step[] {
  return [start, text(answer), stop];
}

/** A session of a new prompt at a scripted model, over a history of its own. */
async function withSession(
  prompt: string,
  scripts: readonly (readonly Step[])[],
  use: (session: Session, parts: { provider: ScriptedProvider; store: SqliteStore }) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'session-'));
  const store = new SqliteStore(join(folder, 'history.sqlite'), Date.now);
  const document = await vscode.workspace.openTextDocument({ language: 'llm-prompt', content: prompt });
  const provider = new ScriptedProvider(...scripts);
  const session = new Session(document.uri, surroundingsOf(store, provider));
  try {
    await use(session, { provider, store });
  } finally {
    session.dispose();
    store[Symbol.dispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

function surroundingsOf(store: SqliteStore, provider: ScriptedProvider): SessionSurroundings {
  const kept = new Map<string, unknown>();
  const memento = {
    get: (key: string) => kept.get(key),
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  } as unknown as vscode.Memento;
  return {
    providers: [provider],
    store,
    layouts: new LaneLayouts(memento),
    log: { error: () => undefined, warn: () => undefined } as unknown as vscode.LogOutputChannel,
    settings: () => ({ defaultModel: 'scripted/one' }) as ReturnType<SessionSurroundings['settings']>,
    priceOf: () => Promise.resolve(undefined),
    versions: {
      nameOf: () => 'v1',
      textOf: (_, version) =>
        version === 'old'
          ? Promise.resolve('What are {{topic}}?')
          : Promise.reject(new Error(`Nobody has ${version}.`)),
    },
    holdToBudget: () => Promise.resolve(),
  };
}
