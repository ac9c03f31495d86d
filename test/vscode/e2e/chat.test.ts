import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Frame, Locator } from 'playwright-core';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { panelOf, runByLens } from './answers.ts';

const editor = packedEditor();
const file = 'explain.prompt';

test('a follow-up is answered below the first answer', async () => {
  const panel = await runByLens(editor, file, 'Give a value to “topic”, then run.');
  await panel.getByRole('textbox', { name: /topic/ }).fill('tokenization');
  await panel.getByRole('textbox', { name: /topic/ }).press('Shift+Enter');
  await ended(lane(panel));
  await ask(panel, 'Why is that useful?');
  await panel.locator('.turn-user', { hasText: 'Why is that useful?' }).waitFor();
  await ended(lane(panel));
  await eventually(async () => assert.equal(await panel.locator('.turn-answer').count(), 1));
  await eventually(async () => assert.equal(await composer(panel).inputValue(), ''));
  await editor.workbench.run('View: Toggle Maximize Editor Group');
  await editor.workbench.screenshot('chat-follow-up');
  // Or the group of the files would be there without being seen.
  await editor.workbench.run('View: Toggle Maximize Editor Group');
});

test('an edited follow-up stands beside the old one, and both can be turned to', async () => {
  const panel = await panelOf(editor, file, 'Why is that useful?');
  await panel.locator('.turn-user').hover();
  await panel.getByRole('button', { name: 'Edit this message' }).click();
  await panel.getByRole('textbox', { name: 'Edit the message' }).fill('What is a token?');
  await panel.getByRole('button', { name: 'Save & run' }).click();
  await panel.locator('.turn-user .siblings', { hasText: '2/2' }).waitFor();
  await ended(lane(panel));
  await panel.locator('.turn-user').hover();
  await editor.workbench.screenshot('chat-edited');
  await panel
    .locator('.turn-user')
    .getByRole('button', { name: /^Previous version/ })
    .click();
  await panel.locator('.turn-user', { hasText: 'Why is that useful?' }).getByText('1/2').waitFor();
  await panel
    .locator('.turn-user')
    .getByRole('button', { name: /^Next version/ })
    .click();
  await panel.locator('.turn-user', { hasText: 'What is a token?' }).waitFor();
});

test('the newest answer is tried again', async () => {
  const panel = await panelOf(editor, file, 'What is a token?');
  const newest = panel.locator('.newest');
  await newest.hover();
  await newest.getByRole('button', { name: 'Try this answer again' }).click();
  await newest.locator('.siblings', { hasText: '2/2' }).waitFor();
  await ended(lane(panel));
});

test('a reload of the window brings the whole conversation back, and it goes on', async () => {
  // The editor writes down what it keeps a moment later.
  await editor.workbench.page.waitForTimeout(3_000);
  await editor.workbench.reload();
  await editor.workbench.open(file);
  await editor.workbench.lens('Show panel').click();
  const panel = await panelOf(editor, file, 'What is a token?');
  await panel.locator('.turn-user .siblings', { hasText: '2/2' }).waitFor();
  await panel.locator('.newest .siblings', { hasText: '2/2' }).waitFor();
  // Two branches and another try: the answers that are not shown count too.
  await panel.locator('.chat-usage[title*=" 4 runs: "]').waitFor();
  await ask(panel, 'And a prompt?');
  await panel.locator('.turn-user', { hasText: 'And a prompt?' }).waitFor();
  await ended(lane(panel));
  await panel
    .locator('.chat-usage[title*=" 5 runs: "]', { hasText: /^so far .* in · .* out · \$0$/ })
    .waitFor();
  await eventually(async () => assert.equal(await panel.locator('.turn').count(), 4));
});

test('what the composer says will be sent is what the answer reports', async () => {
  const panel = await panelOf(editor, file, 'And a prompt?');
  await composer(panel).fill('And what is a prompt?');
  const line = panel.locator('.context-line', { hasText: /^\d+ of 1,024 tokens/ });
  await line.click();
  await panel.locator('.context-parts').getByText('History').waitFor();
  // The figures that stood there before are of nothing written.
  await panel.locator('.context-parts').getByText('Follow-up').waitFor();
  const counted = /^(\d+) of/.exec(await line.innerText())?.[1];
  await editor.workbench.screenshot('chat-context');
  await line.click();
  await composer(panel).press('Enter');
  await panel.locator('.turn-user', { hasText: 'And what is a prompt?' }).waitFor();
  await ended(lane(panel));
  const reported = /in (\d+)/.exec(await panel.locator('.stats-line').innerText())?.[1];
  assert.equal(counted, reported);
});

test('a second lane is asked too, and answers by itself', async () => {
  const panel = await panelOf(editor, file, 'And a prompt?');
  await panel.getByRole('button', { name: 'Compare' }).click();
  await editor.workbench.page.locator('.quick-input-list').getByText('local/demo').waitFor();
  await editor.workbench.answer('local/demo');
  await panel.locator('.lane').nth(1).waitFor();
  // It joins the conversation with all that was said.
  await eventually(async () => assert.equal(await lane(panel, 2).locator('.turn').count(), 6));
  await panel.getByRole('button', { name: 'Run all' }).click();
  await panel.locator('.left-chat', { hasText: 'is kept in Conversations' }).waitFor();
  await panel.locator('.turn').first().waitFor({ state: 'detached' });
  for (const place of [1, 2]) await ended(lane(panel, place));
  await ask(panel, 'What is a token?');
  for (const place of [1, 2]) {
    await lane(panel, place).locator('.turn-user', { hasText: 'What is a token?' }).waitFor();
    await ended(lane(panel, place));
  }
  await editor.workbench.screenshot('chat-lanes');

  await lane(panel, 1).getByRole('button', { name: 'Follow-ups go to this lane' }).click();
  await ask(panel, 'What is a model?');
  await lane(panel, 2).locator('.turn-user', { hasText: 'What is a model?' }).waitFor();
  await ended(lane(panel, 2));
  await eventually(async () => assert.equal(await lane(panel, 1).locator('.turn-user').count(), 1));
});

function composer(panel: Frame): Locator {
  return panel.getByRole('textbox', { name: /^Follow-up/ });
}

async function ask(panel: Frame, text: string): Promise<void> {
  await composer(panel).fill(text);
  await composer(panel).press('Enter');
}

/** The lane at a place, from 1. */
function lane(panel: Frame, place = 1): Locator {
  return panel.locator('.lane').nth(place - 1);
}

async function ended(column: Locator): Promise<void> {
  await column.locator('.stats-line', { hasText: /stop|length/ }).waitFor();
}
