/** `node test/webview/lookUsage.ts [state…]`: pictures of the Usage view in every theme, in test-results/. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../.ci/setup.mjs';
import type { UsageState } from '../../src/usageProtocol.ts';
import { launchBrowser, openPanel } from './harness.ts';
import type { ThemeName } from './themes.ts';
import { bundleUsage, busyState, emptyState, UsagePage } from './usageSamples.ts';

const looks: Readonly<Record<string, UsageState>> = {
  empty: emptyState,
  busy: busyState,
  over: { ...busyState, monthBudget: 4 },
  week: { ...busyState, range: '7d', days: busyState.days.slice(-7), monthBudget: null },
};

const wanted = process.argv.slice(2);
const folder = join(root, 'test-results', 'look');
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
const bundle = await bundleUsage();
for (const theme of ['dark', 'light', 'contrast', 'contrastLight'] satisfies ThemeName[]) {
  for (const width of [260, 420]) {
    for (const [name, state] of Object.entries(looks)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const panel = await openPanel(browser, bundle, { theme, width, height: 1100 });
      await new UsagePage(panel).show(state);
      if (name === 'busy') await panel.page.locator('.chart').press('ArrowLeft');
      await panel.page.screenshot({ path: join(folder, `usage-${name}-${theme}-${width}.png`) });
      if (panel.problems.length > 0) console.log(name, theme, width, panel.problems);
      await panel.close();
    }
  }
}
await browser.close();
