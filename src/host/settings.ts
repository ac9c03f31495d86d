import { commands, type Disposable, window, workspace } from 'vscode';
import type { PriceTable } from '../core/pricing.ts';
import type { BackendChoice } from '../node/localRuntime.ts';
import { defaultThreads } from '../node/processors.ts';
import { type CountPart, countParts } from './countLabel.ts';
import { type PriceSetting, priceSettingOf } from './priceSetting.ts';

/** The user's settings, checked. Their names and defaults stand in `package.json` under `contributes.configuration`. */
export interface Settings {
  /** `provider/model` for prompts that name none. */
  readonly defaultModel: string;
  /** Whether the tokens of a selection are counted and shown. */
  readonly inlineTokens: boolean;
  /** The language ids in which tokens are counted; empty means all. */
  readonly tokenLanguages: readonly string[];
  /** A selection of fewer characters is not counted. */
  readonly tokenMinimumLength: number;
  /** What the status bar shows beside the tokens. */
  readonly tokensShown: readonly CountPart[];
  /** Threads of the local runtime, at least 1. */
  readonly localThreads: number;
  /** What the local runtime computes on. */
  readonly localBackend: BackendChoice;
  /** How long a local model stays in memory without a call, in ms; 0 means for ever. */
  readonly localUnloadAfterMs: number;
  /** How much the local models in memory may take together, in bytes; 0 means half of the machine's memory. */
  readonly localMemoryBytes: number;
  /** Whether a prompt's local model is loaded when the prompt is opened. */
  readonly localWarmStart: boolean;
  /** Where models are looked for beside the folders of other programs: folders and files, perhaps from `~/`. */
  readonly localFolders: readonly string[];
  /** The registry of npm packages from which CUDA's binaries come. */
  readonly localRegistry: string;
  /** The user's own prices, by `provider/model` or `provider/*`; entries that cannot be used are left out. */
  readonly prices: PriceTable;
}

/** The settings as they are now. */
export function readSettings(): Settings {
  const configuration = workspace.getConfiguration('llmPlayground');
  const threads = configuration.get<number>('local.threads', 0);
  return {
    defaultModel: configuration.get<string>('defaultModel', ''),
    inlineTokens: configuration.get<boolean>('tokens.inline', true),
    tokenLanguages: configuration.get<readonly string[]>('tokens.languages', []),
    tokenMinimumLength: configuration.get<number>('tokens.minimumLength', 1),
    tokensShown: configuration.get<readonly CountPart[]>('tokens.show', countParts),
    localThreads: threads >= 1 ? Math.floor(threads) : defaultThreads(),
    localBackend: configuration.get<BackendChoice>('local.backend', 'auto'),
    localUnloadAfterMs: Math.min(configuration.get<number>('local.unloadAfter', 10), longestMinutes) * 60_000,
    localMemoryBytes: configuration.get<number>('local.memory', 0) * 1e9,
    localWarmStart: configuration.get<boolean>('local.warmStart', true),
    localFolders: configuration.get<readonly string[]>('local.folders', []),
    localRegistry: configuration.get<string>('local.registry', ''),
    prices: readPriceSetting().prices,
  };
}

/** Timers of more than 2³¹ − 1 ms strike at once. */
const longestMinutes = 30_000;

/** Tells the user which of their own prices cannot be used, now and whenever the setting changes. */
export function watchPriceSetting(): Disposable {
  return watchSettings([priceSettingName], () => readPriceSetting().problems);
}

/**
 * Tells the user what is wrong with settings, now and whenever one of them changes, with a way to them.
 * @param names the settings' full names; the first one is opened.
 */
export function watchSettings(names: readonly string[], problems: () => readonly string[]): Disposable {
  const tell = async (): Promise<void> => {
    const found = problems();
    if (found.length === 0) return;
    const answer = await window.showWarningMessage(found.join(' '), 'Open Settings');
    if (answer) await commands.executeCommand('workbench.action.openSettings', names[0]);
  };
  void tell();
  return workspace.onDidChangeConfiguration((change) => {
    if (names.some((name) => change.affectsConfiguration(name))) void tell();
  });
}

const priceSettingName = 'llmPlayground.prices';

function readPriceSetting(): PriceSetting {
  return priceSettingOf(workspace.getConfiguration().get(priceSettingName, {}));
}
