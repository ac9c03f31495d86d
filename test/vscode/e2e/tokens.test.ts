import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { packedEditor } from '../packedEditor.ts';

const editor = packedEditor({
  settings: { 'llmPlayground.defaultModel': 'openai/gpt-5' },
  prepare: async (folder) => {
    await writeFile(join(folder, 'notes.txt'), 'Hello world\nand a second line\n');
    await writeFile(join(folder, 'long.txt'), 'The quick brown fox jumps over the lazy dog.\n'.repeat(2300));
  },
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

test('100 KB that are selected are counted within a moment', async () => {
  const { page } = editor.workbench;
  const text = await editor.workbench.open('long.txt');
  await text.click();
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    await page.keyboard.press('ControlOrMeta+Home');
    await editor.workbench.statusBar('gpt-5').waitFor({ state: 'hidden' });
    // From the key to the frame in which the count is painted.
    const painted = page.evaluate<number>(`new Promise((resolve) => {
      let start = 0;
      addEventListener('keydown', (event) => event.key.toLowerCase() === 'a' && (start = performance.now()), { capture: true });
      const look = () => document.querySelector('.statusbar')?.innerText.includes('23,000 tok')
        ? resolve(performance.now() - start) : requestAnimationFrame(look);
      look();
    })`);
    await page.keyboard.press('ControlOrMeta+A');
    times.push(await painted);
  }
  console.log(`  from the key to the painted count: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  assert.ok(Math.min(...times) < 1000, times.join());
});

test('a count in one editor does not outlive the text or the model that it was made for', async () => {
  const { page } = editor.workbench;
  const text = await editor.workbench.open('notes.txt');
  await text.click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.press('Shift+End');
  await ghosts(1);
  await editor.workbench.run('View: Split Editor Right');
  // The new editor has no selection, and the old one keeps its own.
  await page.keyboard.press('ControlOrMeta+Home');
  await ghosts(0);
  await page.keyboard.press('Shift+End');
  await ghosts(1);
  await page.keyboard.type('Bye');
  await ghosts(0);
  await editor.workbench.run('File: Revert File');
  await editor.workbench.run('View: Close Editor');
});

/** Waits until so many counts stand at the ends of selections, in all editors together. */
async function ghosts(count: number): Promise<void> {
  await editor.workbench.page.waitForFunction(`[...document.querySelectorAll('.view-line span')]
    .filter((span) => getComputedStyle(span, '::after').content.includes('tok')).length === ${count}`);
}

test('in a prompt without a selection the whole file is counted', async () => {
  await editor.workbench.open('explain.prompt');
  await editor.workbench.statusBar(/^\s*\d+ tok · gpt-5/).waitFor();
});
