import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Frame, Locator } from 'playwright-core';
import { Repository } from '../../node/repository.ts';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { panelOf, shows } from './answers.ts';
import { press, versionRow, view } from './views.ts';

const first = '---\nversion: v1\n---\nWhat is a {{topic}}?\n';
const second = '---\nversion: v2\n---\nWhat is a {{topic}}, for a {{reader}}?\n';
const unsaved = '---\nversion: v2\n---\nWhat is a {{topic}}, in a word?\n';

const editor = packedEditor({
  settings: { 'workbench.colorTheme': 'Default Dark Modern' },
  prepare: async (folder) => {
    const repository = new Repository(folder);
    repository.commit('ask.prompt', first, 'Ask what it is');
    repository.commit('ask.prompt', second, 'Ask for a reader');
    repository.write('ask.prompt', unsaved);
    return Promise.resolve();
  },
});

test('two versions run side by side on the same variables, which one form asks for', async () => {
  const { page } = editor.workbench;
  await showViews();
  for (const other of ['Models', 'Usage', 'Conversations'])
    await view(editor, other).locator('.pane-header').click();
  await editor.workbench.open('ask.prompt');
  await versionRow(editor, 'Working copy').waitFor();
  const asked = page.locator('.quick-input-widget', { hasText: 'Run v1 Side by Side with…' });
  // Views that fold move rows away under the pointer: what asks about another row is left, and asked again.
  for (let tries = 0; tries < 5 && !(tries > 0 && (await shows(asked))); tries++) {
    await page.keyboard.press('Escape');
    await press(versionRow(editor, 'Ask what it is'), 'Run Side by Side with…');
  }
  await asked.waitFor();
  await editor.workbench.answer('Ask for a reader');
  const panel = await panelOf(editor, 'ask.prompt', 'Run all');
  await panel.getByText('Give a value to “topic”, “reader”, then run.').waitFor();
  await panel.getByRole('textbox', { name: /topic/ }).fill('token');
  await panel.getByRole('textbox', { name: /reader/ }).fill('poet');
  await panel.getByRole('textbox', { name: /reader/ }).press('Shift+Enter');
  for (const place of [1, 2]) await ended(panel, place);
  await eventually(async () =>
    assert.deepEqual(await panel.locator('.version-button').allInnerTexts(), ['v1', 'v2']),
  );
  await eventually(async () =>
    assert.deepEqual(await Promise.all([1, 2].map((place) => sentBy(panel, place))), [
      'What is a token?',
      'What is a token, for a poet?',
    ]),
  );
  await editor.workbench.screenshot('versions-side-by-side');
});

test('their runs count for each version', async () => {
  await versionRow(editor, 'v1 · Ask what it is').filter({ hasText: '1 run' }).waitFor();
  await versionRow(editor, 'v2 · Ask for a reader').filter({ hasText: '1 run' }).waitFor();
});

test('a lane is given another version, and runs it alone', async () => {
  const panel = await panelOf(editor, 'ask.prompt', 'Run all');
  await lane(panel, 2).getByRole('button', { name: 'Version: v2' }).click();
  await editor.workbench.page
    .locator('.quick-input-widget', { hasText: 'Which Version Does This Lane Run?' })
    .waitFor();
  await editor.workbench.answer('Working copy');
  await lane(panel, 2).getByRole('button', { name: 'Version: working copy' }).waitFor();
  await lane(panel, 2).getByRole('button', { name: 'Run this lane again' }).click();
  await versionRow(editor, 'Working copy').filter({ hasText: '1 run' }).waitFor();
  await ended(panel, 2);
  await eventually(async () => assert.equal(await sentBy(panel, 1), 'What is a token?'));
  await eventually(async () => assert.equal(await sentBy(panel, 2), 'What is a token, in a word?'));
});

test('the lanes come back with their versions when the window is opened again', async () => {
  await editor.workbench.page.waitForTimeout(3_000);
  await editor.workbench.run('View: Show Explorer');
  await editor.workbench.reload();
  await showViews();
  await editor.workbench.open('ask.prompt');
  await editor.workbench.lens('Show panel').click();
  const panel = await panelOf(editor, 'ask.prompt', 'Run all');
  await lane(panel, 1).getByRole('button', { name: 'Version: v1' }).waitFor();
  await lane(panel, 2).getByRole('button', { name: 'Version: working copy' }).waitFor();
});

test('from the palette, the file as it is runs beside the version that is chosen', async () => {
  await editor.workbench.run('LLM Playground: Run Side by Side with…');
  await editor.workbench.page.locator('.quick-input-widget', { hasText: 'Side by Side with…' }).waitFor();
  await editor.workbench.answer('Ask for a reader');
  const panel = await panelOf(editor, 'ask.prompt', 'Run all');
  await lane(panel, 1).getByRole('button', { name: 'Version: v2' }).waitFor();
  await panel.getByRole('textbox', { name: /reader/ }).fill('child');
  await panel.getByRole('textbox', { name: /reader/ }).press('Shift+Enter');
  for (const place of [1, 2]) await ended(panel, place);
  await eventually(async () => assert.equal(await sentBy(panel, 1), 'What is a token, for a child?'));
});

test('a version that nobody has any more is told in its lane, and the other runs', async () => {
  const panel = await panelOf(editor, 'ask.prompt', 'Run all');
  const { page } = editor.workbench;
  await writeVersion('Never run', '---\n---\nWhat was a {{topic}}?\n');
  await lane(panel, 1)
    .getByRole('button', { name: /^Version:/ })
    .click();
  await page.locator('.quick-input-list', { hasText: 'Never run' }).waitFor();
  await editor.workbench.answer('Never run');
  await lane(panel, 1)
    .getByRole('button', { name: /^Version: [0-9a-f]{7}/ })
    .waitFor();
  await rename(join(editor.folder, '.git'), join(editor.folder, 'git-is-gone'));
  await panel.getByRole('button', { name: 'Run all' }).click();
  await lane(panel, 1).locator('[role=alert]', { hasText: 'text of this version' }).waitFor();
  await lane(panel, 2).locator('.badge-running').waitFor({ state: 'detached' });
  await ended(panel, 2);
  await eventually(async () => assert.equal(await lane(panel, 2).locator('[role=alert]').count(), 0));
  await editor.workbench.screenshot('versions-one-is-gone');
});

async function showViews(): Promise<void> {
  await editor.workbench.page.locator('.activitybar .action-label[aria-label*="LLM Playground"]').click();
}

/** Commits a text and puts back what the file held. */
async function writeVersion(subject: string, text: string): Promise<void> {
  const repository = new Repository(editor.folder);
  repository.commit('ask.prompt', text, subject);
  repository.write('ask.prompt', unsaved);
  await versionRow(editor, subject).waitFor();
}

function lane(panel: Frame, place: number): Locator {
  return panel.locator('.lane').nth(place - 1);
}

async function ended(panel: Frame, place: number): Promise<void> {
  await lane(panel, place)
    .locator('.stats-line', { hasText: /stop|length/ })
    .waitFor();
}

/** What a lane has sent; unfolds it. A click on what is being drawn again is lost. */
async function sentBy(panel: Frame, place: number): Promise<string> {
  const sent = lane(panel, place).locator('.sent');
  await eventually(async () => {
    if ((await sent.count()) > 0) return;
    await lane(panel, place)
      .getByText(/^Sent: /)
      .click();
    await sent.waitFor({ timeout: 2_000 });
  });
  const [text = ''] = /What[^?]*[?]/.exec(await sent.innerText()) ?? [];
  return text;
}
