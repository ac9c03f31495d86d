/** Long conversations in a real browser: only what is new is drawn, and earlier messages come when they are asked for. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { emptyPanel, protocolVersion, type HostMessage, type TurnView } from '../../src/protocol.ts';
import { eventually } from '../eventually.ts';
import { panelTest } from './panelTest.ts';
import { answer, finished, lane, prompt, running } from './samples.ts';

describe('a long conversation', () => {
  panelTest('is not drawn again while its newest answer streams', async (panel) => {
    await panel.show({ prompt, lanes: [{ ...lane('1'), turns: turns(0, 50), earlier: 950, run: running }] });
    await eventually(async () => assert.equal(await panel.page.locator('.turn').count(), 50));
    await panel.page.evaluate(`
      window.changes = 0;
      const observer = new MutationObserver((records) => (window.changes += records.length));
      observer.observe(document.querySelector('.turns'), { childList: true, characterData: true, attributes: true, subtree: true });
    `);
    for (const text of ['Some', ' more', ' words']) {
      await panel.send({
        type: 'run-events',
        runs: [{ runId: running.id, events: [{ type: 'text', text }] }],
      });
    }
    await panel.shows('.answer-text', /Some more words/);
    await eventually(async () => assert.equal(await panel.page.evaluate('window.changes'), 0));
    await panel.page.evaluate(`for (const turn of document.querySelectorAll('.turn')) turn.isOld = true`);
    const added = turns(50, 2);
    await panel.send({ type: 'lane', laneId: '1', lane: {}, turns: { from: 50, removed: 0, added } });
    await eventually(async () => assert.equal(await panel.page.locator('.turn').count(), 52));
    const kept = `[...document.querySelectorAll('.turn')].filter(({ isOld }) => isOld).length`;
    await eventually(async () => assert.equal(await panel.page.evaluate(kept), 50));
  });

  panelTest('is opened at its end, and what lies above is drawn after the first frame', async (panel) => {
    const chat = { id: 'c1', title: 'Tokens', system: null, fitting: { strategy: 'all' } } as const;
    await panel.show({ prompt, lanes: [lane('1')] });
    const opened = { ...lane('1'), turns: turns(950, 50), earlier: 950, run: finished };
    const snapshot: HostMessage = {
      type: 'snapshot',
      protocol: protocolVersion,
      state: { ...emptyPanel, prompt, chat, lanes: [opened] },
    };
    const first = await panel.page.evaluate<number>(`new Promise((done) => {
      host.send(${JSON.stringify([snapshot])});
      requestAnimationFrame(() => done(document.querySelectorAll('.turn').length));
    })`);
    assert.ok(first > 0 && first < 10, `${first} turns in the first frame`);
    await eventually(async () => assert.equal(await panel.page.locator('.turn').count(), 50));
    const below = "(s => s.scrollHeight - s.scrollTop - s.clientHeight)(document.querySelector('.scroller'))";
    await eventually(async () => assert.ok((await panel.page.evaluate<number>(below)) < 2));
    const firstTurn = panel.page.locator('.turn').first();
    await eventually(async () => assert.match(await firstTurn.innerText(), /^Question 950/));
  });

  panelTest('is opened at its end also where another was come back to', async (panel) => {
    const conversation = (id: string) => ({
      prompt,
      chat: { id, title: id, system: null, fitting: { strategy: 'all' as const } },
      lanes: [{ ...lane('1'), turns: turns(0, 20), run: finished }],
    });
    const top = "document.querySelector('.scroller').scrollTop";
    await panel.show(conversation('c1'));
    await eventually(async () => assert.equal(await panel.page.locator('.turn').count(), 20));
    await panel.page.evaluate(`void (${top} = 300)`);
    await eventually(async () =>
      assert.match(
        await panel.page.evaluate<string>("sessionStorage.getItem('state')"),
        /"scrolls":{"1":300}/,
      ),
    );
    await panel.page.reload();
    await panel.show(conversation('c1'));
    await eventually(async () => assert.equal(await panel.page.evaluate(top), 300));
    await panel.show(conversation('c2'));
    const below = "(s => s.scrollHeight - s.scrollTop - s.clientHeight)(document.querySelector('.scroller'))";
    await eventually(async () => assert.ok((await panel.page.evaluate<number>(below)) < 2));
  });

  panelTest('shows earlier messages when asked, and leaves the reader where they were', async (panel) => {
    await panel.show({
      prompt,
      lanes: [{ ...lane('1'), turns: turns(50, 50), earlier: 50, run: finished }],
    });
    const more = panel.page.getByRole('button', { name: 'Show earlier messages (50)' });
    await more.click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), { type: 'show-earlier', laneId: '1' }),
    );
    const question = panel.page.getByText('Question 50', { exact: true });
    const place = async () => Math.round((await question.boundingBox())?.y ?? 0);
    const then = await place();
    await panel.send({
      type: 'lane',
      laneId: '1',
      lane: { earlier: 0 },
      turns: { from: 0, removed: 0, added: turns(0, 50) },
    });
    await eventually(async () => assert.equal(await more.count(), 0));
    // The button above is gone, and what was read has stayed within its height.
    await eventually(async () =>
      assert.ok(Math.abs((await place()) - then) <= 2, `${then} ${await place()}`),
    );
    await eventually(async () => assert.equal(await panel.page.locator('.turn').count(), 100));
  });
});

function turns(from: number, count: number): TurnView[] {
  return Array.from({ length: count }, (_, offset) => {
    const at = from + offset;
    const place = { id: `m${at}`, siblings: [`m${at}`], parts: [], at: 1_795_000_000_000 + at };
    return at % 2 === 0
      ? { ...place, role: 'user', text: `Question ${at}`, answer: null }
      : {
          ...place,
          role: 'assistant',
          text: answer,
          answer: {
            modelId: 'local/demo',
            outcome: { status: 'finished', reason: 'stop' },
            reasoning: '',
            toolCalls: [],
          },
        };
  });
}
