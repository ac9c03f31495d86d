import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { packedEditor } from '../packedEditor.ts';

const editor = packedEditor({
  settings: { 'llmPlayground.defaultModel': 'openai/gpt-5' },
  prepare: (folder) => writeFile(join(folder, 'notes.txt'), 'Hello world\nand a second line\n'),
});

test('the tokens of a selection stand at its end and in the status bar', async () => {
  const { page } = editor.workbench;
  const text = await editor.workbench.open('notes.txt');
  await text.click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('Shift+End');
  await editor.workbench.statusBar('2 tok · gpt-5').waitFor();
  await page.keyboard.press('ControlOrMeta+A');
  // "Hello", " world", "\n", "and", " a", " second", " line", "\n"
  await editor.workbench.statusBar('8 tok · gpt-5').waitFor();
  await editor.workbench.screenshot('tokens');
});

test('a selection that goes away takes its count along', async () => {
  await editor.workbench.page.keyboard.press('ControlOrMeta+Home');
  await editor.workbench.statusBar('gpt-5').waitFor({ state: 'hidden' });
});

test('in a prompt without a selection the whole file is counted', async () => {
  await editor.workbench.open('explain.prompt');
  await editor.workbench.statusBar(/^\s*\d+ tok · gpt-5/).waitFor();
});
