/** A panel that is moved and hidden while its run goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { lengthOfAnswer, panelIn, panelOf, runByLens, writeEndlessPrompts } from './answers.ts';

const editor = packedEditor({
  prepare: (folder) => writeEndlessPrompts(folder, ['moved', 'hidden', 'alone']),
});

test('a panel that is moved to another group in mid-answer goes on there', async () => {
  const panel = await runByLens(editor, 'moved.prompt', 'One more word');
  const before = await lengthOfAnswer(panel);
  await intoGroupOfFile('moved.prompt');
  const moved = await panelOf(editor, 'moved.prompt', 'One more word');
  const after = await lengthOfAnswer(moved, before);
  assert.ok((await lengthOfAnswer(moved, after)) > after);
  await moved.getByText('Stop', { exact: true }).click();
  await moved.locator('.badge-stopped').waitFor();
  await editor.workbench.run('View: Close All Editors');
});

test('a panel that is hidden in mid-answer shows it all when it is seen again', async () => {
  const panel = await runByLens(editor, 'hidden.prompt', 'One more word');
  const before = await lengthOfAnswer(panel);
  // The editor locks a group of panels alone, so that a file opened there goes elsewhere.
  await intoGroupOfFile('hidden.prompt');
  const moved = await panelOf(editor, 'hidden.prompt', 'One more word');
  await tab('hidden.prompt').first().click();
  await eventually(() => {
    assert.equal(moved.isDetached(), true);
    return Promise.resolve();
  });
  await editor.workbench.page.waitForTimeout(1_000);
  await tab('hidden.prompt').last().click();
  const again = await panelOf(editor, 'hidden.prompt', 'One more word');
  const after = await lengthOfAnswer(again, before);
  assert.ok((await lengthOfAnswer(again, after)) > after, 'it goes on');
  await again.getByText('Stop', { exact: true }).click();
  await again.locator('.badge-stopped').waitFor();
  await editor.workbench.run('View: Close All Editors');
});

test('a panel goes on in a window of its own, and in another one once that is closed', async () => {
  const panel = await runByLens(editor, 'alone.prompt', 'One more word');
  const before = await lengthOfAnswer(panel);
  await tab('alone.prompt').last().click();
  const [window] = await Promise.all([
    editor.workbench.page.waitForEvent('popup'),
    editor.workbench.run('View: Move Editor into New Window'),
  ]);
  const alone = await panelIn(window, 'alone.prompt', 'One more word');
  const after = await lengthOfAnswer(alone, before);
  await window.close();
  await editor.workbench.page.locator('.codelens-decoration a', { hasText: 'Show' }).click();
  const again = await panelOf(editor, 'alone.prompt', 'One more word');
  assert.ok((await lengthOfAnswer(again, after)) > after, 'it goes on');
  await again.getByText('Stop', { exact: true }).click();
  await again.locator('.badge-stopped').waitFor();
});

/** Moves a prompt's panel beside its file; it was all that is in its group, so there is only one then. */
async function intoGroupOfFile(name: string): Promise<void> {
  await eventually(async () => assert.equal(await groups().count(), 2));
  await groups().last().locator('.tab', { hasText: name }).click();
  await editor.workbench.run('View: Move Editor into Previous Group');
  await eventually(async () => assert.equal(await groups().count(), 1));
}

function groups(): Locator {
  return editor.workbench.page.locator('.editor-group-container');
}

function tab(name: string): Locator {
  return editor.workbench.page.locator('.tab', { hasText: name });
}
