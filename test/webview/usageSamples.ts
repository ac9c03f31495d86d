/** The Usage view's page with states like those of a busy month. */
import { join } from 'node:path';
import { root } from '../../.ci/setup.mjs';
import { everyDay, noUsage, type UsageRow, type UsageTotals } from '../../src/core/usage/usage.ts';
import { type UsageRequest, type UsageState, usageVersion } from '../../src/usageProtocol.ts';
import { bundledPage } from './bundledPage.ts';
import type { Bundle, PanelPage } from './harness.ts';

export async function bundleUsage(): Promise<Bundle> {
  const textOf = await bundledPage({ main: join(root, 'webview/usage/main.tsx') });
  return { script: textOf('main.js'), style: textOf('main.css') };
}

export function totals(changes: Partial<UsageTotals> = {}): UsageTotals {
  return {
    runs: 14,
    inputTokens: 41_250,
    cachedTokens: 12_800,
    outputTokens: 9_310,
    reasoningTokens: 4_096,
    cost: 0.1834,
    unpricedRuns: 0,
    ...changes,
  };
}

const ran: readonly UsageRow[] = Array.from({ length: 22 }, (_, index) => ({
  ...totals({
    runs: 1 + ((index * 7) % 13),
    cost: 0.02 + ((index * 37) % 100) / 400,
    inputTokens: 900 + index * 210,
  }),
  key: `2026-11-${String(index + 3).padStart(2, '0')}`,
})).filter((_, index) => index % 6 !== 4);

export const emptyState: UsageState = {
  range: '30d',
  today: noUsage,
  month: noUsage,
  all: noUsage,
  days: [],
  models: [],
  prompts: [],
  monthBudget: null,
  problem: null,
};

export const busyState: UsageState = {
  ...emptyState,
  today: totals(),
  month: totals({ runs: 213, inputTokens: 1_204_551, outputTokens: 310_020, cost: 4.21, unpricedRuns: 3 }),
  all: totals({ runs: 1412, inputTokens: 14_204_551, outputTokens: 3_310_020, cost: 31.7, unpricedRuns: 3 }),
  days: everyDay(ran, '2026-10-26', '2026-11-24'),
  models: [
    { ...totals({ cost: 3.1, runs: 90 }), key: 'anthropic/claude-sonnet-5' },
    { ...totals({ cost: 1.11, runs: 61 }), key: 'openai/gpt-5' },
    { ...totals({ cost: 0, runs: 3, unpricedRuns: 3 }), key: 'mine/some-model-with-a-rather-long-name' },
    { ...totals({ cost: 0, runs: 59 }), key: 'local/demo' },
  ],
  prompts: [
    { ...totals({ cost: 2.2, runs: 101 }), key: 'file:///home/me/prompts/summarize.prompt' },
    { ...totals({ cost: 2.01, runs: 101 }), key: 'file:///home/me/prompts/commit-message%20long.prompt' },
    { ...totals({ cost: 0, runs: 11 }), key: '' },
  ],
  monthBudget: 5,
};

/** The view's page, which the panel's harness has opened. */
export class UsagePage {
  readonly panel: PanelPage;

  constructor(panel: PanelPage) {
    this.panel = panel;
  }

  async show(state: UsageState): Promise<void> {
    const message = { type: 'snapshot', version: usageVersion, state };
    await this.panel.page.evaluate(`host.send(${JSON.stringify([message])})`);
  }

  async posted(): Promise<readonly UsageRequest[]> {
    return this.panel.page.evaluate<UsageRequest[]>('host.posted');
  }
}
