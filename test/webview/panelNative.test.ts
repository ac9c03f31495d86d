/** What makes the panel at home in the editor: context menus, files that are dropped, the place where one was reading. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { eventually } from '../eventually.ts';
import type { PanelPage } from './harness.ts';
import { panelTest } from './panelTest.ts';
import { answer, finished, lane, prompt, running, talk, text } from './samples.ts';

const long = `${answer}\n\n`.repeat(20);

describe('the panel in the editor', () => {
  panelTest('tells the context menu which message is under the pointer', async (panel) => {
    await panel.show({ prompt, lanes: [talk] });
    await panel.page.locator('.newest').waitFor();
    const contexts = () => panel.page.evaluate<Record<string, unknown>[]>(contextsOfMessages);
    await eventually(async () => {
      const all = await contexts();
      assert.deepEqual(all.at(-1), {
        promptUri: prompt.uri,
        laneId: '1',
        webviewSection: 'message',
        messageId: talk.message?.id,
        isAnswer: true,
        canRetry: true,
        canDelete: true,
      });
      assert.deepEqual(
        all.map(({ messageId }) => messageId),
        [...talk.turns.map(({ id }) => id), talk.message?.id],
      );
    });
  });

  panelTest('names the keys of a Mac where one sits in front of it', async (panel) => {
    const finds = async () => {
      await panel.show({ prompt, lanes: [lane('1')] });
      await panel.page.keyboard.press('?');
      await panel.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      return panel.page.getByRole('row', { name: 'Find in the conversation' }).innerText();
    };
    assert.match(await finds(), /^Ctrl\s*F/);
    await panel.page.addInitScript("Object.defineProperty(navigator, 'platform', { value: 'MacIntel' })");
    await panel.page.reload();
    assert.match(await finds(), /^Cmd\s*F/);
  });

  panelTest('opens prompts that are dropped on it, but not on the composer', async (panel) => {
    await panel.show({ prompt, lanes: [lane('1', { run: finished })] });
    const drop = (selector: string, uris: string) =>
      panel.page.evaluate(`(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.setData('application/vnd.code.uri-list', ${JSON.stringify(uris)});
        const dropped = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
        document.querySelector(${JSON.stringify(selector)}).dispatchEvent(dropped);
      })()`);
    await drop('.answer-text', 'file:///w/a.prompt\r\nfile:///w/notes.md');
    await drop('.composer textarea', 'file:///w/b.prompt');
    await drop('.answer-text', 'file:///w/notes.md');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [
        { type: 'open-prompts', uris: ['file:///w/a.prompt'] },
        { type: 'attach-files', uris: ['file:///w/b.prompt'] },
      ]),
    );
  });

  panelTest('comes back where one was reading', async (panel) => {
    const lanes = [lane('1', { run: { ...finished, text: long } })];
    await panel.show({ prompt, lanes });
    await panel.page.locator('.answer-text').waitFor();
    await readAt(panel, 300);
    await panel.page.reload();
    await panel.show({ prompt, lanes });
    await eventually(async () => assert.ok(Math.abs((await scrollTop(panel)) - 300) < 20));
  });

  panelTest(
    'leaves a reader alone who had left the end of an answer that is still written',
    async (panel) => {
      const lanes = [lane('1', { run: { ...running, text: long } })];
      await panel.show({ prompt, lanes });
      await eventually(async () => assert.ok((await scrollTop(panel)) > 500, 'it follows the end'));
      await readAt(panel, 200);
      await panel.page.reload();
      await panel.show({ prompt, lanes });
      await panel.send({
        type: 'run-events',
        runs: [{ runId: running.id, events: [text(`\n\n${long}`)] }],
      });
      await panel.shows('.to-end', /Jump to end/);
      await eventually(async () => assert.ok(Math.abs((await scrollTop(panel)) - 200) < 20));
    },
  );
});

/** What the menu is told at each message: what stands at it and around it, the inner before the outer. */
const contextsOfMessages = `[...document.querySelectorAll('.turn, .newest')].map((message) => {
  let joined = {};
  for (let at = message; at; at = at.parentElement)
    joined = { ...JSON.parse(at.dataset.vscodeContext ?? '{}'), ...joined };
  return joined;
})`;

function scrollTop({ page }: PanelPage): Promise<number> {
  return page.evaluate<number>('document.querySelector(".scroller").scrollTop');
}

/** Scrolls there, once the text is long enough, and stays until the page has written down where one is. */
async function readAt({ page }: PanelPage, top: number): Promise<void> {
  await page.evaluate(`document.querySelector(".scroller").scrollTo({ top: ${top} })`);
  await eventually(async () => {
    const state = await page.evaluate<{ scrolls: Readonly<Record<string, number>> }>(
      "JSON.parse(sessionStorage.getItem('state'))",
    );
    assert.ok(Math.abs((state.scrolls['1'] ?? 0) - top) < 20);
  });
}
