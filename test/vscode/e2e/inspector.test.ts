import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Frame } from 'playwright-core';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';

const text = 'Tokenization splits text into pieces.\nUnbelievable, indivisible: größe 中文 👩‍💻\n';

const editor = packedEditor({
  settings: {
    'llmPlayground.defaultModel': 'openai/gpt-5',
    'llmPlayground.tokens.minimumLength': 2,
    'llmPlayground.tokens.languages': ['plaintext', 'llm-prompt'],
    'editor.minimap.enabled': false,
    'workbench.colorTheme': 'Default Dark Modern',
    'workbench.editorLargeFileConfirmation': 100,
  },
  prepare: async (folder) => {
    await writeFile(join(folder, 'notes.txt'), text);
    await writeFile(join(folder, 'data.json'), '{ "a": 1 }\n');
    await writeFile(join(folder, 'claude.prompt'), '---\nmodel: anthropic/claude-sonnet-5\n---\nHello\n');
    await writeFile(
      join(folder, 'large.txt'),
      'the quick brown fox jumps over the lazy dog\n'.repeat(500_000),
    );
  },
});

test('a click on the count opens the inspector beside the text, with a column for each tokenizer', async () => {
  const { workbench } = editor;
  await select('notes.txt', 'ControlOrMeta+A');
  await workbench.statusBar('tok · gpt-5').click();
  await workbench.answer('Inspect');
  const page = await inspector();
  await page.getByText('notes.txt').waitFor();
  await page.locator('.column h2').nth(2).waitFor();
  await eventually(async () =>
    assert.deepEqual(await page.locator('.column h2').allInnerTexts(), ['o200k_base', 'cl100k_base', 'demo']),
  );
  const [first = ''] = await page.locator('.token-list').allInnerTexts();
  assert.match(first, /^Tokenization·splits·text·into·pieces\.↵\nUn/);
  await page.locator('.column').first().locator('[data-index="0"]').hover();
  await page.locator('.token-card').waitFor();
  await workbench.screenshot('inspector-dark');
});

test('it follows the selection until it is told not to', async () => {
  const page = await inspector();
  await select('notes.txt', 'Shift+End');
  await page.locator('.subject').getByText('the selection · 37 characters').waitFor();
  await page.getByText('Follow the selection').click();
  await select('notes.txt', 'ControlOrMeta+A');
  await editor.workbench.page.waitForTimeout(500);
  await eventually(async () => assert.match(await page.locator('.subject').innerText(), /37 characters/));
  await page.getByText('Follow the selection').click();
  await page.locator('.subject').getByText(`the selection · ${text.length} characters`).waitFor();
});

test('a word is taken apart merge by merge', async () => {
  const page = await inspector();
  await page.locator('.column').first().locator('[data-index="0"]').click();
  await page.getByText('The word starts as 12 parts.').waitFor();
  for (let step = 0; step < 7; step++)
    await page.getByRole('button', { name: 'One step', exact: true }).click();
  await page.getByText('7 of 10').waitFor();
  await editor.workbench.screenshot('inspector-steps');
});

test('a model that is added has a row and a price of its own, and goes again', async () => {
  const { workbench } = editor;
  const page = await inspector();
  await page.getByRole('button', { name: 'Add model…' }).click();
  await workbench.answer('openai/gpt-4o');
  const row = page.locator('.tokenizers tbody tr', { hasText: 'gpt-4o' }).last();
  await row.locator('td', { hasText: /^\$0\.0/ }).waitFor();
  await workbench.screenshot('inspector-added');
  await page.getByRole('button', { name: 'Compare with gpt-4o no longer' }).click();
  await eventually(async () => assert.equal(await page.locator('.tokenizers tbody tr').count(), 5));
});

