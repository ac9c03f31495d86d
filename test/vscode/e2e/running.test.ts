import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultAnswer, scriptedModel } from '../../models/scripted.ts';
import { openWorkbench } from '../browser.ts';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { killExtensionHosts } from './killHosts.ts';
import {
  answerIn,
  goneFrom,
  lengthOfAnswer,
  panelOf,
  runByLens,
  writeEndlessPrompts,
  writePrompts,
} from './answers.ts';

const editor = packedEditor({
  async prepare(folder) {
    await writeEndlessPrompts(folder, [
      'stopped',
      'closed',
      'reloaded',
      'windows',
      'killed',
      'hostless',
      'left',
    ]);
    const scripted = join(folder, 'scripted.gguf');
    await writeFile(scripted, scriptedModel());
    const rubbish = join(folder, 'rubbish.gguf');
    await writeFile(rubbish, 'this is no model');
    await writePrompts(folder, {
      scripted: `---\nmodel: local/${scripted}\n---\nHello\n`,
      'broken-yaml': '---\nname: x\nconfig: {temperature: 1\n---\nHello\n',
      'broken-template': '---\nname: x\n---\nHello {{#if a}}\n',
      'unknown-helper': 'Hello {{shout "me"}}\n',
      'unknown-provider': '---\nmodel: nobody/nothing\n---\nHello\n',
      'unknown-model': '---\nmodel: local/nothing\n---\nHello\n',
      'no-gguf': `---\nmodel: local/${rubbish}\n---\nHello\n`,
    });
  },
});

test('the answer is what the model says, to the letter', async () => {
  const panel = await runByLens(editor, 'scripted.prompt', 'Run again');
  await panel.getByText('Raw', { exact: true }).click();
  await panel.locator('.answer-text', { hasText: '## A scripted answer' }).waitFor();
  await eventually(async () =>
    assert.equal((await answerIn(panel).innerText()).trim(), defaultAnswer.trim()),
  );
});

test('Stop in the panel keeps what has arrived', async () => {
  const panel = await runByLens(editor, 'stopped.prompt', 'One more word');
  await panel.getByText('Stop', { exact: true }).click();
  await panel.locator('.badge-stopped').waitFor();
  const length = await lengthOfAnswer(panel);
  await panel.waitForTimeout(300);
  assert.equal(await lengthOfAnswer(panel), length);
});

test('a panel that is closed in mid-answer shows it all when it comes back', async () => {
  const panel = await runByLens(editor, 'closed.prompt', 'One more word');
  const before = await lengthOfAnswer(panel);
  await editor.workbench.page
    .locator('.editor-group-container:not(.active) .tab', { hasText: 'closed.prompt' })
    .click({ button: 'middle' });
  await editor.workbench.page.waitForTimeout(500);
  await editor.workbench.lens('Show').click();
  const again = await panelOf(editor, 'closed.prompt', 'One more word');
  assert.ok((await lengthOfAnswer(again, before)) > before);
  await editor.workbench.lens('Stop').click();
  await again.locator('.badge-stopped').waitFor();
});

test('a webview that is reloaded in mid-answer goes on from where the run is', async () => {
  const panel = await runByLens(editor, 'reloaded.prompt', 'One more word');
  const before = await lengthOfAnswer(panel);
  await editor.workbench.run('Developer: Reload Webviews');
  await goneFrom(panel);
  const again = await panelOf(editor, 'reloaded.prompt', 'One more word');
  assert.ok((await lengthOfAnswer(again, before)) > before);
  await again.getByText('Stop', { exact: true }).click();
  await again.locator('.badge-stopped').waitFor();
});

test('two windows run at once on one history, and neither disturbs the run of the other', async () => {
  const panel = await runByLens(editor, 'windows.prompt', 'One more word');
  const other = await openWorkbench(editor.server.address(editor.folder));
  try {
    const second = await runByLens({ ...editor, workbench: other }, 'scripted.prompt', 'Run again');
    await second.locator('.stats-line', { hasText: 'stop' }).waitFor();
    await eventually(async () => assert.equal(await second.locator('.notice-warning').count(), 0));
  } finally {
    await other.close();
  }
  const before = await lengthOfAnswer(panel);
  assert.ok((await lengthOfAnswer(panel, before)) > before);
  await panel.getByText('Stop', { exact: true }).click();
  await panel.locator('.badge-stopped').waitFor();
});

