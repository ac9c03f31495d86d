/** A panel whose extension host was killed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { lengthOfAnswer, panelOf, runByLens, writeEndlessPrompts } from './answers.ts';
import { killExtensionHosts } from './killHosts.ts';

const editor = packedEditor({ prepare: (folder) => writeEndlessPrompts(folder, ['silent']) });

test('a panel says that its host has ended, and a new one takes its place with what was written', async () => {
  const panel = await runByLens(editor, 'silent.prompt', 'One more word');
  const kept = await lengthOfAnswer(panel, 2_000);
  killExtensionHosts(editor);
  await panel.locator('.silent-host').waitFor();
  await panel.getByRole('textbox', { name: 'Follow-up' }).fill('What comes then?');
  await editor.workbench.screenshot('host-silent');

  await panel.getByRole('link', { name: 'Open a new panel' }).click();
  const again = await panelOf(editor, 'silent.prompt', 'Interrupted');
  assert.ok((await lengthOfAnswer(again)) > kept - 500);
  assert.equal(await again.getByRole('textbox', { name: 'Follow-up' }).inputValue(), 'What comes then?');
  // The old one is gone, and the new one stands where it was.
  const groups = editor.workbench.page.locator('.editor-group-container');
  await eventually(async () => {
    assert.equal(panel.isDetached(), true);
    assert.equal(await groups.count(), 2);
    assert.equal(await groups.last().locator('.tab').count(), 1);
  });
  await editor.workbench.screenshot('host-replaced');

  await again.getByText('Continue', { exact: true }).click();
  await again.locator('.badge-running').waitFor();
  await again.getByText('Stop', { exact: true }).click();
  await again.locator('.badge-stopped').waitFor();
});