for (const [theme, kind] of [
  ['Light Modern', 'vscode-light'],
  ['Dark High Contrast', 'vscode-high-contrast'],
  ['Dark Modern', 'vscode-dark'],
] as const) {
  test(`it takes the colours of ${theme}`, async () => {
    const { workbench } = editor;
    await choose(theme);
    const page = await inspector();
    await page.locator(`body.${kind}`).waitFor();
    await page.locator('.column').first().locator('[data-index="1"]').hover();
    await page.locator('.token-card').waitFor();
    await workbench.screenshot(`inspector-${kind}`);
  });
}

test('a prompt is counted for the model that it names', async () => {
  await editor.workbench.open('claude.prompt');
  await editor.workbench.statusBar(/^\s*~\d+ tok · claude-sonnet-5/).waitFor();
  const page = await inspector();
  await page.locator('.badge', { hasText: '~ claude-sonnet-5' }).waitFor();
});

test('several cursors are counted together', async () => {
  const { workbench } = editor;
  await select('notes.txt', 'Shift+ArrowRight');
  await workbench.page.keyboard.press('ArrowLeft');
  await workbench.run('Add Cursor Below');
  await workbench.page.keyboard.press('ControlOrMeta+Shift+ArrowRight');
  // "Tokenization" and "Unbelievable"
  await workbench.statusBar(/^\s*[45] tok · gpt-5/).waitFor();
});

test('what the settings leave out is not counted: a language, and a selection that is too short', async () => {
  const { workbench } = editor;
  for (const [file, key] of [
    ['data.json', 'ControlOrMeta+A'],
    ['notes.txt', 'Shift+ArrowRight'],
  ] as const) {
    await select(file, key);
    // A count of so little comes within milliseconds.
    await workbench.page.waitForTimeout(500);
    await eventually(async () => assert.equal(await workbench.statusBar('gpt-5').isVisible(), false, file));
  }
});

test('it is there again after a reload, with the text that is open', async () => {
  await editor.workbench.reload();
  const page = await inspector();
  await page.locator('.column h2').nth(2).waitFor();
  // Which of its files the editor brings back in front depends on what it had written down before the reload.
  await page.locator('.subject', { hasText: /^\s*(notes\.txt|data\.json|claude\.prompt)/ }).waitFor();
});

test('a large file shows how far it is counted, and another selection stops that', async () => {
  const { workbench } = editor;
  await select('large.txt', 'ControlOrMeta+A');
  await workbench.statusBar(/Counting tokens… \d+%/).waitFor();
  await workbench.statusBar('5,000,000 tok · gpt-5').waitFor();
  const page = await inspector();
  await page.getByText('The first 20,000 of 5,000,000 tokens are shown; all are counted.').first().waitFor();
  await workbench.page.keyboard.press('ControlOrMeta+Home');
  await workbench.page.keyboard.press('ControlOrMeta+A');
  await workbench.statusBar(/Counting tokens… \d+%/).waitFor();
  await workbench.page.keyboard.press('ControlOrMeta+Home');
  await workbench.page.keyboard.press('Shift+End');
  await workbench.statusBar('9 tok · gpt-5').waitFor();
});

/** Opens a file, goes to its start and selects with a key. */
async function select(file: string, key: string): Promise<void> {
  const { workbench } = editor;
  await (await workbench.open(file)).click();
  await workbench.page.keyboard.press('Escape');
  await workbench.page.keyboard.press('ControlOrMeta+Home');
  await workbench.page.keyboard.press(key);
}

function inspector(): Promise<Frame> {
  return editor.workbench.webview('Follow the selection');
}

/** Takes a colour theme from the list that its command opens. */
async function choose(theme: string): Promise<void> {
  const { page } = editor.workbench;
  await page.keyboard.press('F1');
  const picker = page.locator('.quick-input-widget');
  await picker.locator('.quick-input-filter input').fill('>Preferences: Color Theme');
  await picker.locator('.monaco-list-row').filter({ hasText: 'Preferences: Color Theme' }).first().click();
  await picker.locator('.monaco-list-row').filter({ hasText: 'Modern' }).first().waitFor();
  await editor.workbench.answer(theme);
  await picker.waitFor({ state: 'hidden' });
}
