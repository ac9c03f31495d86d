import { workspace } from 'vscode';
import { defaultThreads } from '../node/processors.ts';

/** The user's settings, checked. Their names and defaults stand in `package.json` under `contributes.configuration`. */
export interface Settings {
  /** `provider/model` for prompts that name none. */
  readonly defaultModel: string;
  /** Whether the tokens of a selection are counted and shown. */
  readonly inlineTokens: boolean;
  /** Threads of the local runtime, at least 1. */
  readonly localThreads: number;
}

/** The settings as they are now. */
export function readSettings(): Settings {
  const configuration = workspace.getConfiguration('llmPlayground');
  const threads = configuration.get<number>('local.threads', 0);
  return {
    defaultModel: configuration.get<string>('defaultModel', ''),
    inlineTokens: configuration.get<boolean>('tokens.inline', true),
    localThreads: threads >= 1 ? Math.floor(threads) : defaultThreads(),
  };
}
