/** The Usage view's page in a real browser. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually } from '../eventually.ts';
import { launchBrowser, openPanel } from './harness.ts';
import { bundleUsage, busyState, emptyState, totals, UsagePage } from './usageSamples.ts';

const browser = await launchBrowser();
const bundle = await bundleUsage();
after(() => browser.close());

/** A test with a page of its own. Whatever it does, the page must not throw or break its policy. */
function usageTest(name: string, body: (page: UsagePage) => Promise<void>): void {
  void test(name, async () => {
    const panel = await openPanel(browser, bundle, { width: 420 });
    try {
      await body(new UsagePage(panel));
      assert.deepEqual(panel.problems, []);
    } finally {
      await panel.close();
    }
  });
}

usageTest('nothing that was run says what to do', async (page) => {
  await page.show(emptyState);
  await page.panel.shows('#root', /Nothing has been run yet\. Run a prompt/);
});

usageTest('a history that cannot be read says so', async (page) => {
  await page.show({ ...emptyState, problem: 'The history cannot be read.' });
  await page.panel.shows('.problem', /^The history cannot be read\.$/);
});

usageTest('the totals tell today from the month and from all, and what has no known cost', async (page) => {
  await page.show(busyState);
  await page.panel.shows(
    '.totals',
    /Today\s+Month\s+All[^]*Cost\s+\$0\.1834\s+\$4\.21 \+ \?\s+\$31\.70 \+ \?/,
  );
  await page.panel.shows('.note', /3 runs have no known cost and are not in the sums/);
  await eventually(async () =>
    assert.equal(await page.panel.page.locator('.totals [title="1,204,551"]').count(), 1),
  );
});

usageTest('the month’s budget is a bar with its words', async (page) => {
  await page.show(busyState);
  await page.panel.shows('.budget', /\$4\.21 of \$5\.00 this month · 84 %/);
  await eventually(async () =>
    assert.equal(await page.panel.page.locator('progress').getAttribute('value'), '0.842'),
  );
});

usageTest('the arrow keys read the days out, and a table stands behind the bars', async (page) => {
  await page.show(busyState);
  const { page: browserPage } = page.panel;
  const chart = browserPage.getByRole('slider', { name: 'Cost by day' });
  await chart.press('ArrowLeft');
  await eventually(async () =>
    assert.match((await chart.getAttribute('aria-valuetext')) ?? '', /^2026-11-24: 5 runs, /),
  );
  await chart.press('Home');
  await page.panel.shows('section[aria-label="By day"] .readout', /^2026-10-26: no runs$/);
  await chart.press('ArrowLeft');
  await eventually(async () => assert.equal(await chart.getAttribute('aria-valuenow'), '1'));
  await browserPage.getByText('As a table').first().click();
  const rows = browserPage.locator('.days tbody tr');
  await eventually(async () =>
    assert.equal(await rows.count(), busyState.days.filter(({ runs }) => runs > 0).length),
  );
  await eventually(async () =>
    assert.match(await rows.first().innerText(), /^2026-11-24\s+5\s+5,310\s+9,310\s+\$0\.2125$/),
  );
});

usageTest('the bars show what is chosen', async (page) => {
  await page.show(busyState);
  const { page: browserPage } = page.panel;
  await browserPage.getByRole('button', { name: 'Runs' }).first().click();
  await page.panel.shows('.chart-most', /^13$/);
  await eventually(async () =>
    assert.equal(
      await browserPage.getByRole('button', { name: 'Runs' }).getAttribute('aria-pressed'),
      'true',
    ),
  );
});

usageTest('another time is asked of the host, and a prompt is opened by it', async (page) => {
  await page.show(busyState);
  await page.panel.page.getByRole('combobox', { name: 'Time' }).selectOption('7d');
  await page.panel.page.getByText('As a table').last().click();
  await page.panel.page.getByRole('button', { name: 'summarize.prompt' }).click();
  await eventually(async () =>
    assert.deepEqual(await page.posted(), [
      { type: 'ready' },
      { type: 'range', range: '7d' },
      { type: 'open', uri: 'file:///home/me/prompts/summarize.prompt' },
    ]),
  );
});

usageTest('models and prompts are bars from the largest on, of what is chosen', async (page) => {
  await page.show(busyState);
  const { page: browserPage } = page.panel;
  const bars = async (name: string) =>
    (await browserPage.getByRole('listbox', { name }).locator('.group-bar').allInnerTexts()).map((text) =>
      text.split(/\s*\n\s*/),
    );
  await eventually(async () =>
    assert.deepEqual(await bars('Cost by model'), [
      ['anthropic/claude-sonnet-5', '$3.10'],
      ['openai/gpt-5', '$1.11'],
      ['mine/some-model-with-a-rather-long-name', '?'],
      ['local/demo', '$0'],
    ]),
  );
  const width = () =>
    browserPage.evaluate<string>("document.querySelectorAll('.group-track > span')[1].style.width");
  await eventually(async () => assert.match(await width(), /^35\.8/));
  await browserPage.getByRole('button', { name: 'Runs' }).click();
  await eventually(async () =>
    assert.deepEqual(
      (await bars('Runs by model')).map(([, runs]) => runs),
      ['90', '61', '59', '3'],
    ),
  );
  await eventually(async () => assert.deepEqual((await bars('Runs by prompt')).at(-1), ['(no file)', '11']));
});

usageTest('the arrow keys read the bars out, and Enter opens the prompt of one', async (page) => {
  await page.show(busyState);
  const { page: browserPage } = page.panel;
  const models = browserPage.getByRole('listbox', { name: 'Cost by model' });
  const read = (chart: string) =>
    browserPage.locator(`section[aria-label="${chart}"] [aria-selected="true"]`).getAttribute('aria-label');
  await models.press('ArrowDown');
  await models.press('ArrowDown');
  await eventually(async () =>
    assert.match((await read('By model')) ?? '', /^openai\/gpt-5: 61 runs, .*\$1\.11$/),
  );
  await eventually(async () => assert.equal(await models.getAttribute('aria-activedescendant'), 'model-1'));
  await models.press('ArrowDown');
  await page.panel.shows('section[aria-label="By model"] .readout', /^mine\/.*, cost unknown$/);
  const prompts = browserPage.getByRole('listbox', { name: 'Cost by prompt' });
  await prompts.press('End');
  await prompts.press('Enter');
  await prompts.press('Home');
  await prompts.press('Enter');
  await eventually(async () =>
    assert.deepEqual((await page.posted()).slice(1), [
      { type: 'open', uri: 'file:///home/me/prompts/summarize.prompt' },
    ]),
  );
});

usageTest('of many models the first eight are drawn, and the table has all', async (page) => {
  const models = Array.from({ length: 20 }, (_, at) => ({ ...totals({ cost: 20 - at }), key: `x/${at}` }));
  await page.show({ ...busyState, models });
  await page.panel.shows('section[aria-label="By model"] .readout', /12 more are in the table\.$/);
  const section = page.panel.page.locator('section[aria-label="By model"]');
  await eventually(async () => assert.equal(await section.locator('.group-bar').count(), 8));
  await eventually(async () => assert.equal(await section.locator('tbody tr').count(), 20));
});

usageTest('nothing stands out of a narrow side bar', async (page) => {
  await page.panel.page.setViewportSize({ width: 260, height: 900 });
  await page.show(busyState);
  await eventually(async () =>
    assert.ok(await page.panel.page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')),
  );
});
