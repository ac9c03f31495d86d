import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../../eventually.ts';
import { Repository } from '../../node/repository.ts';
import { packedEditor } from '../packedEditor.ts';
import { panelOf, runByLens } from './answers.ts';
import { versionRow, view } from './views.ts';

const editor = packedEditor({
  settings: { 'workbench.colorTheme': 'Default Dark Modern' },
  prepare: async (folder) => {
    const repository = new Repository(folder);
    repository.commit('ask.prompt', 'What is a token?\n', 'Ask what a token is');
    repository.commit('ask.prompt', 'What is a token, in one sentence?\n', 'Ask for one sentence');
    writeFileSync(join(folder, 'ask.prompt.inputs.json'), '{}\n');
    return Promise.resolve();
  },
});

test('a prompt that is renamed in the explorer keeps its panel, its runs, its commits and its named sets', async () => {
  const { page } = editor.workbench;
  await runByLens(editor, 'ask.prompt', 'Run again');
  await editor.workbench.open('ask.prompt');
  await editor.workbench.run('File: Reveal Active File in Explorer View');
  const entry = page.locator('.explorer-folders-view .monaco-list-row', { hasText: /^ask\.prompt$/ });
  await entry.click();
  await page.keyboard.press('F2');
  const box = page.locator('.explorer-folders-view .monaco-inputbox input');
  await box.fill('question.prompt');
  await box.press('Enter');
  await page
    .locator('.tab', { hasText: /^question\.prompt$/ })
    .first()
    .waitFor();
  await panelOf(editor, 'question.prompt', 'Run again');
  await eventually(() => {
    assert.equal(existsSync(join(editor.folder, 'question.prompt.inputs.json')), true);
    return Promise.resolve();
  });

  await page.locator('.activitybar .action-label[aria-label*="LLM Playground"]').click();
  for (const other of ['Models', 'Usage']) await view(editor, other).locator('.pane-header').click();
  await versionRow(editor, 'Working copy').filter({ hasText: '1 run' }).waitFor();
  await versionRow(editor, 'Ask what a token is').waitFor();
  await editor.workbench.screenshot('renamed');
});
