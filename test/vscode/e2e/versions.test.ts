import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Repository } from '../../node/repository.ts';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { panelOf } from './answers.ts';
import { choose, press, versionRow, view } from './views.ts';

const first = '---\nversion: 1.0\n---\nWhat is a token?\n';
const second = '---\nversion: 1.1\n---\nWhat is a token, in one sentence?\n';
const unsaved = '---\nversion: 1.1\n---\nWhat is a token, in two sentences?\n';

const editor = packedEditor({
  settings: { 'files.autoSave': 'off', 'workbench.colorTheme': 'Default Dark Modern' },
  prepare: async (folder) => {
    const repository = new Repository(folder);
    repository.commit('ask.prompt', first, 'Ask what a token is');
    repository.commit('ask.prompt', second, 'Ask for one sentence');
    repository.write('ask.prompt', unsaved);
    return Promise.resolve();
  },
});

test('the line above a prompt tells how far it has moved on', async () => {
  const { page } = editor.workbench;
  await page.locator('.activitybar .action-label[aria-label*="LLM Playground"]').click();
  // Lists hold only the rows that are in view, so these views get the room of the others.
  for (const other of ['Models', 'Usage']) await view(editor, other).locator('.pane-header').click();
  await editor.workbench.open('ask.prompt');
  await editor.workbench.lens('1 change since 1.1').click();
  await versionRow(editor, 'Working copy').waitFor();
});

test('the Versions view lists the working copy and the commits with their names', async () => {
  await versionRow(editor, 'Ask what a token is').waitFor();
  await versionRow(editor, 'Ask for one sentence').waitFor();
  const row = view(editor, 'Versions').locator('.monaco-list-row');
  await eventually(async () =>
    assert.deepEqual(await row.locator('.label-name').allInnerTexts(), [
      'Working copy',
      '1.1 · Ask for one sentence',
      '1.0 · Ask what a token is',
    ]),
  );
  const details = await row.locator('.label-description').allInnerTexts();
  assert.deepEqual(
    details.map((text) => text.replace(/[0-9a-f]{7}$/, '#')),
    ['not committed', '3 years ago · Ann Ä · #', '3 years ago · Ann Ä · #'],
  );
});

test('a click opens a version to be read only', async () => {
  await versionRow(editor, 'Ask what a token is').click();
  const lines = editor.workbench.editor('.prompt');
  await lines.filter({ hasText: 'What is a token?' }).first().waitFor();
  await editor.workbench.page.locator('.tab.active', { hasText: /^ask@[0-9a-f]{8}\.prompt/ }).waitFor();
  await editor.workbench.page.keyboard.type('X');
  await editor.workbench.page.locator('.monaco-editor-overlaymessage', { hasText: 'read-only' }).waitFor();
});

test('a version is compared with the working copy in the editor’s own diff', async () => {
  const row = versionRow(editor, 'Ask what a token is');
  await press(row, 'Compare with Working Copy');
  const diff = editor.workbench.page.locator('.monaco-diff-editor');
  await diff.locator('.original .view-lines', { hasText: 'What is a token?' }).waitFor();
  await diff.locator('.modified .view-lines', { hasText: 'in two sentences?' }).waitFor();
  await editor.workbench.page.locator('.tab.active', { hasText: 'ask.prompt: 1.0 ↔ working copy' }).waitFor();
});

test('a version gets a name of the user’s own with a note', async () => {
  await choose(editor, versionRow(editor, 'Ask what a token is'), 'Tag…');
  await editor.workbench.page.getByText('A name for this version').waitFor();
  await editor.workbench.answer('short one');
  await editor.workbench.page.getByText('A note, if you like').waitFor();
  await editor.workbench.answer('Liked by everybody');
  await versionRow(editor, 'short one · 1.0 · Ask what a token is').waitFor();
});

test('a version that is run counts its runs and stays what it is', async () => {
  const row = versionRow(editor, 'Ask what a token is');
  await press(row, 'Run This Version');
  await panelOf(editor, 'ask@', 'Run again');
  await versionRow(editor, 'Ask what a token is').filter({ hasText: '1 run' }).waitFor();
  await look('versions');
});

