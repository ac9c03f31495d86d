import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { answering } from './answering.ts';
import { test } from './suite.ts';

/** Commands on a button of a row, of each view with rows that are read again. */
const onRows = [
  'llmPlayground.runVersion',
  'llmPlayground.runVersionBeside',
  'llmPlayground.compareVersion',
  'llmPlayground.copyVersionId',
  'llmPlayground.deleteConversation',
  'llmPlayground.pinConversation',
  'llmPlayground.runListedPrompt',
  'llmPlayground.copyToWorkspace',
  'llmPlayground.deleteComparison',
  'llmPlayground.compareModel',
  'llmPlayground.unloadModel',
  'llmPlayground.unloadLocalModel',
  'llmPlayground.removeDownload',
];

for (const command of onRows) {
  test(`${command} says so when its row is read again while its button is pressed`, async () => {
    // What VS Code passes in the place of a row that it no longer knows.
    const shown = await answering({}, () => vscode.commands.executeCommand(command, undefined));
    assert.deepEqual(shown, ['The list was read again just as you pressed that row. Press it again.']);
  });
}
