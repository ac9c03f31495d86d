import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';

const editor = packedEditor({
  settings: {
    'security.workspace.trust.enabled': true,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
  },
});

test('in an untrusted workspace a prompt can be read but not run, and the panel says why', async () => {
  const text = await editor.workbench.open('explain.prompt');
  await text.getByText('{{topic}}').first().waitFor();
  await editor.workbench.lens('Trust this workspace to run').click();
  const panel = await editor.workbench.webview('Not run');
  await eventually(async () => assert.match(await panel.locator('.notice-error').innerText(), /not trusted/));
  await editor.workbench.screenshot('untrusted');
  await panel.getByText('Manage workspace trust').click();
  await editor.workbench.page.getByText('You are in Restricted Mode').first().waitFor();
});
