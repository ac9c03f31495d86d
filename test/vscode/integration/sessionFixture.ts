import type * as vscode from 'vscode';
import type { Provider } from '../../../src/core/provider.ts';
import { noUsage } from '../../../src/core/usage/usage.ts';
import { LaneLayouts } from '../../../src/host/laneLayouts.ts';
import type { SessionSurroundings } from '../../../src/host/sessionSurroundings.ts';
import type { SqliteStore } from '../../../src/node/sqliteStore.ts';

/** What sessions need, over a history of their own; the version `old` is the one that there is. */
export function surroundingsOf(store: SqliteStore, provider: Provider): SessionSurroundings {
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
    summaries: { make: () => Promise.reject(new Error('Nothing is summarised here.')) },
    usedIn: () => noUsage,
    countTokens: (_, texts) =>
      Promise.resolve({
        counts: texts.map((each) => each.length),
        exactness: 'estimate',
        note: 'Characters.',
      }),
  };
}
