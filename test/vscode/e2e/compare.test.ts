import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Frame, Locator } from 'playwright-core';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { goneFrom, panelOf, writeEndlessPrompts, writePrompts } from './answers.ts';

const editor = packedEditor({
  async prepare(folder) {
    await writeEndlessPrompts(folder, ['endless', 'kept']);
    await writePrompts(folder, {
      lanes:
        '---\n# kept as it is\nmodel: local/demo\nconfig:\n  temperature: 0.3 # calm\n---\nWhat is a {{topic}}?\n',
    });
  },
});

test('Compare above a file asks for a second model and opens both side by side', async () => {
  const { workbench } = editor;
  await workbench.open('lanes.prompt');
  await workbench.lens('Compare').click();
  await workbench.page.locator('.quick-input-list').getByText('local/demo').waitFor();
  await workbench.screenshot('compare-model-picker');
  await workbench.answer('local/demo');
  const panel = await panelOf(editor, 'lanes.prompt', 'Run all');
  await hasLanes(panel, 2);
});

test('three lanes run at once, each at its own temperature, and say which was best at what', async () => {
  const panel = await panelOf(editor, 'lanes.prompt', 'Run all');
  await lane(panel, 2).getByRole('button', { name: 'Duplicate this lane' }).click();
  await hasLanes(panel, 3);
  for (const [place, temperature] of [0, 0.5, 1.5].entries()) {
    await lane(panel, place + 1)
      .getByRole('textbox', { name: 'Temperature' })
      .fill(String(temperature));
  }
  await panel.getByRole('textbox', { name: /topic/ }).fill('token');
  await panel.getByRole('textbox', { name: /topic/ }).press('Shift+Enter');
  for (const place of [1, 2, 3]) await ended(panel, place);
  await eventually(async () =>
    assert.match(await lane(panel, 1).locator('.answer-text').innerText(), /token/i),
  );
  // The same answer in the same time is best at nothing.
  const answers = await panel.locator('.answer-text').allInnerTexts();
  if (new Set(answers).size > 1) await panel.locator('.lane-marks').first().waitFor();

  await editor.workbench.run('View: Toggle Maximize Editor Group');
  await editor.workbench.screenshot('compare-lanes');
  // Or the group of the files would be there without being seen.
  await editor.workbench.run('View: Toggle Maximize Editor Group');
});

test('the settings of a lane open beside it and take effect with its next run', async () => {
  const panel = await panelOf(editor, 'lanes.prompt', 'Run all');
  await lane(panel, 2).getByRole('button', { name: 'Settings' }).click();
  const drawer = panel.getByRole('dialog');
  await drawer.getByText('Advanced').click();
  await drawer.getByLabel('Max output tokens').fill('5');
  await editor.workbench.screenshot('compare-settings');
  await panel.page().keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  await lane(panel, 2).getByRole('button', { name: 'Run this lane' }).click();
  await lane(panel, 2).getByText('Cut off').waitFor();
  await eventually(async () => assert.equal(await lane(panel, 1).getByText('Cut off').count(), 0));
});

test('a lane of an unknown model fails alone', async () => {
  const panel = await panelOf(editor, 'lanes.prompt', 'Run all');
  await lane(panel, 3).locator('.model-button').click();
  await editor.workbench.page.locator('.quick-input-list').getByText('local/demo').waitFor();
  await editor.workbench.answer('local/nothing');
  await lane(panel, 3).getByText('local/nothing').first().waitFor();
  await panel.getByRole('button', { name: 'Run all' }).click();
  await lane(panel, 3).locator('.notice-error', { hasText: '"nothing"' }).waitFor();
  await ended(panel, 1);
  await ended(panel, 2, 'length');
  await editor.workbench.screenshot('compare-one-failed');
});

test('Diff shows two answers in the diff editor', async () => {
  const panel = await panelOf(editor, 'lanes.prompt', 'Run all');
  await lane(panel, 1).getByRole('button', { name: 'Diff this answer' }).click();
  await editor.workbench.page.locator('.monaco-diff-editor').waitFor();
  await editor.workbench.screenshot('compare-diff');
  await editor.workbench.run('View: Close Editor');
});

test('a lane is closed, and Apply writes what is in another into the file, to the byte', async () => {
  const panel = await panelOf(editor, 'lanes.prompt', 'Run all');
  await lane(panel, 3).getByRole('button', { name: 'Close this lane' }).click();
  await hasLanes(panel, 2);
  await lane(panel, 1).getByRole('textbox', { name: 'Temperature' }).fill('0.8');
  await lane(panel, 1).getByRole('button', { name: 'Apply' }).click();
  await lane(panel, 1).getByText('Modified').waitFor({ state: 'hidden' });
  await panel.getByRole('button', { name: 'lanes.prompt' }).click();
  await editor.workbench.editor('lanes.prompt').getByText('temperature: 0.8 # calm').waitFor();
  await editor.workbench.editor('lanes.prompt').getByText('# kept as it is').waitFor();
  await eventually(async () => assert.equal(await lane(panel, 2).getByText('Modified').count(), 1));
});

