import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { answerIn, runByLens, writePrompts } from './answers.ts';

const editor = packedEditor({
  prepare: (folder) => writePrompts(folder, { unsaved: 'Say something.\n' }),
});

test('an answer that cannot be saved is shown all the same, with a warning', async () => {
  // A file stands where the extension's folder should be made: as a full disk or a read-only one, for root too.
  const storage = join(editor.server.profile, 'data', 'User', 'globalStorage');
  await mkdir(storage, { recursive: true });
  await writeFile(join(storage, 'llm-playground.llm-playground'), '');

  const panel = await runByLens(editor, 'unsaved.prompt', 'Not saved');
  await panel.locator('.stats-line', { hasText: 'stop' }).waitFor();
  await eventually(async () => assert.notEqual(await answerIn(panel).innerText(), ''));
  await eventually(async () =>
    assert.match(await panel.locator('.notice-warning').innerText(), /history\.sqlite cannot be written/),
  );
  await editor.workbench.screenshot('not-saved');
});
