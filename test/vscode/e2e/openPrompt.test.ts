import { test } from 'node:test';
import { packedEditor } from '../packedEditor.ts';

const editor = packedEditor();

test('a prompt file opens in VS Code with the packed extension', async () => {
  const text = await editor.workbench.open('explain.prompt');
  await text.getByText('{{topic}}').first().waitFor();
});
