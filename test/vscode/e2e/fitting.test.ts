import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Frame } from 'playwright-core';
import { eventually } from '../../eventually.ts';
import { packedEditor } from '../packedEditor.ts';
import { panelOf, runByLens } from './answers.ts';

const editor = packedEditor();
const file = 'explain.prompt';

test('what a conversation no longer sends is greyed before, and is not sent', async () => {
  const panel = await runByLens(editor, file, 'Give a value to “topic”, then run.');
  await panel.getByRole('textbox', { name: /topic/ }).fill('tokenization');
  await panel.getByRole('textbox', { name: /topic/ }).press('Shift+Enter');
  await ended(panel);
  for (const question of ['What is temperature?', 'What is top-p?']) await ask(panel, question);

  await panel.getByRole('button', { name: 'Everything is sent' }).click();
  await row('Send the Last Turns…').click();
  await editor.workbench.answer('1');
  await panel.getByRole('button', { name: /^Only the last turn is sent · 4 left out/ }).waitFor();
  await eventually(async () => assert.equal(await panel.locator('.not-sent').count(), 4));
  await editor.workbench.screenshot('fitting-greyed');

  await ask(panel, 'What is a token?');
  // The system prompt, the question of the prompt with its answer, and the new one.
  await panel.getByText(/^Sent: 4 messages/).waitFor();
});

test('the choice comes back with the conversation, and is taken back', async () => {
  await editor.workbench.page.waitForTimeout(3_000);
  await editor.workbench.reload();
  const panel = await panelOf(editor, file, 'What is a token?');
  await panel.getByRole('button', { name: /^Only the last turn is sent · 6 left out/ }).click();
  await row('Send Everything').click();
  await panel.getByRole('button', { name: /^Everything is sent$/ }).waitFor();
  await eventually(async () => assert.equal(await panel.locator('.not-sent').count(), 0));
});

test('older turns are summarised once they do not fit, and the summary can be changed', async () => {
  const panel = await panelOf(editor, file, 'What is a token?');
  await panel.getByRole('button', { name: 'Everything is sent' }).click();
  await row('Summarise Older Turns…').click();
  await row('The Model That Is Talked To').click();
  // The demo model has a window of 1,024 tokens, a quarter of which is kept for the answer.
  const card = panel.locator('.summary-card');
  for (let turns = 0; turns < 12 && (await card.count()) === 0; turns++) await ask(panel, 'What is top-k?');
  await card.first().waitFor();
  await editor.workbench.screenshot('fitting-summary');
  await card.getByRole('button', { name: 'Edit the summary' }).click();
  await card.getByRole('textbox', { name: 'Summary' }).fill('We spoke of sampling.');
  await card.getByRole('button', { name: 'Save' }).click();
  await card.getByText('We spoke of sampling.').waitFor();
  await ask(panel, 'What is a seed?');
  await panel.getByText(/^Sent: /).click();
  await panel.locator('.sent', { hasText: 'We spoke of sampling.' }).waitFor();
});

function row(label: string) {
  return editor.workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: label }).first();
}

async function ask(panel: Frame, question: string): Promise<void> {
  const turns = await panel.locator('.turn').count();
  const composer = panel.getByRole('textbox', { name: 'Follow-up' });
  await composer.fill(question);
  await composer.press('Enter');
  await eventually(async () => assert.ok((await panel.locator('.turn').count()) > turns));
  await ended(panel);
}

async function ended(panel: Frame): Promise<void> {
  await panel.locator('.badge-running').waitFor({ state: 'detached' });
  await panel.locator('.stats-line', { hasText: /stop|length/ }).waitFor();
}
