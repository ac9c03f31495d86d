/** The ring below the composer: how full the windows are with what is sent next. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { ContextFigures } from '../../src/protocol.ts';
import { eventually } from '../eventually.ts';
import { type PanelPage } from './harness.ts';
import { panelTest } from './panelTest.ts';
import { context, finished, fullContext, lane, paidContext, prompt, talk } from './samples.ts';

const wide = { width: 1180 };

describe('the context below the composer', () => {
  panelTest('says what is used, how much of it is history, and what it costs', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    await answerDraft(panel, { '1': context });
    await panel.shows('.context-line', /^342 of 1,024 tokens\s+70 % history\s+free$/);
    await answerDraft(panel, { '1': paidContext });
    await panel.shows('.context-line', /^~391 of 200,000 tokens\s+61 % history\s+≈ \$0\.0012$/);
  });

  panelTest('draws what is kept for the answer apart from what is used', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    await answerDraft(panel, { '1': context });
    const arc = async (name: string) => panel.page.locator(`.ring-${name}`).getAttribute('stroke-dasharray');
    await eventually(async () => assert.match((await arc('used')) ?? '', /^33\.39/));
    await eventually(async () => assert.match((await arc('reserved')) ?? '', /^39\.06/));
    const label = await panel.page.locator('.context-line').getAttribute('aria-label');
    assert.match(label ?? '', /^Demo: 342 of 1,024 tokens used, 400 kept free for the answer\. Show/);
  });

  panelTest(
    'takes figures away with the first key, and asks for new ones when it is quiet',
    async (panel) => {
      await panel.show({ prompt, lanes: [talk] });
      await answerDraft(panel, { '1': context });
      const before = (await panel.drafts()).length;
      await panel.page.getByRole('textbox', { name: /^Follow-up/ }).pressSequentially('Why?', { delay: 10 });
      await panel.shows('.context-line', /^…$/);
      await eventually(async () => assert.equal((await panel.drafts()).at(-1)?.text, 'Why?'));
      await eventually(async () =>
        assert.ok((await panel.drafts()).length - before < 4, 'not one for each key'),
      );
      // What comes late, for what was written before, is not shown.
      const drafts = await panel.drafts();
      await panel.send({
        type: 'contexts',
        contexts: { '1': { draft: drafts[0]?.draft ?? 0, figures: context } },
      });
      await panel.shows('.context-line', /^…$/);
      await answerDraft(panel, { '1': context });
      await panel.shows('.context-line', /^342/);
    },
  );

  panelTest('counts the form before the first run', async (panel) => {
    await panel.show({ prompt });
    await panel.page.getByRole('textbox', { name: /topic/ }).fill('bytes');
    await eventually(async () =>
      assert.deepEqual((await panel.drafts()).at(-1)?.values, { ...prompt.values, topic: 'bytes' }),
    );
    await answerDraft(panel, { '1': { ...context, missing: ['audience'] } });
    await panel.shows('.context-line', /^342 of 1,024 tokens \+ 1 variable/);
  });

  panelTest('warns of what does not fit, and says what to do', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    await answerDraft(panel, { '1': fullContext });
    await panel.shows('.context-warning', /too many for local\/demo.*Let older turns be left out/);
    await eventually(async () => assert.equal(await panel.page.locator('.context-too-long').count(), 1));
  });

  panelTest('says why it cannot count', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    const draft = (await panel.drafts()).at(-1)?.draft ?? 0;
    const problem = 'There is no local model "gone".';
    await panel.send({ type: 'contexts', contexts: { '1': { draft, figures: null, problem } } });
    await panel.shows('.context-line', /^not counted$/);
    await eventually(async () =>
      assert.equal(await panel.page.locator('.context-lane').getAttribute('title'), problem),
    );
  });

  panelTest(
    'tells every lane by itself, and opens on what each is made of',
    async (panel) => {
      const lanes = [
        lane('1', { run: finished }),
        lane('2', { run: finished, modelId: 'x/dear', model: null }),
      ];
      await panel.show({ prompt, lanes });
      await answerDraft(panel, { '1': context, '2': paidContext });
      await panel.shows('.context-line', /^Demo\s+34 %\s+dear\s+~1 %\s+≈ \$0\.0012 in 2 lanes$/);
      await panel.page.locator('.context-line').click();
      const rows = await panel.page.locator('.context-parts tbody tr').allInnerTexts();
      assert.deepEqual(
        rows.map((row) => row.split('\t').map((cell) => cell.trim())),
        [
          ['Prompt', '61 · 18 %', '61 · 16 %'],
          ['· System', '20 · 6 %', '20 · 5 %'],
          ['· User', '41 · 12 %', '41 · 10 %'],
          ['History', '240 · 70 %', '240 · 61 %'],
          ['Follow-up', '12 · 4 %', '12 · 3 %'],
          ['Around them', '29 · 8 %', '29 · 7 %'],
          ['Learned correction', '–', '+49'],
          ['Used', '342', '~391'],
          ['Kept for the answer', '400', '400'],
          ['Window', '1,024', '200,000'],
          ['Cost of the input', 'free', '$0.0012'],
          ['Cost at most', 'free', '$0.0072'],
        ],
      );
    },
    wide,
  );
});

/** Tells the figures of the newest draft. */
async function answerDraft(
  panel: PanelPage,
  contexts: Readonly<Record<string, ContextFigures>>,
): Promise<void> {
  const draft = (await panel.drafts()).at(-1)?.draft ?? 0;
  const views = Object.entries(contexts).map(([id, figures]) => [id, { draft, figures }] as const);
  await panel.send({ type: 'contexts', contexts: Object.fromEntries(views) });
}
