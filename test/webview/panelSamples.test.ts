/** A lane that runs its prompt several times at once, in a real browser. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Run } from '../../src/protocol.ts';
import { eventually } from '../eventually.ts';
import { panelTest } from './panelTest.ts';
import { finished, lane, prompt, running, text } from './samples.ts';

const sample = (id: string, answer: string): Run => ({ ...finished, id, text: answer });
const [one, two, three] = [sample('a', 'Yes.'), sample('b', 'No.'), sample('c', 'Yes.')];
const ended = { runs: [one, two, three], pending: 0 };

describe('samples', () => {
  panelTest('say how many are identical, and show those that differ one by one', async (panel) => {
    await panel.show({ prompt, lanes: [lane('1', { run: one, samples: ended })] });
    await panel.shows('.samples-words', /^2 of 3 identical$/);
    await panel.shows('.samples-bar', /1\/2/);
    await panel.page.getByRole('button', { name: 'Next answer (Alt+Down)' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [{ type: 'show-sample', laneId: '1', runId: 'b' }]),
    );
    await panel.send({ type: 'lane', laneId: '1', lane: { run: two } });
    await panel.shows('.markdown', /^No\.$/);
    await panel.shows('.samples-bar', /2\/2/);
    await panel.page.getByRole('region', { name: 'Newest answer' }).press('Alt+ArrowUp');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), { type: 'show-sample', laneId: '1', runId: 'a' }),
    );
  });

  panelTest('that differ can be held against each other', async (panel) => {
    await panel.show({ prompt, lanes: [lane('1', { run: one, samples: ended })] });
    await panel.page.getByRole('button', { name: /^Diff/ }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).slice(1), [{ type: 'diff', laneId: '1' }]),
    );
    await panel.show({
      prompt,
      lanes: [lane('1', { run: one, samples: { runs: [one, three], pending: 0 } })],
    });
    await panel.shows('.samples-words', /^All 2 identical$/);
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('button', { name: /^Diff/ }).count(), 0),
    );
  });

  panelTest('stream behind the one that is shown, and are told when they have ended', async (panel) => {
    const first: Run = { ...running, id: 'a' };
    const second: Run = { ...running, id: 'b' };
    const pending = { runs: [first], pending: 1 };
    await panel.show({ prompt, lanes: [lane('1', { run: first, samples: pending })] });
    await panel.send({
      type: 'lane',
      laneId: '1',
      lane: {},
      samples: { runs: { from: 1, removed: 0, added: [second] }, pending: 0 },
    });
    const end = { type: 'end', outcome: { status: 'finished', reason: 'stop' } } as const;
    await panel.send({
      type: 'run-events',
      runs: [
        { runId: 'a', events: [text('Yes.'), { ...end, timing: { totalMs: 1 } }] },
        { runId: 'b', events: [text('Ye')] },
      ],
    });
    await panel.shows('.markdown', /^Yes\.$/);
    await panel.shows('.samples-words', /^1 of 2 answered$/);
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('button', { name: 'Stop', exact: true }).count(), 1),
    );
    await panel.send({
      type: 'run-events',
      runs: [{ runId: 'b', events: [text('s.'), { ...end, timing: { totalMs: 1 } }] }],
    });
    await panel.shows('.samples-words', /^All 2 identical$/);
    await panel.shows('[role=status]', /^All 2 identical\.$/);
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('button', { name: 'Run again' }).count(), 1),
    );
  });

  panelTest('are asked for in the settings, and the lane says how many it takes', async (panel) => {
    await panel.show({ prompt, lanes: [lane('1', { sampleCount: 3 })] });
    await panel.page.getByRole('button', { name: '×3' }).click();
    const box = panel.page.getByRole('spinbutton', { name: 'Samples' });
    await box.fill('5');
    await box.press('Enter');
    await eventually(async () =>
      assert.deepEqual(
        (await panel.posted()).filter(({ type }) => type === 'set-sample-count'),
        [{ type: 'set-sample-count', laneId: '1', count: 5 }],
      ),
    );
  });
});
