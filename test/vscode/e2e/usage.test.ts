import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Frame } from 'playwright-core';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { panelOf, runByLens, writePrompts } from './answers.ts';

const editor = packedEditor({
  settings: {
    'workbench.colorTheme': 'Default Dark Modern',
    // So that what is run here costs something.
    'llmPlayground.prices': { 'local/*': { input: 100, output: 1000 } },
    'llmPlayground.budget.perMonth': 10,
    'llmPlayground.budget.tokensPerRun': 60,
  },
  prepare: (folder) =>
    writePrompts(folder, {
      ask: 'You are a helpful assistant.\n\nWhat is a token? {{topic}}\n',
      long: `What is a token? ${'Say it again, please. '.repeat(20)}\n`,
      plain: '{{role "system"}}\nBe short.\n{{role "user"}}\nWhat is a token?\n',
    }),
});

test('the line above a prompt says what it will take and cost, exactly for a local model', async () => {
  const { workbench } = editor;
  await workbench.open('ask.prompt');
  await workbench.lens(/^\d+ tokens \+ 1 variable · ≈ \$0\.00/).waitFor();
  await workbench.open('plain.prompt');
  await workbench.lens(/^\d+ tokens · ≈ \$0\.00\d+$/).waitFor();
});

test('what it says is what the run reports', async () => {
  const { workbench } = editor;
  const panel = await runByLens(editor, 'plain.prompt', 'Run again');
  await panel.locator('.stats-line', { hasText: 'stop' }).waitFor();
  const reported = /in (\d+)/.exec(await panel.locator('.stats-line').innerText())?.[1];
  const lens = workbench.lens(/^\d+ tokens · ≈/);
  await eventually(async () => assert.equal((await lens.innerText()).split(' ')[0], reported));
  await panel.locator('.stats').click();
  const expected = panel.locator('.breakdown table', { hasText: 'Estimate of the input' });
  await expected.locator('tr', { hasText: `Reported${reported}, as expected` }).waitFor();
  await workbench.screenshot('estimate held against the report');
  await panel.locator('.stats').click();
});

test('a click on it shows where the tokens come from, and how far the last run was off', async () => {
  const { workbench } = editor;
  const { page } = workbench;
  await workbench.lens(/^\d+ tokens · ≈/).click();
  const list = page.locator('.quick-input-list');
  await list.getByText('1. system').waitFor();
  await list.getByText('Reported by the service').waitFor();
  await eventually(async () => assert.match(await list.innerText(), /As counted here\./));
  await workbench.screenshot('estimate breakdown');
  await page.keyboard.press('Escape');
});

test('the Usage view adds up the runs, and a further one appears by itself', async () => {
  const { page } = editor.workbench;
  const panel = await panelOf(editor, 'plain.prompt', 'Run again');
  await panel.getByText('Run again', { exact: true }).click();
  await panel.locator('.stats-line', { hasText: 'cached' }).waitFor();
  await page.locator('.activitybar .action-label[aria-label*="LLM Playground"]').click();
  // The other views leave it room.
  for (const name of ['Prompts', 'Versions', 'Models']) {
    await page.locator('.pane-header.expanded', { hasText: name }).first().click();
  }
  const view = await usageView();
  await view.locator('.totals tbody tr', { hasText: 'Runs' }).getByText('2').first().waitFor();
  await eventually(async () =>
    assert.match(await view.locator('.totals').innerText(), /Runs\s+2\s+2\s+2[^]*Cost\s+\$\d/),
  );
  await view.locator('.group-bar', { hasText: 'local/demo' }).waitFor();
  await view.locator('.group-bar', { hasText: 'plain.prompt' }).waitFor();
  await panel.getByText('Run again', { exact: true }).click();
  await view.locator('.totals tbody tr', { hasText: 'Runs' }).getByText('3').first().waitFor();
});

for (const [theme, kind] of [
  ['Light Modern', 'vscode-light'],
  ['Dark High Contrast', 'vscode-high-contrast'],
  ['Dark Modern', 'vscode-dark'],
] as const) {
  test(`it takes the colours of ${theme}`, async () => {
    await choose(theme);
    const view = await usageView();
    await view.locator(`body.${kind}`).waitFor();
    await view.locator('.totals').scrollIntoViewIfNeeded();
    await editor.workbench.screenshot(`usage ${kind}`);
  });
}

test('it is exported as CSV', async () => {
  const { workbench, folder } = editor;
  const { page } = workbench;
  await page.keyboard.press('F1');
  const picker = page.locator('.quick-input-widget');
  await picker.locator('.quick-input-filter input').fill('>LLM Playground: Export Usage');
  await picker.locator('.monaco-list-row').filter({ hasText: 'Export Usage' }).first().click();
  await page.getByPlaceholder('A line for each of what?').waitFor();
  await workbench.answer('By model');
  const path = page.locator('.quick-input-widget .quick-input-filter input');
  await page.waitForFunction(
    `document.querySelector('.quick-input-widget .quick-input-filter input').value.endsWith('.csv')`,
  );
  const target = await path.inputValue();
  await path.press('Enter');
  await workbench.toast('The usage was exported').waitFor();
  const csv = await readFile(join(folder, target.slice(target.lastIndexOf('/') + 1)), 'utf8');
  assert.match(csv, /^model,runs,input_tokens,[^\r]*\r\nlocal\/demo,3,\d+,/);
});

test('a run over the budget is asked about; declined it says why, and accepted it runs', async () => {
  const { page } = editor.workbench;
  const dialog = page.locator('.monaco-dialog-box');
  const panel = await runByLens(editor, 'long.prompt', 'long.prompt');
  await dialog.getByText(/may take \d+ tokens; the budget is 60 tokens a run/).waitFor();
  await editor.workbench.screenshot('budget question');
  await dialog.getByText('Cancel').click();
  await panel.getByText('Not run, to keep to the budget.').waitFor();
  await editor.workbench.lens('Run').click();
  await dialog.getByText('Run', { exact: true }).click();
  await panel.locator('.stats-line', { hasText: 'stop' }).waitFor();
});

function usageView(): Promise<Frame> {
  return editor.workbench.webview('By day');
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
