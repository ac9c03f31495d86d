import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Frame } from 'playwright-core';
import { scriptedModel } from '../../models/scripted.ts';
import { Repository } from '../../node/repository.ts';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { figuresIn, panelOf, runByLens, writePrompts } from './answers.ts';

const editor = packedEditor({
  settings: { 'files.autoSave': 'off', 'workbench.colorTheme': 'Default Dark Modern' },
  async prepare(folder) {
    const model = join(folder, 'scripted.gguf');
    await writeFile(model, scriptedModel());
    await writePrompts(folder, {
      summarize: `---
model: local/${model}
input:
  schema:
    notes: string, what to summarize
    due: date, when it must be ready
    report?: file, a text or an image
---
Summarize {{notes}} {{report}} by {{due}}.
`,
    });
    const sets = { kickoff: { notes: 'We met.', due: '2026-12-01' } };
    await writeFile(join(folder, 'summarize.prompt.inputs.json'), JSON.stringify(sets));
    await writeFile(join(folder, 'report.md'), '# Report\n');
    const repository = new Repository(folder);
    repository.git('add', 'report.md');
    repository.git('commit', '-q', '-m', 'Begin');
    await writeFile(join(folder, 'report.md'), '# Report\nAll went well.\n');
  },
});

test('a named set fills the form, and what stands there is kept as another one', async () => {
  const panel = await formOf('notes');
  await pick(panel, 'Fill from…', 'kickoff');
  await panel.getByText('Filled from the set “kickoff”.').waitFor();
  await eventually(async () =>
    assert.equal(await panel.getByRole('textbox', { name: /notes/ }).inputValue(), 'We met.'),
  );
  await eventually(async () =>
    assert.equal(await panel.locator('input[type=date]').inputValue(), '2026-12-01'),
  );
  await editor.workbench.screenshot('filled');

  await panel.getByRole('textbox', { name: /notes/ }).fill('We met again.');
  await pick(panel, 'Fill from…', 'Save as a Named Set');
  await editor.workbench.answer('second');
  await editor.workbench.toast('Saved the set “second”').waitFor();
  const file = await readFile(join(editor.folder, 'summarize.prompt.inputs.json'), 'utf8');
  assert.deepEqual(JSON.parse(file), {
    kickoff: { notes: 'We met.', due: '2026-12-01' },
    second: { notes: 'We met again.', due: '2026-12-01' },
  });
});

test('a field is filled from the git diff and from a file', async () => {
  const panel = await panelOf(editor, 'summarize.prompt', 'notes');
  await pick(panel, 'Fill notes from…', 'Git diff');
  await panel.getByText('Filled from the git diff.').waitFor();
  await eventually(async () =>
    assert.match(await panel.getByRole('textbox', { name: /notes/ }).inputValue(), /^\+All went well\.$/m),
  );

  await panel.getByRole('button', { name: 'Browse…' }).click();
  // The dialog of VS Code in the browser takes a path once it has listed its folder.
  await editor.workbench.page
    .locator('.quick-input-widget .quick-input-filter input')
    .fill(join(editor.folder, 'report.md'));
  await row('report.md').click();
  await panel.getByText('Filled from a file.').waitFor();
  const report = panel.getByRole('textbox', { name: /report/ });
  await eventually(async () => assert.equal(await report.inputValue(), '# Report\nAll went well.\n'));
});

test('a field is filled from what is selected in an editor', async () => {
  await editor.workbench.editor('summarize.prompt').getByText('what to summarize').dblclick();
  const panel = await panelOf(editor, 'summarize.prompt', 'notes');
  await pick(panel, 'Fill notes from…', 'Selection in summarize.prompt');
  await panel.getByText('Filled from the selection in summarize.prompt.').waitFor();
  await eventually(async () =>
    assert.match(await panel.getByRole('textbox', { name: /notes/ }).inputValue(), /^\w+$/),
  );
});

test('an earlier run fills the form, and Undo takes it back', async () => {
  const panel = await panelOf(editor, 'summarize.prompt', 'notes');
  const notes = panel.getByRole('textbox', { name: /notes/ });
  for (const text of ['The first run.', 'The second run.']) {
    await notes.fill(text);
    await panel.getByRole('button', { name: /^Run/ }).first().click();
    await panel.locator('.chips', { hasText: text }).waitFor();
    await figuresIn(panel).filter({ hasText: 'stop' }).waitFor();
    await panel.locator('.chips').click();
  }
  await notes.fill('Typed and not run.');
  await pick(panel, 'Fill from…', 'An Earlier Run');
  await row('The first run.').click();
  await panel.getByText(/Filled from the run of/).waitFor();
  await eventually(async () => assert.equal(await notes.inputValue(), 'The first run.'));
  await panel.getByRole('button', { name: 'Undo' }).click();
  await panel.getByText(/Filled from the run of/).waitFor({ state: 'detached' });
  await eventually(async () => assert.equal(await notes.inputValue(), 'Typed and not run.'));
});

test('JSON in the clipboard fills the form, and what is no variable is said', async () => {
  const { page } = editor.workbench;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const panel = await panelOf(editor, 'summarize.prompt', 'notes');
  const copy = (text: string) => page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.locator('.tab.active', { hasText: 'summarize.prompt' }).first().click();
  await copy('{"notes": "Pasted.", "size": 3}');
  await pick(panel, 'Fill from…', 'JSON in the Clipboard');
  await panel.getByText('Filled from the clipboard.').waitFor();
  await eventually(async () =>
    assert.equal(await panel.getByRole('textbox', { name: /notes/ }).inputValue(), 'Pasted.'),
  );
  await editor.workbench.toast('“size” is no variable of this prompt').waitFor();

  await page.locator('.tab.active', { hasText: 'summarize.prompt' }).first().click();
  await copy('{"notes": ');
  await pick(panel, 'Fill from…', 'JSON in the Clipboard');
  await editor.workbench
    .toast(/The clipboard cannot be used\. This is not JSON: .*line 1, column 11/)
    .waitFor();
});

test('a file of sets that is broken is told, opened, and never written over', async () => {
  await writeFile(join(editor.folder, 'summarize.prompt.inputs.json'), '{"kickoff": {');
  const panel = await panelOf(editor, 'summarize.prompt', 'notes');
  await pick(panel, 'Fill from…', 'summarize.prompt.inputs.json cannot be used');
  await editor.workbench.editor('summarize.prompt.inputs.json').getByText('kickoff').waitFor();
  await eventually(async () => assert.equal(await row('Save as a Named Set').count(), 0));
});

async function formOf(text: string): Promise<Frame> {
  return runByLens(editor, 'summarize.prompt', text);
}

/** Presses a button of the panel and takes a row of the list that opens. */
async function pick(panel: Frame, button: string, label: string): Promise<void> {
  await panel.getByRole('button', { name: button, exact: true }).click();
  await row(label).click();
}

function row(label: string) {
  return editor.workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: label }).first();
}
