import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Frame } from 'playwright-core';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { panelOf } from './answers.ts';

const editor = packedEditor({
  prepare: (folder) =>
    writeFile(join(folder, 'sum.ts'), 'const one = 1;\n\nexport function sum() {\n  return one + one;\n}\n'),
});
const title = 'New conversation';

test('a selection is added to a chat, with its tokens', async () => {
  const lines = await editor.workbench.open('sum.ts');
  await lines.getByText('export').click();
  await editor.workbench.page.keyboard.press('Home');
  for (let line = 0; line < 2; line++) await editor.workbench.page.keyboard.press('Shift+ArrowDown');
  await editor.workbench.run('LLM Playground: Add Selection to Chat');
  const panel = await panelOf(editor, title, 'sum.ts:3–4');
  await eventually(async () =>
    assert.match(await panel.locator('.attachments').innerText(), /sum\.ts:3–4\s+\d+ tokens/),
  );
});

test('a file is attached by the button, and taken out again', async () => {
  const panel = await panelOf(editor, title, 'sum.ts:3–4');
  await panel.getByRole('button', { name: 'Attach context' }).click();
  await editor.workbench.answer('File…');
  await editor.workbench.page.locator('.quick-input-list').getByText('explain.prompt').first().waitFor();
  await editor.workbench.answer('explain.prompt');
  await eventually(async () => assert.equal(await panel.locator('.attachment').count(), 2));
  await editor.workbench.screenshot('attached');
  await panel.getByRole('button', { name: 'Take out explain.prompt' }).click();
  await eventually(async () => assert.equal(await panel.locator('.attachment').count(), 1));
});

test('it is still attached after a reload, beside what is written', async () => {
  const panel = await panelOf(editor, title, 'sum.ts:3–4');
  await panel.getByRole('textbox', { name: 'Message' }).fill('What is a token?');
  // The editor writes down what it keeps a moment later.
  await editor.workbench.page.waitForTimeout(3_000);
  await editor.workbench.reload();
  const again = await panelOf(editor, title, 'sum.ts:3–4');
  assert.equal(await again.getByRole('textbox', { name: 'Message' }).inputValue(), 'What is a token?');
  await editor.workbench.screenshot('still-attached');
});

test('it is sent with the message, folded in it, and there after a reload', async () => {
  const panel = await panelOf(editor, title, 'sum.ts:3–4');
  await panel.getByRole('textbox', { name: 'Message' }).fill('What is a token?');
  await panel.getByRole('textbox', { name: 'Message' }).press('Enter');
  const answered = await panelOf(editor, 'What is a token?', 'sum.ts, lines 3–4');
  await answered.locator('.stats-line', { hasText: /stop|length/ }).waitFor();
  assert.equal(await answered.locator('.attachment').count(), 0);
  await showsWhatWasSent(answered);
  // The editor writes down what it keeps a moment later.
  await editor.workbench.page.waitForTimeout(3_000);
  await editor.workbench.reload();
  const again = await panelOf(editor, 'What is a token?', 'sum.ts, lines 3–4');
  await showsWhatWasSent(again);
  await editor.workbench.screenshot('attached-after-reload');
});

async function showsWhatWasSent(panel: Frame): Promise<void> {
  const folded = panel.locator('.message-attachment');
  await folded.locator('summary').click();
  await eventually(async () =>
    assert.match(
      await folded.locator('.plain').innerText(),
      /^From `sum\.ts`, lines 3–4:\s+```ts\nexport function sum\(\) \{\n {2}return one \+ one;\n```$/,
    ),
  );
}
