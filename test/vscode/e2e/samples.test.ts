/** A lane that runs its prompt several times, at a service whose answers differ. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventStream, ReplayServer } from '../../support/replayServer.ts';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { panelOf, runByLens, writePrompts } from './answers.ts';

const answers = ['It rains today.', 'It rains today.', 'It snows today.', 'It rains today.'];
let asked = 0;
const service = await ReplayServer.start(({ path }) =>
  path.endsWith('/models')
    ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ data: [{ id: 'talker' }] }) }
    : eventStream(
        { model: 'talker', choices: [{ delta: { content: answers[asked++ % answers.length] } }] },
        { model: 'talker', choices: [{ delta: {}, finish_reason: 'stop' }] },
        '[DONE]',
      ),
);
after(() => service[Symbol.asyncDispose]());

const editor = packedEditor({
  settings: { 'llmPlayground.endpoints': [{ id: 'mine', baseUrl: `${service.url}/v1` }] },
  prepare: (folder) =>
    writePrompts(folder, { weather: '---\nmodel: mine/talker\n---\nHow is the weather?\n' }),
});

test('two samples of one lane that differ are shown in the diff editor', async () => {
  const panel = await runByLens(editor, 'weather.prompt', 'It rains today.');
  await panel.getByRole('button', { name: 'Settings' }).click();
  const samples = panel.getByRole('spinbutton', { name: 'Samples' });
  await samples.fill('3');
  await samples.press('Enter');
  // In a narrow panel the settings cover the answer.
  await panel.getByRole('button', { name: 'Close the settings' }).first().click();
  await panel.getByRole('button', { name: 'Run again' }).first().click();
  const sampled = await panelOf(editor, 'weather.prompt', '2 of 3 identical');
  await editor.workbench.screenshot('samples-paged');

  await sampled.getByRole('button', { name: 'Diff this answer' }).click();
  const diff = editor.workbench.page.locator('.monaco-diff-editor');
  await diff.waitFor();
  const tab = editor.workbench.page.locator('.tab.active', { hasText: '↔' });
  await eventually(async () =>
    assert.match(
      (await tab.getAttribute('aria-label')) ?? '',
      /mine\/talker, answer 1 of 2 ↔ mine\/talker, answer 2 of 2/,
    ),
  );
  // The words that differ are marked, on both sides.
  await eventually(async () => {
    assert.notEqual(await diff.locator('.char-delete').count(), 0);
    assert.notEqual(await diff.locator('.char-insert').count(), 0);
  });
  await editor.workbench.screenshot('samples-diff');
});
