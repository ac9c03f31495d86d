/** `node test/webview/lookInspector.ts [state…]`: pictures of the token inspector in every theme, in test-results/. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../.ci/setup.mjs';
import { emptyInspector, type InspectorState } from '../../src/inspectorProtocol.ts';
import { launchBrowser, openPanel } from './harness.ts';
import { bundleInspector, InspectorPage, sample, SampleInspection } from './inspectorSamples.ts';
import type { ThemeName } from './themes.ts';

using sampled = new SampleInspection();
const state = await sampled.inspect(sample);
const added = ['anthropic/claude-sonnet-4-5', 'acme/nameless'];

interface Look {
  readonly state: InspectorState;
  readonly then?: (page: InspectorPage) => Promise<void>;
}

const looks: Readonly<Record<string, Look>> = {
  empty: { state: emptyInspector },
  columns: {
    state,
    then: ({ panel }) => panel.page.locator('.column:first-child [data-index="9"]').hover(),
  },
  costs: { state: await sampled.inspect(sample, { added }) },
  search: { state, then: ({ panel }) => panel.page.getByRole('searchbox').fill('able') },
  steps: {
    state,
    then: async (page) => {
      await page.panel.page.locator('.column:first-child [data-index="0"]').click();
      await page.answerSteps(sampled);
      for (let step = 0; step < 6; step++)
        await page.panel.page.getByRole('button', { name: 'One step', exact: true }).click();
    },
  },
};

const wanted = process.argv.slice(2);
const folder = join(root, 'test-results', 'look');
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
const bundle = await bundleInspector();
for (const theme of ['dark', 'light', 'contrast', 'contrastLight'] satisfies ThemeName[]) {
  for (const width of [480, 900]) {
    for (const [name, { state: shown, then }] of Object.entries(looks)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const panel = await openPanel(browser, bundle, { theme, width, height: 760 });
      const page = new InspectorPage(panel);
      await page.show(shown);
      await then?.(page);
      await panel.page.screenshot({ path: join(folder, `inspector-${name}-${theme}-${width}.png`) });
      if (panel.problems.length > 0) console.log(name, theme, width, panel.problems);
      await panel.close();
    }
  }
}
await browser.close();
