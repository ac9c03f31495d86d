/** A panel whose extension host does not answer, and the one that takes its place. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { emptyPanel, protocolVersion } from '../../src/protocol.ts';
import { beatMs, patience } from '../../webview/heartbeat.ts';
import { eventually } from '../eventually.ts';
import type { PanelPage } from './harness.ts';
import { panelTest } from './panelTest.ts';
import { finished, lane, prompt, running } from './samples.ts';

describe('a panel whose host does not answer', () => {
  panelTest(
    'says so once it has waited, keeps what is written, and takes it back on an answer',
    async (panel) => {
      await withOwnClock(panel);
      await panel.show({ prompt, run: running });
      await panel.page.clock.runFor(20 * beatMs);
      await eventually(async () => assert.equal(await notice(panel).count(), 0));

      await panel.page.evaluate('host.isThere = false');
      await panel.page.clock.runFor((patience + 1) * beatMs);
      await eventually(async () => assert.match(await notice(panel).innerText(), /does not answer/));
      await panel.page.getByRole('textbox', { name: 'Follow-up' }).fill('And then?');
      await eventually(async () => {
        const kept = await keptByLink(panel);
        assert.deepEqual([kept.promptUri, kept.followUp], [prompt.uri, 'And then?']);
      });

      await panel.page.evaluate('host.isThere = true');
      await panel.page.clock.runFor(beatMs + 100);
      await eventually(async () => assert.equal(await notice(panel).count(), 0));
      assert.equal(await panel.page.getByRole('textbox', { name: 'Follow-up' }).inputValue(), 'And then?');
    },
  );

  panelTest('a page takes over what another had kept, below what is written in it', async (panel) => {
    const state = { ...emptyPanel, prompt, lanes: [lane('1', { run: finished })] };
    const kept = {
      promptUri: prompt.uri,
      followUp: 'from before',
      drafts: { topic: 'batching' },
      answerMode: 'raw',
    };
    await panel.send({ type: 'snapshot', protocol: protocolVersion, state, kept });
    const followUp = panel.page.getByRole('textbox', { name: 'Follow-up' });
    await eventually(async () => assert.equal(await followUp.inputValue(), 'from before'));
    const topic = panel.page.getByRole('textbox', { name: /topic/ });
    await eventually(async () => assert.equal(await topic.inputValue(), 'batching'));
    await followUp.fill('written since');
    await panel.send({ type: 'snapshot', protocol: protocolVersion, state, kept });
    await eventually(async () => assert.equal(await followUp.inputValue(), 'written since\n\nfrom before'));
    await eventually(async () =>
      assert.equal((await panel.drafts()).at(-1)?.text, 'written since\n\nfrom before'),
    );
  });
});

/** Loads the panel anew on a clock that only the test moves. */
async function withOwnClock({ page }: PanelPage): Promise<void> {
  await page.clock.install();
  await page.reload();
}

function notice({ page }: PanelPage) {
  return page.locator('.silent-host');
}

/** What the link to another panel hands over. */
async function keptByLink(panel: PanelPage): Promise<{ promptUri?: string; followUp?: string }> {
  const href = await notice(panel).getByRole('link').getAttribute('href');
  const [, json] = /^command:llmPlayground\.reopenPanel\?(.*)$/.exec(href ?? '') ?? [];
  const [kept] = JSON.parse(decodeURIComponent(json ?? '[{}]')) as [
    { promptUri?: string; followUp?: string },
  ];
  return kept;
}
