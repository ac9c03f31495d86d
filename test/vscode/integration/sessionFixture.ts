import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Provider } from '../../../src/core/provider.ts';
import { noUsage } from '../../../src/core/usage/usage.ts';
import { SessionMemory } from '../../../src/host/sessionMemory.ts';
import { Session } from '../../../src/host/session.ts';
import type { SessionSurroundings } from '../../../src/host/sessionSurroundings.ts';
import { SqliteStore } from '../../../src/node/sqliteStore.ts';
import { ScriptedProvider, start, type Step, stop, text } from '../../core/run/scriptedProvider.ts';

/** What sessions need, over a history of their own; the version `old` is the one that there is. */
export function surroundingsOf(store: SqliteStore, provider: Provider): SessionSurroundings {
  const kept = new Map<string, unknown>();
  const memento = {
    get: (key: string) => kept.get(key),
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  } as unknown as vscode.Memento;
  const memory = new SessionMemory(memento);
  return {
    providers: [provider],
    store,
    layouts: memory.layouts,
    attachments: memory.attachments,
    textOfFile: () => Promise.reject(new Error('No file is attached here.')),
    log: { error: () => undefined, warn: () => undefined } as unknown as vscode.LogOutputChannel,
    settings: () => ({ defaultModel: 'scripted/one' }) as ReturnType<SessionSurroundings['settings']>,
    priceOf: () => Promise.resolve(undefined),
    estimateOf: () => Promise.resolve(undefined),
    versions: {
      nameOf: () => 'v1',
      textOf: (_, version) =>
        version === 'old'
          ? Promise.resolve('What are {{topic}}?')
          : Promise.reject(new Error(`Nobody has ${version}.`)),
    },
    holdToBudget: () => Promise.resolve(),
    fitter: { fit: ({ request }) => Promise.resolve({ request, view: null }) },
    summaries: {
      make: () => Promise.reject(new Error('Nothing is summarised here.')),
      unsavedOf: () => [],
    },
    usedIn: () => ({ ...noUsage, summaries: noUsage }),
    countTokens: (_, texts) =>
      Promise.resolve({
        counts: texts.map((each) => each.length),
        exactness: 'estimate',
        note: 'Characters.',
      }),
  };
}

export function says(answer: string): Step[] {
  return [start, text(answer), stop];
}

/** What a session works with. */
interface Parts {
  readonly provider: ScriptedProvider;
  readonly store: SqliteStore;
  readonly surroundings: SessionSurroundings;
}

/** A session of a new prompt at a scripted model, over a history of its own. */
export async function withSession(
  prompt: string,
  scripts: readonly (readonly Step[])[],
  use: (session: Session, parts: Parts) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'session-'));
  const store = new SqliteStore(join(folder, 'history.sqlite'), Date.now);
  const document = await vscode.workspace.openTextDocument({ language: 'llm-prompt', content: prompt });
  const provider = new ScriptedProvider(...scripts);
  const surroundings = surroundingsOf(store, provider);
  const session = new Session(document.uri, surroundings);
  try {
    await use(session, { provider, store, surroundings });
  } finally {
    session.dispose();
    store[Symbol.dispose]();
    await rm(folder, { recursive: true, force: true });
  }
}
