import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { bundlePanel, launchBrowser, openPanel, type PanelOptions, type PanelPage } from './harness.ts';

let opened: ReturnType<typeof open> | undefined;
after(async () => (await opened)?.browser.close());

/** A test with a panel of its own. Whatever it does, the page must not throw or break its policy. */
export function panelTest(
  name: string,
  body: (panel: PanelPage) => Promise<void>,
  options: PanelOptions = {},
): void {
  void test(name, async () => {
    const { browser, bundle } = await (opened ??= open());
    const panel = await openPanel(browser, bundle, options);
    try {
      await body(panel);
      assert.deepEqual(panel.problems, []);
    } finally {
      await panel.close();
    }
  });
}

async function open() {
  const [browser, bundle] = await Promise.all([launchBrowser(), bundlePanel()]);
  return { browser, bundle };
}
