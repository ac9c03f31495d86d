import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { LaneLayouts } from '../../../src/host/laneLayouts.ts';
import { Session } from '../../../src/host/session.ts';
import type { SessionSurroundings } from '../../../src/host/sessionSurroundings.ts';
import { SqliteStore } from '../../../src/node/sqliteStore.ts';
import { ScriptedProvider, start, type Step, stop, text } from '../../core/run/scriptedProvider.ts';
import { test } from './suite.ts';

test('a sweep that lacks a value leaves the lanes and their answers as they are', async () => {
  await withSession('Explain {{topic}}.', [says('A piece.')], async (session) => {
    await session.run({ topic: 'tokens' });
    const choices = [0, 1].map((temperature) => ({ modelId: null, settings: { temperature } }));
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
      [0, 1].map((temperature) => ({ modelId: null, settings: { temperature } })),
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

function says(answer: string): Step[] {
  return [start, text(answer), stop];
}

/** A session of a new prompt at a scripted model, over a history of its own. */
async function withSession(
  prompt: string,
  scripts: readonly (readonly Step[])[],
  use: (session: Session, store: SqliteStore) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'session-'));
  const store = new SqliteStore(join(folder, 'history.sqlite'), Date.now);
  const document = await vscode.workspace.openTextDocument({ language: 'llm-prompt', content: prompt });
  const session = new Session(document.uri, surroundingsOf(store, new ScriptedProvider(...scripts)));
  try {
    await use(session, store);
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
    withinBudget: (prepared) => Promise.resolve(prepared),
  };
}
