import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { packedEditor } from '../packedEditor.ts';

const editor = packedEditor({
  prepare: (folder) =>
    writeFile(
      join(folder, 'notes.txt'),
      'Temperature divides every logit before the next token is drawn.\nZebra quickly window seventeen.\n',
    ),
});

test('a text is shaded by how likely a local model finds it, and its perplexity is told', async () => {
  const { page } = editor.workbench;
  const text = await editor.workbench.open('notes.txt');
  await text.click();
  await page.keyboard.press('ControlOrMeta+A');
  await editor.workbench.run('LLM Playground: Score Text with a Local Model');
  await page.locator('.notification-list-item', { hasText: /Perplexity [\d.]+ over \d+ tokens/ }).waitFor();
  await page.keyboard.press('ControlOrMeta+Home');
  await editor.workbench.screenshot('scoreText');
});