test('a sweep runs a lane for each value, and says how many samples are identical', async () => {
  const panel = await panelOf(editor, 'lanes.prompt', 'Run all');
  await panel.getByRole('button', { name: 'Sweep…' }).click();
  await editor.workbench.answer('Temperature');
  await editor.workbench.page.locator('.quick-input-widget', { hasText: '2/3' }).waitFor();
  await editor.workbench.answer('0, 1, 2');
  await editor.workbench.page.locator('.quick-input-widget', { hasText: '3/3' }).waitFor();
  await editor.workbench.answer('2');
  await hasLanes(panel, 3);
  for (const place of [1, 2, 3]) await ended(panel, place);
  await lane(panel, 1).locator('.samples-words', { hasText: 'All 2 identical' }).waitFor();
  for (const place of [2, 3])
    await lane(panel, place)
      .locator('.samples-words', { hasText: /identical|different/ })
      .waitFor();
  await editor.workbench.screenshot('compare-samples');
  const temperatures = panel.getByRole('textbox', { name: 'Temperature' });
  await eventually(async () =>
    assert.deepEqual(await Promise.all([0, 1, 2].map((index) => temperatures.nth(index).inputValue())), [
      '0',
      '1',
      '2',
    ]),
  );
});

test('one lane stops and the other goes on, also over a reload of the webview', async () => {
  const panel = await compareEndless('endless.prompt');
  await lane(panel, 1).locator('.answer-text', { hasText: 'One more word' }).waitFor();
  await lane(panel, 1).getByRole('button', { name: 'Stop this lane' }).click();
  await lane(panel, 1).locator('.badge-stopped').waitFor();
  await lane(panel, 2).locator('.answer-text', { hasText: 'One more word' }).waitFor();
  const before = await lengthIn(panel, 2);
  await editor.workbench.run('Developer: Reload Webviews');
  await goneFrom(panel);
  const again = await panelOf(editor, 'endless.prompt', 'One more word');
  assert.ok((await lengthIn(again, 2, before)) > before);
  await again.getByRole('button', { name: 'Stop all' }).click();
  await lane(again, 2).locator('.badge-stopped').waitFor();
  await lane(again, 1).locator('.badge-stopped').waitFor();
});

test('a reload of the window brings back the lanes and what they had answered', async () => {
  const panel = await compareEndless('kept.prompt');
  await lane(panel, 2).getByRole('textbox', { name: 'Temperature' }).fill('0.4');
  await panel.getByRole('button', { name: 'Stop all' }).click();
  await lane(panel, 1).locator('.badge-stopped').waitFor();
  await lane(panel, 2).locator('.badge-stopped').waitFor();
  // The editor writes down what it keeps a moment later.
  await panel.waitForTimeout(3_000);
  await editor.workbench.reload();
  await editor.workbench.open('kept.prompt');
  await editor.workbench.lens('Show panel').click();
  const again = await panelOf(editor, 'kept.prompt', 'Run all');
  await hasLanes(again, 2);
  await eventually(async () =>
    assert.equal(await lane(again, 2).getByRole('textbox', { name: 'Temperature' }).inputValue(), '0.4'),
  );
  await lane(again, 1).locator('.badge-stopped').waitFor();
});

/** Two lanes of a model that answers without an end, both asked. */
async function compareEndless(file: string): Promise<Frame> {
  await editor.workbench.open(file);
  await editor.workbench.lens('Show panel').click();
  const panel = await panelOf(editor, file, 'Run');
  await panel.getByRole('button', { name: 'Compare' }).click();
  await editor.workbench.page.locator('.quick-input-list').getByText('local/demo').waitFor();
  await editor.workbench.page.keyboard.press('Escape');
  await editor.workbench.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await eventually(async () => assert.equal(await panel.locator('.lane').count(), 1));

  await panel.getByRole('button', { name: 'Compare' }).click();
  await editor.workbench.answer('Enter a model id');
  await editor.workbench.page.locator('.quick-input-widget', { hasText: 'qwen3-0.6b.gguf' }).waitFor();
  await editor.workbench.page.keyboard.press('Enter');
  await hasLanes(panel, 2);
  await panel.getByRole('button', { name: 'Run all' }).click();
  await lane(panel, 1).locator('.badge-running').waitFor();
  return panel;
}

/** The lane at a place, from 1. */
function lane(panel: Frame, place: number): Locator {
  return panel.locator('.lane').nth(place - 1);
}

async function hasLanes(panel: Frame, count: number): Promise<void> {
  await panel.locator(`.lanes:has(> .lane:nth-child(${count}):last-child)`).waitFor();
}

async function ended(panel: Frame, place: number, reason = 'stop'): Promise<void> {
  await lane(panel, place).locator('.stats-line', { hasText: reason }).waitFor();
}

/** How many characters a lane has answered; waits until there are more than `atLeast`. */
async function lengthIn(panel: Frame, place: number, atLeast = 0): Promise<number> {
  for (let tries = 0; tries < 300; tries++) {
    const { length } = await lane(panel, place).locator('.answer-text').innerText();
    if (length > atLeast) return length;
    await panel.waitForTimeout(50);
  }
  throw new Error(`Lane ${place} has not answered more than ${atLeast} characters.`);
}
