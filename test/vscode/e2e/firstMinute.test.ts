import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { answerIn, figuresIn, panelOf, runByLens } from './answers.ts';

const editor = packedEditor();

test('a prompt file opens in VS Code with the packed extension', async () => {
  const text = await editor.workbench.open('explain.prompt');
  await text.getByText('{{topic}}').first().waitFor();
});

test('Run above a file asks for its variable, streams the answer beside it and shows its figures', async () => {
  const panel = await runByLens(editor, 'explain.prompt', 'Give a value to “topic”, then run.');
  await editor.workbench.screenshot('form');
  // The form has put the keyboard into the first missing field.
  await editor.workbench.page.keyboard.type('tokenization');
  await editor.workbench.page.keyboard.press('Shift+Enter');

  await panel.locator('.stats-line', { hasText: 'stop' }).waitFor();
  await eventually(async () => assert.match(await answerIn(panel).innerText(), /\btokens?\b/i));
  await eventually(async () =>
    assert.match(
      await figuresIn(panel).innerText(),
      /demo\s*TTFT [\d.]+ m?s\s*total [\d.]+ m?s\s*[\d,.]+ tok\/s\s*in \d+\s*(cached \d+\s*)?out \d+\s*\$0\s*stop/,
    ),
  );
  await eventually(async () =>
    assert.match(await panel.locator('.chips').innerText(), /topic\s*=\s*tokenization/),
  );
  // The picture in the README.
  await editor.workbench.lens('Run').waitFor();
  await editor.workbench.screenshot('answer');
});

test('Run again runs with the same values', async () => {
  const panel = await panelOf(editor, 'explain.prompt', 'tokenization');
  await panel.getByText('Run again', { exact: true }).click();
  await panel.locator('.stats-line', { hasText: 'cached' }).waitFor();
  await eventually(async () =>
    assert.match(await panel.locator('.chips').innerText(), /topic\s*=\s*tokenization/),
  );
});
