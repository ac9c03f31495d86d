/** Lanes in a real browser: what the user sees and does, and what the host is told. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Run } from '../../src/protocol.ts';
import { eventually } from '../eventually.ts';
import { type PanelPage } from './harness.ts';
import { panelTest } from './panelTest.ts';
import { failed, finished, lane, model, prompt, running, text, threeLanes, versionLanes } from './samples.ts';

const wide = { width: 1180 };
const other: Run = { ...running, id: 'run-2' };
const named = (place: number) => new RegExp(`^Lane ${place}:`);

describe('several lanes', () => {
  panelTest(
    'come back as they were looked at: the one that has it all, and the settings that are open',
    async (panel) => {
      await panel.show({ prompt, lanes: threeLanes });
      await panel.page.getByRole('button', { name: 'Expand this lane to full width' }).last().click();
      await panel.page
        .getByRole('region', { name: named(3) })
        .getByRole('button', { name: 'Settings' })
        .click();
      await panel.page.reload();
      await panel.show({ prompt, lanes: threeLanes });
      await eventually(async () => assert.equal(await panel.page.locator('.lane:visible').count(), 1));
      await eventually(async () =>
        assert.equal(await panel.page.getByRole('dialog', { name: /^Settings of/ }).count(), 1),
      );
    },
    wide,
  );

  panelTest(
    'stream at once, each its own run, in one message',
    async (panel) => {
      await panel.show({ prompt, lanes: [lane('1', { run: running }), lane('2', { run: other })] });
      await panel.send({
        type: 'run-events',
        runs: [
          { runId: 'run-1', events: [text('left')] },
          { runId: 'run-2', events: [text('right')] },
        ],
      });
      await panel.shows('[data-lane="1"] .markdown', /^left$/);
      await panel.shows('[data-lane="2"] .markdown', /^right$/);
      await panel.shows('[role=status]', /^2 models are answering\.$/);
    },
    wide,
  );

  panelTest(
    'run and stop together and one by one',
    async (panel) => {
      const lanes = [lane('1', { run: finished }), lane('2', { run: other })];
      await panel.show({ prompt, lanes });
      await panel.page
        .getByRole('region', { name: named(1) })
        .getByRole('button', { name: 'Run this lane' })
        .click();
      await panel.page
        .getByRole('region', { name: named(2) })
        .getByRole('button', { name: 'Stop this lane' })
        .click();
      await panel.page.getByRole('button', { name: 'Stop all' }).click();
      await panel.page.keyboard.press('Shift+Enter');
      const { values } = prompt;
      await eventually(async () =>
        assert.deepEqual((await panel.posted()).slice(1), [
          { type: 'run', values, laneId: '1' },
          { type: 'stop', laneId: '2' },
          { type: 'stop' },
          { type: 'run', values },
        ]),
      );
    },
    wide,
  );

  panelTest(
    'fail alone: the others show their answers and figures',
    async (panel) => {
      const problem = { message: 'There is no provider "nobody".', missing: [] };
      await panel.show({
        prompt,
        lanes: [
          lane('1', { run: finished }),
          lane('2', { run: { ...failed, id: 'run-2' } }),
          lane('3', { modelId: 'nobody/nothing', model: null, problem }),
        ],
      });
      await panel.shows('[data-lane="1"] .footer', /TTFT 412 ms/);
      await panel.shows('[data-lane="2"] [role=alert]', /The connection to api\.example\.com broke/);
      await panel.shows('[data-lane="3"] [role=alert]', /Not run[^]*no provider "nobody"/);
      await eventually(async () =>
        assert.equal(await panel.page.locator('[data-lane="1"] [role=alert]').count(), 0),
      );
    },
    wide,
  );

  panelTest(
    'that have all ended say in words which is best at what',
    async (panel) => {
      await panel.show({ prompt, lanes: threeLanes });
      await eventually(async () =>
        assert.deepEqual(await marksIn(panel), ['', 'Fastest Shortest', 'Cheapest']),
      );
      await panel.send({ type: 'lane', laneId: '1', lane: { run: running } });
      await eventually(async () => assert.equal(await panel.page.locator('.lane-marks').count(), 0));
    },
    wide,
  );

  panelTest(
    'are added, duplicated, closed, swept and compared by the host',
    async (panel) => {
      await panel.show({ prompt, lanes: threeLanes });
      const second = panel.page.getByRole('region', { name: named(2) });
      await panel.page.getByRole('button', { name: 'Add a lane' }).click();
      await second.getByRole('button', { name: 'Duplicate' }).click();
      await second.getByRole('button', { name: 'Close this lane' }).click();
      await second.locator('.model-button').click();
      await second.getByRole('button', { name: 'Apply' }).click();
      await second.getByRole('button', { name: 'Reset' }).click();
      await second.getByRole('button', { name: /^Diff/ }).click();
      await panel.page.getByRole('toolbar').getByRole('button', { name: /^Diff/ }).click();
      await panel.page.getByRole('button', { name: /^Sweep/ }).click();
      await eventually(async () =>
        assert.deepEqual((await panel.posted()).slice(1), [
          { type: 'add-lane' },
          { type: 'duplicate-lane', laneId: '2' },
          { type: 'remove-lane', laneId: '2' },
          { type: 'choose-model', laneId: '2' },
          { type: 'apply-lane', laneId: '2' },
          { type: 'reset-lane', laneId: '2' },
          { type: 'diff', laneId: '2' },
          { type: 'diff' },
          { type: 'sweep', values: prompt.values },
        ]),
      );
    },
    wide,
  );

  panelTest(
    'say which version of the prompt they run, and let another be chosen',
    async (panel) => {
      await panel.show({ prompt, lanes: versionLanes });
      const versions = panel.page.locator('.version-button');
      await eventually(async () =>
        assert.deepEqual(await versions.allInnerTexts(), ['v1.3', '', '5eed5eed']),
      );
      await panel.page.getByRole('button', { name: 'Version: working copy' }).click();
      await eventually(async () =>
        assert.deepEqual((await panel.posted()).slice(1), [{ type: 'choose-version', laneId: '2' }]),
      );
      await panel.shows('[data-lane="3"] [role=alert]', /neither in git nor in the history/);
      await eventually(async () =>
        assert.equal(await panel.page.locator('[data-lane="1"] [role=alert]').count(), 0),
      );
    },
    wide,
  );

  panelTest(
    'that run a version differ from that, which Apply could not change',
    async (panel) => {
      const [first] = versionLanes;
      assert.ok(first);
      const warmer = { ...first, settings: { temperature: 1.2 } };
      await panel.show({ prompt: { ...prompt, settings: { temperature: 1.2 } }, lanes: [warmer] });
      await panel.shows('.badge-modified', /^Modified$/);
      await eventually(async () =>
        assert.equal(await panel.page.getByRole('button', { name: 'Apply', exact: true }).count(), 0),
      );
      await panel.page.getByRole('button', { name: 'Reset' }).click();
      await eventually(async () =>
        assert.deepEqual((await panel.posted()).slice(1), [{ type: 'reset-lane', laneId: '1' }]),
      );
    },
    wide,
  );

  panelTest(
    'are copied as a Markdown table',
    async (panel) => {
      await panel.show({ prompt, lanes: threeLanes });
      await panel.page.getByRole('button', { name: /Markdown table/ }).click();
      const table = await panel.page.evaluate<string>('navigator.clipboard.readText()');
      assert.equal(table.split('\n').length, 5);
      assert.match(table, /^\| Model \| TTFT \|.*\n\| ---.*\n\| local\/demo, temperature 0\.7 \| 412 ms \|/);
    },
    wide,
  );

  panelTest(
    'are 360 px wide at least and scroll sideways; one can have it all',
    async (panel) => {
      await panel.show({ prompt, lanes: threeLanes });
      const widths = () =>
        panel.page.evaluate<number[]>(
          "[...document.querySelectorAll('.lane')].map((lane) => lane.offsetWidth)",
        );
      await eventually(async () => assert.deepEqual(await widths(), [360, 360, 360]));
      await panel.page
        .getByRole('region', { name: named(1) })
        .getByRole('button', { name: 'Expand' })
        .click();
      await eventually(async () => assert.deepEqual(await widths(), [700, 0, 0]));
      await panel.page.getByRole('button', { name: 'Back to all lanes' }).click();
      await eventually(async () => assert.deepEqual(await widths(), [360, 360, 360]));
    },
    { width: 700 },
  );

  panelTest(
    'scroll together when asked to, and by themselves else',
    async (panel) => {
      const long: Run = { ...finished, text: 'line\n\n'.repeat(80) };
      await panel.show({
        prompt,
        lanes: [lane('1', { run: long }), lane('2', { run: { ...long, id: 'b' } })],
      });
      const tops = () =>
        panel.page.evaluate<number[]>(
          "[...document.querySelectorAll('.scroller')].map((each) => Math.round(each.scrollTop))",
        );
      await panel.page.locator('[data-lane="1"] .scroller').hover();
      await panel.page.mouse.wheel(0, 200);
      await eventually(async () => assert.deepEqual(await tops(), [200, 0]));
      await panel.page.getByRole('button', { name: 'Scroll lanes together' }).click();
      await panel.page.locator('[data-lane="2"] .scroller').hover();
      await panel.page.mouse.wheel(0, 300);
      await eventually(async () => assert.deepEqual(await tops(), [300, 300]));
    },
    wide,
  );

  panelTest(
    'share one form',
    async (panel) => {
      await panel.show({
        prompt: { ...prompt, values: {} },
        lanes: [lane('1'), lane('2')],
        problem: { message: 'Give a value to “topic”, then run.', missing: ['topic'] },
      });
      await panel.page.getByRole('textbox', { name: /topic/ }).fill('tokens');
      await panel.page.keyboard.press('Control+Enter');
      await eventually(async () =>
        assert.deepEqual((await panel.posted()).at(-1), {
          type: 'run',
          values: { topic: 'tokens', sentences: 3, audience: 'engineer' },
        }),
      );
    },
    wide,
  );
});

describe('one lane', () => {
  panelTest('offers to compare, and nothing that only several need', async (panel) => {
    await panel.show({ prompt, run: finished });
    await panel.page.getByRole('button', { name: 'Compare' }).click();
    await eventually(async () => assert.deepEqual((await panel.posted()).at(-1), { type: 'add-lane' }));
    for (const name of [/^Close this lane/, /^Expand/, /^Diff/, /^Scroll lanes/])
      await eventually(async () => assert.equal(await panel.page.getByRole('button', { name }).count(), 0));
  });

  panelTest('that differs from the file says so and can be written back', async (panel) => {
    await panel.show({ prompt, lanes: [lane('1', { settings: { temperature: 1.2 } })] });
    await panel.shows('.lane-header', /Modified\s+Apply\s+Reset/);
    await eventually(async () =>
      assert.match((await panel.page.getByText('Modified').getAttribute('title')) ?? '', /temperature/),
    );
    await panel.show({ prompt, lanes: [lane('1', { settings: { temperature: 0.7 } })] });
    await eventually(async () => assert.equal(await panel.page.getByText('Modified').count(), 0));
  });
});

describe('the settings', () => {
  panelTest('are changed in the drawer, one message each, and marked until they are reset', async (panel) => {
    await panel.show({ prompt });
    await panel.page.getByRole('button', { name: 'Settings' }).click();
    const drawer = panel.page.getByRole('dialog', { name: 'Settings of Demo' });
    await drawer.getByLabel('Top-p', { exact: true }).fill('0.5');
    await drawer.getByLabel('Stop', { exact: true }).fill('END\n\\n\\n');
    await drawer.getByLabel('Max output tokens').fill('');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), {
        type: 'set-settings',
        laneId: '1',
        settings: { topP: 0.5, stop: ['END', '\n\n'], maxOutputTokens: null },
      }),
    );
    await eventually(async () =>
      assert.equal(await drawer.getByRole('img', { name: 'differs from the file' }).count(), 3),
    );
    await drawer.getByRole('button', { name: 'Back to the file: 400' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), {
        type: 'set-settings',
        laneId: '1',
        settings: { topP: 0.5, stop: ['END', '\n\n'] },
      }),
    );
  });

  panelTest('are set together by a preset', async (panel) => {
    await panel.show({ prompt });
    await panel.page.getByRole('button', { name: 'Settings' }).click();
    await panel.page.getByRole('button', { name: 'Code' }).click();
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), {
        type: 'set-settings',
        laneId: '1',
        settings: { temperature: 0.2, topP: 0.9 },
      }),
    );
    await panel.page.getByRole('button', { name: 'Code', pressed: true }).waitFor();
  });

  panelTest('that the model does not take are not shown, and it says which', async (panel) => {
    const capabilities = { ...model.capabilities, topK: false, minP: false, temperature: false };
    await panel.show({ prompt, lanes: [lane('1', { model: { ...model, capabilities } })] });
    await eventually(async () =>
      assert.equal(await panel.page.getByRole('textbox', { name: 'Temperature' }).count(), 0),
    );
    await panel.page.getByRole('button', { name: 'Settings' }).click();
    await panel.shows(
      '.drawer',
      /Temperature: Demo does not take it\.[^]*Top-k, Min-p, Reasoning effort: Demo does not take them\./,
    );
  });

  panelTest('refuse what is out of range and say what is in it', async (panel) => {
    await panel.show({ prompt });
    const box = panel.page.getByRole('textbox', { name: 'Temperature' });
    await box.fill('9');
    await eventually(async () =>
      assert.deepEqual(
        [await box.getAttribute('aria-invalid'), await box.getAttribute('title')],
        ['true', 'Write a number from 0 to 2.'],
      ),
    );
    await eventually(async () => assert.equal((await panel.posted()).length, 1));
    await box.fill('0.');
    await box.pressSequentially('5');
    await eventually(async () => assert.equal(await box.inputValue(), '0.5'));
    await box.press('ArrowUp');
    await eventually(async () =>
      assert.deepEqual((await panel.posted()).at(-1), {
        type: 'set-settings',
        laneId: '1',
        settings: { temperature: 0.55 },
      }),
    );
  });

  panelTest('close with Escape, which stops nothing, and give the keyboard back', async (panel) => {
    await panel.show({ prompt, run: running });
    await panel.page.getByRole('button', { name: 'Settings' }).focus();
    await panel.page.keyboard.press('Enter');
    await panel.page.getByRole('dialog').waitFor();
    await panel.page.keyboard.press('Escape');
    await eventually(async () => assert.equal(await panel.page.getByRole('dialog').count(), 0));
    await eventually(async () => assert.equal((await panel.posted()).length, 1));
    const focused = "document.activeElement.getAttribute('aria-label')";
    await eventually(async () => assert.equal(await panel.page.evaluate(focused), 'Settings'));
  });
});

async function marksIn(panel: PanelPage): Promise<readonly string[]> {
  const lanes = await panel.page.locator('.lane').all();
  return Promise.all(
    lanes.map(async (each) => (await each.locator('.lane-marks > *').allInnerTexts()).join(' ')),
  );
}