test('the runs of a version are below it, and one opens in a panel', async () => {
  const row = versionRow(editor, 'Ask what a token is');
  await row.locator('.monaco-tl-twistie').click();
  await view(editor, 'Versions').locator('.monaco-list-row', { hasText: 'local/demo' }).click();
  await editor.workbench.page.locator('.tab.active', { hasText: 'What is a token?' }).waitFor();
  await look('version-runs');
  await row.locator('.monaco-tl-twistie').click();
});

test('a version is restored as a change that can be undone', async () => {
  const file = join(editor.folder, 'ask.prompt');
  await choose(editor, versionRow(editor, 'Ask what a token is'), 'Restore This Version');
  const { page } = editor.workbench;
  await page.locator('.tab.active.dirty', { hasText: 'ask.prompt' }).waitFor();
  await editor.workbench.editor('ask.prompt').filter({ hasText: 'What is a token?' }).first().waitFor();
  assert.equal(await readFile(file, 'utf8'), unsaved);
  await page.keyboard.press('ControlOrMeta+Z');
  await editor.workbench.editor('ask.prompt').filter({ hasText: 'in two sentences?' }).first().waitFor();
});

test('the Prompts view lists the prompts with their last runs, and runs them', async () => {
  // Rows that are not on the screen are not there: this one makes room.
  await view(editor, 'Conversations').locator('.pane-header').click();
  await view(editor, 'Versions').locator('.pane-header').click();
  const row = view(editor, 'Prompts').locator('.monaco-list-row', { hasText: 'ask' });
  await row.filter({ hasText: 'just now' }).waitFor();
  await view(editor, 'Prompts')
    .locator('.monaco-list-row', { hasText: 'summarize' })
    .filter({ hasText: '3 variables' })
    .waitFor();
  await press(row.first(), 'Run Prompt');
  await panelOf(editor, 'ask.prompt', 'Run again');
  await choose(
    editor,
    view(editor, 'Prompts').locator('.monaco-list-row', { hasText: 'summarize' }),
    'Show Versions',
  );
  await view(editor, 'Versions').filter({ hasText: 'summarize.prompt' }).waitFor();
  await view(editor, 'Versions').locator('.pane-header').click();
});

test('prompts are filtered by their path, and the filter is taken away', async () => {
  await press(view(editor, 'Prompts').locator('.pane-header'), 'Filter Prompts…');
  await editor.workbench.page.getByText('Part of a path or of a model').waitFor();
  await editor.workbench.answer('templates/j');
  const rows = view(editor, 'Prompts').locator('.monaco-list-row');
  await rows.filter({ hasText: 'summarize' }).waitFor({ state: 'detached' });
  await eventually(async () =>
    assert.deepEqual(await rows.locator('.label-name').allInnerTexts(), [
      'templates',
      'json-answer',
      'judge',
      'Library',
    ]),
  );
  await editor.workbench.run('LLM Playground: Clear Filter of Prompts');
  await rows.filter({ hasText: 'summarize' }).waitFor();
});

test('a prompt of the library opens as a new file', async () => {
  await view(editor, 'Prompts')
    .locator('.monaco-list-row', { hasText: /^Library$/ })
    .click();
  const row = view(editor, 'Prompts').locator('.monaco-list-row', { hasText: 'Extracts' }).first();
  await row.click();
  await editor.workbench.page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
  await look('prompts');
});

/** Pictures in both themes, for somebody to look at. */
async function look(name: string): Promise<void> {
  // A tip that hangs over the views is in the way.
  await editor.workbench.page.mouse.move(700, 500);
  await editor.workbench.page.waitForTimeout(1000);
  await editor.workbench.screenshot(`${name} dark`);
  await editor.workbench.run('Preferences: Toggle between Light/Dark Themes');
  await editor.workbench.page.waitForTimeout(500);
  await editor.workbench.screenshot(`${name} light`);
  await editor.workbench.run('Preferences: Toggle between Light/Dark Themes');
}
