import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { eventually } from '../../eventually.ts';
import { scriptedModel } from '../../models/scripted.ts';
import { packedEditor } from '../packedEditor.ts';
import { panelOf, writePrompts } from './answers.ts';
import { choose, press, view } from './views.ts';

const models = await mkdtemp(join(tmpdir(), 'models-'));
after(() => rm(models, { recursive: true, force: true }));
for (const name of ['Alpha', 'Beta', 'Gamma']) {
  await writeFile(join(models, `${name}.gguf`), scriptedModel({ name, answer: `${name} answers this.` }));
}

const editor = packedEditor({
  settings: { 'llmPlayground.local.folders': [models] },
  prepare: (folder) =>
    writePrompts(folder, {
      'a-few': '---\nmodel: local/demo\nconfig:\n  maxOutputTokens: 20\n---\nSay something.\n',
      rows: '---\nmodel: local/demo\nconfig:\n  maxOutputTokens: 20\n---\nSay something.\n',
    }),
});

test('rows of the Models view are compared with the lanes of the prompt', async () => {
  const { workbench } = editor;
  await workbench.open('rows.prompt');
  await workbench.run('LLM Playground: Focus on Models View');
  const row = (name: string) => view(editor, 'Models').locator('.monaco-list-row', { hasText: name });
  await row('Alpha').click();
  await row('Gamma').click({ modifiers: ['ControlOrMeta'] });
  await choose(editor, row('Gamma'), 'Compare with the Lanes');
  const panel = await panelOf(editor, 'rows.prompt', 'Run all');
  await hasLanes(panel, ['Playground demo (2.7M)', 'Alpha', 'Gamma']);
  await workbench.screenshot('comparisons-rows');
});

test('Compare opens a lane for each of the models that are checked', async () => {
  const { workbench } = editor;
  await workbench.open('a-few.prompt');
  await workbench.lens('Compare').click();
  const list = workbench.page.locator('.quick-input-list');
  for (const name of ['Alpha', 'Beta']) {
    await list
      .locator('.monaco-list-row', { hasText: `${name}.gguf` })
      .locator('.monaco-custom-toggle')
      .click();
  }
  await workbench.page.locator('.quick-input-titlebar', { hasText: '(2 of 5)' }).waitFor();
  await workbench.screenshot('comparisons-several-models');
  await workbench.page.locator('.quick-input-widget').getByText('OK', { exact: true }).click();
  const panel = await panelOf(editor, 'a-few.prompt', 'Run all');
  await hasLanes(panel, ['Playground demo (2.7M)', 'Alpha', 'Beta']);
});

test('a comparison is kept under a name, listed below its prompt, and run again', async () => {
  const { workbench } = editor;
  const panel = await panelOf(editor, 'a-few.prompt', 'Run all');
  await panel.getByRole('button', { name: 'Save this comparison…' }).click();
  await workbench.answer('Three models');
  for (const place of [3, 2]) await closeLane(panel, place);
  await workbench.run('LLM Playground: Focus on Prompts View');
  const prompts = view(editor, 'Prompts');
  const row = prompts.locator('.monaco-list-row', { hasText: 'Three models' });
  await prompts.locator('.monaco-list-row', { hasText: 'a-few' }).locator('.monaco-tl-twistie').click();
  await row.waitFor();
  await press(row, 'Run a Named Comparison…');
  await hasLanes(panel, ['Playground demo (2.7M)', 'Alpha', 'Beta']);
  await eventually(async () =>
    assert.deepEqual((await panel.locator('.answer-text').allInnerTexts()).slice(1), [
      'Alpha answers this.',
      'Beta answers this.',
    ]),
  );
  await workbench.screenshot('comparisons-named');
});

test('a named comparison is run from the palette, renamed, deleted and brought back', async () => {
  const { workbench } = editor;
  const panel = await panelOf(editor, 'a-few.prompt', 'Run all');
  await closeLane(panel, 3);
  await workbench.run('LLM Playground: Run a Named Comparison…');
  await workbench.answer('Three');
  await hasLanes(panel, ['Playground demo (2.7M)', 'Alpha', 'Beta']);
  const row = (name: string) => view(editor, 'Prompts').locator('.monaco-list-row', { hasText: name });
  await choose(editor, row('Three models'), 'Rename Comparison');
  await workbench.answer('Small models');
  await row('Small models').waitFor();
  await choose(editor, row('Small models'), 'Delete Comparison');
  await row('Small models').waitFor({ state: 'hidden' });
  await workbench.toast('Deleted “Small models”').getByText('Undo').click();
  await row('Small models').waitFor();
});

test('the context menu of an answer copies it and tries it again', async () => {
  const { workbench } = editor;
  const panel = await panelOf(editor, 'a-few.prompt', 'Alpha answers this.');
  const answer = panel.locator('.lane').nth(1).locator('.newest');
  const text = answer.locator('.answer-text');
  await text.click({ button: 'right' });
  await workbench.page.locator('.context-view .action-label', { hasText: 'Copy as Markdown' }).waitFor();
  await workbench.screenshot('comparisons-menu');
  await workbench.page.keyboard.press('Escape');
  await choose(editor, text, 'Try Again');
  await answer.getByText('2/2').waitFor();
  await choose(editor, text, 'Delete Message');
  await workbench.toast('1 message was deleted').waitFor();
  await answer.getByText('2/2').waitFor({ state: 'detached' });
});

async function closeLane(panel: Frame, place: number): Promise<void> {
  await panel
    .locator('.lane')
    .nth(place - 1)
    .getByRole('button', { name: 'Close this lane' })
    .click();
  await panel.locator(`.lane:nth-child(${place})`).waitFor({ state: 'detached' });
}

/** The panel has lanes of these models, from left to right. */
async function hasLanes(panel: Frame, names: readonly string[]): Promise<void> {
  await eventually(async () =>
    assert.deepEqual(await panel.locator('.lane .model-button').allInnerTexts(), names),
  );
}
