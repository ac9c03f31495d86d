import {
  commands,
  Disposable,
  type LogOutputChannel,
  type Memento,
  Uri,
  type WebviewView,
  type WebviewViewProvider,
  window,
  workspace,
} from 'vscode';
import * as z from 'zod/mini';
import { messageOf } from '../core/errors.ts';
import type { Spending } from '../core/usage/budget.ts';
import { dayOf, everyDay, noUsage, startOfDay, startOfMonth, type UsageRow } from '../core/usage/usage.ts';
import type { SqliteUsage } from '../node/sqliteUsage.ts';
import {
  type UsageMessage,
  type UsageRange,
  usageRanges,
  type UsageRequest,
  type UsageState,
  usageVersion,
} from '../usageProtocol.ts';
import { readBudget } from './budget.ts';
import { panelHtml } from './panelHtml.ts';
import { exportUsage } from './usageExport.ts';

export type UsageCommandId = 'llmPlayground.exportUsage';

export interface UsageViewSurroundings {
  readonly usage: SqliteUsage;
  readonly extensionUri: Uri;
  /** Where the range is kept. */
  readonly memory: Memento;
  readonly log: LogOutputChannel;
}

const viewId = 'llmPlayground.usage';

/** Runs that end together are added up once; in ms. */
const restMs = 300;

/** What all runs have used: a view in the activity bar. Figures are read when it is shown and when a run has ended. */
export class UsageView implements WebviewViewProvider, Disposable {
  readonly #surroundings: UsageViewSurroundings;
  readonly #registrations: Disposable;
  #view: WebviewView | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(surroundings: UsageViewSurroundings) {
    this.#surroundings = surroundings;
    this.#registrations = Disposable.from(
      window.registerWebviewViewProvider(viewId, this),
      commands.registerCommand('llmPlayground.exportUsage' satisfies UsageCommandId, () => this.#export()),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('llmPlayground.budget')) this.refreshSoon();
      }),
    );
  }

  resolveWebviewView(view: WebviewView): void {
    const { extensionUri, log } = this.#surroundings;
    const root = Uri.joinPath(extensionUri, 'dist', 'webview');
    this.#view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [root] };
    const received = view.webview.onDidReceiveMessage((raw: unknown) => {
      const request = requestOf(raw);
      if (request) this.#carryOut(request);
      else log.warn(`The Usage view sent something that is not understood: ${JSON.stringify(raw)}`);
    });
    const shown = view.onDidChangeVisibility(() => this.#post());
    view.onDidDispose(() => {
      this.#view = undefined;
      Disposable.from(received, shown).dispose();
    });
    view.webview.html = panelHtml(view.webview, root, 'usage');
  }

  /** Reads the figures again, once nothing has changed for a moment. */
  refreshSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#post(), restMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#registrations.dispose();
  }

  get #range(): UsageRange {
    const kept = this.#surroundings.memory.get<string>(viewId, '30d');
    return kept in usageRanges ? (kept as UsageRange) : '30d';
  }

  #carryOut(request: UsageRequest): void {
    switch (request.type) {
      case 'ready':
        this.#post();
        return;
      case 'range':
        void this.#surroundings.memory.update(viewId, request.range).then(() => this.#post());
        return;
      case 'open':
        void openFile(request.uri);
        return;
      default:
        request satisfies never;
    }
  }

  #post(): void {
    if (!this.#view?.visible) return;
    const message: UsageMessage = { type: 'snapshot', version: usageVersion, state: this.#state() };
    void this.#view.webview.postMessage(message);
  }

  #state(): UsageState {
    const { usage, log } = this.#surroundings;
    const range = this.#range;
    const now = Date.now();
    const from = startOf(range, now);
    const monthBudget = readBudget().perMonth ?? null;
    try {
      const days = usage.by('day', { from });
      return {
        range,
        today: usage.totals({ from: startOfDay(dayOf(now)) }),
        month: usage.totals({ from: startOfMonth(now) }),
        all: usage.totals(),
        days: daysOf(days, range, now),
        models: usage.by('model', { from }),
        prompts: usage.by('prompt', { from }),
        monthBudget,
        problem: null,
      };
    } catch (error) {
      log.error(messageOf(error));
      return { ...noFigures, range, monthBudget, problem: messageOf(error) };
    }
  }

  async #export(): Promise<void> {
    const range = this.#range;
    const { usage, log } = this.#surroundings;
    try {
      await exportUsage(usage, { from: startOf(range, Date.now()) }, usageRanges[range]);
    } catch (error) {
      log.error(messageOf(error));
      void window.showErrorMessage(`The usage was not exported: ${messageOf(error)}`);
    }
  }
}

/** What this month's runs have cost. @throws Error when the history cannot be read. */
export function monthSpending(usage: SqliteUsage): Spending {
  return usage.totals({ from: startOfMonth(Date.now()) });
}

const noFigures = { today: noUsage, month: noUsage, all: noUsage, days: [], models: [], prompts: [] };

const dayCounts: Readonly<Record<Exclude<UsageRange, 'all'>, number>> = { '7d': 7, '30d': 30, '90d': 90 };

const mostDays = 366;

/** The first moment of a range that ends today, in ms since 1970. */
function startOf(range: UsageRange, now: number): number {
  return range === 'all' ? 0 : daysBefore(now, dayCounts[range] - 1);
}

function daysBefore(now: number, days: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - days).getTime();
}

/** Every day of a range, the oldest first. */
function daysOf(rows: readonly UsageRow[], range: UsageRange, now: number): readonly UsageRow[] {
  const oldest = rows.at(-1);
  if (!oldest) return [];
  const first = range === 'all' ? oldest.key : dayOf(startOf(range, now));
  return everyDay(rows, first, dayOf(now)).slice(-mostDays);
}

async function openFile(uri: string): Promise<void> {
  try {
    await window.showTextDocument(Uri.parse(uri, true));
  } catch (error) {
    void window.showWarningMessage(`The prompt cannot be opened: ${messageOf(error)}`);
  }
}

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('range'), range: z.enum(['7d', '30d', '90d', 'all']) }),
  z.object({ type: z.literal('open'), uri: z.string() }),
]);

function requestOf(raw: unknown): UsageRequest | undefined {
  const parsed = schema.safeParse(raw);
  return parsed.success ? parsed.data : undefined;
}