test('a killed runtime leaves its text and says so, and the next run works', async () => {
  const panel = await runByLens(editor, 'killed.prompt', 'One more word');
  const before = await lengthOfAnswer(panel);
  killRuntimes();
  await panel.locator('.notice-error').waitFor();
  await eventually(async () => assert.match(await panel.locator('.notice-error').innerText(), /SIGKILL/));
  assert.ok((await lengthOfAnswer(panel)) >= before);
  await editor.workbench.screenshot('killed');

  await panel.locator('.notice-error').getByText('Run again', { exact: true }).click();
  await panel.locator('.badge-running').waitFor();
  await lengthOfAnswer(panel, 10);
  await panel.getByText('Stop', { exact: true }).click();
  await panel.locator('.badge-stopped').waitFor();
});

test('front matter that is not YAML is told with its line, which opens in the editor', async () => {
  const panel = await runByLens(editor, 'broken-yaml.prompt', 'Not run');
  await panel.getByText(/Line [34], column/).click();
  await editor.workbench.statusBar(/Ln [34], Col/).waitFor();
  await editor.workbench.screenshot('broken-yaml');
});

test('a template that does not parse is told with its line', async () => {
  const panel = await runByLens(editor, 'broken-template.prompt', 'Not run');
  await panel.getByText(/Line [45], column/).waitFor();
});

test('an unknown helper is told by its name', async () => {
  const panel = await runByLens(editor, 'unknown-helper.prompt', 'Not run');
  await eventually(async () => assert.match(await panel.locator('.notice-error').innerText(), /shout/));
});

test('an unknown provider is told with those there are', async () => {
  const panel = await runByLens(editor, 'unknown-provider.prompt', 'Not run');
  await eventually(async () =>
    assert.match(await panel.locator('.notice-error').innerText(), /no provider "nobody".*"local\/…"/s),
  );
});

test('an unknown local model is told with those there are', async () => {
  const panel = await runByLens(editor, 'unknown-model.prompt', 'Failed');
  await eventually(async () =>
    assert.match(await panel.locator('.notice-error').innerText(), /"nothing".*"local\/\w+"/s),
  );
});

test('a model file that is no GGUF is told as such', async () => {
  const panel = await runByLens(editor, 'no-gguf.prompt', 'Failed');
  await eventually(async () => assert.match(await panel.locator('.notice-error').innerText(), /GGUF/));
});

test('a run that the window left in mid-answer is found interrupted with its text', async () => {
  const panel = await runByLens(editor, 'left.prompt', 'One more word');
  await lengthOfAnswer(panel, 2_000);
  await editor.workbench.reload();
  // Which panels come back depends on when the browser last wrote the layout down, so the run is asked for.
  await editor.workbench.open('left.prompt');
  await editor.workbench.lens('Show panel').click();
  const again = await panelOf(editor, 'left.prompt', 'Interrupted');
  assert.ok((await lengthOfAnswer(again)) > 500);
  await editor.workbench.screenshot('interrupted');
});

test('a killed extension host leaves all but the last 250 ms of the text, marked interrupted, and Continue goes on', async () => {
  const panel = await runByLens(editor, 'hostless.prompt', 'One more word');
  const start = performance.now();
  const begun = await lengthOfAnswer(panel, 2_000);
  await lengthOfAnswer(panel, begun + 10_000);
  killExtensionHosts(editor);
  const ms = performance.now() - start;
  // What was on its way to the page is there by now, and it takes another host longer to begin.
  await panel.waitForTimeout(200);
  const before = await lengthOfAnswer(panel);
  const charactersPerMs = (before - begun) / ms;
  // VS Code starts another host by itself.
  await editor.workbench.lens('Show panel').click();
  const again = await panelOf(editor, 'hostless.prompt', 'Interrupted');
  const kept = await lengthOfAnswer(again);
  assert.ok(kept >= before - 250 * charactersPerMs, `${before - kept} of ${before} characters are missing`);
  await editor.workbench.screenshot('host-killed');

  await again.getByText('Continue', { exact: true }).click();
  await again.locator('.badge-running').waitFor();
  assert.ok((await lengthOfAnswer(again, kept)) > kept);
  await again.getByText('Stop', { exact: true }).click();
  await again.locator('.badge-stopped').waitFor();
});

/** Ends the runtime processes of this machine that belong to this test's server. */
function killRuntimes(): void {
  execFileSync('pkill', ['-KILL', '-f', `${editor.server.profile}.*runtime/main\\.mjs`]);
}
