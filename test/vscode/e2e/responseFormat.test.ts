import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { scriptedModel } from '../../models/scripted.ts';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { panelOf, runByLens, writePrompts } from './answers.ts';

const file = 'person.prompt';

const editor = packedEditor({
  async prepare(folder) {
    const model = join(folder, 'person.gguf');
    await writeFile(model, scriptedModel({ answer: '{"name": "Ada"}' }));
    await writePrompts(folder, {
      person: `---\nmodel: local/${model}\noutput:\n  schema:\n    name: string\n---\nWho?\n`,
    });
  },
});

test('an answer is checked against the schema of its prompt', async () => {
  const panel = await runByLens(editor, file, 'Valid against the schema');
  await panel.getByRole('button', { name: 'Settings' }).click();
  const schema = panel.getByRole('textbox', { name: 'JSON Schema of the answer' });
  await eventually(async () => assert.match(await schema.inputValue(), /"name"/));
  // What the extension host says of what is typed, with its place.
  await schema.fill('{\n  "type": "strin"\n}');
  await panel.getByRole('button', { name: 'Line 2, column 3' }).waitFor();
  await schema.scrollIntoViewIfNeeded();
  await editor.workbench.screenshot('response-format');
});

test('a schema that is saved in an editor is the lane’s, and the next answer is checked against it', async () => {
  const panel = await panelOf(editor, file, 'Valid against the schema');
  const schema = panel.getByRole('textbox', { name: 'JSON Schema of the answer' });
  await schema.fill('{"type": "object", "required": ["name"]}');
  await panel.getByRole('button', { name: 'Open in Editor' }).click();
  const { page } = editor.workbench;
  await page.locator('.tab.active', { hasText: 'person.prompt.answer-schema.json' }).waitFor();
  await editor.workbench.editor('person.prompt.answer-schema.json').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText('{"type": "object", "required": ["age"]}');
  // What the editor has closed by itself stands behind it.
  await page.keyboard.press('ControlOrMeta+Shift+End');
  await page.keyboard.press('Delete');
  await page.keyboard.press('ControlOrMeta+S');
  await eventually(async () => assert.match(await schema.inputValue(), /"age"/));
  await panel.getByRole('button', { name: 'Run again' }).click();
  await panel.locator('.answer-check', { hasText: 'The answer lacks "age"' }).waitFor();
  await editor.workbench.screenshot('response-format-checked');
});
