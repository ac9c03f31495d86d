/** What the journeys in a panel have in common: prompts that are made for them, and the panel as a reader sees it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { scriptedModel } from '../../models/scripted.ts';
import type { PackedEditor } from '../packedEditor.ts';

/** Writes prompts into a folder, by their names without `.prompt`. */
export async function writePrompts(
  folder: string,
  texts: { readonly [name: string]: string },
): Promise<void> {
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, `${name}.prompt`), text);
}

/**
 * Writes prompts whose model answers without an end: some 2,000 tokens a second, for up to a minute, so that there is
 * time to do something to the run.
 */
export async function writeEndlessPrompts(folder: string, names: readonly string[]): Promise<void> {
  const model = join(folder, 'endless.gguf');
  const answer = 'One more word, and then another one.\n';
  await writeFile(model, scriptedModel({ answer, contextLength: 131_072, endless: true }));
  const text = `---\nmodel: local/${model}\nconfig:\n  contextSize: 120000\n---\nTalk for ever.\n`;
  await writePrompts(folder, Object.fromEntries(names.map((name) => [name, text])));
}

/** Opens a prompt and runs it by the line above it; returns its panel once that shows `text`. */
export async function runByLens(editor: PackedEditor, file: string, text: string | RegExp): Promise<Frame> {
  const { page } = editor.workbench;
  const tab = page.locator('.editor-group-container.active .tab.active', { hasText: file });
  await editor.workbench.open(file);
  // A window that has just lost the focus to another may take the keys and open nothing: ask once more.
  if (!(await shows(tab))) await editor.workbench.open(file);
  await tab.waitFor();
  await page.locator('.editor-group-container.active .codelens-decoration a', { hasText: 'Run' }).click();
  return panelOf(editor, file, text);
}

/** Whether something comes into view within a few seconds. */
export async function shows(locator: Locator): Promise<boolean> {
  return locator.waitFor({ timeout: 8_000 }).then(
    () => true,
    () => false,
  );
}

/** The panel of a prompt, once it shows `text`. */
export async function panelOf(
  { workbench }: Pick<PackedEditor, 'workbench'>,
  file: string,
  text: string | RegExp,
): Promise<Frame> {
  return panelIn(workbench.page, file, text);
}

/** The panel of a prompt in one of VS Code's windows, once it shows `text`. */
export async function panelIn(window: Page, file: string, text: string | RegExp): Promise<Frame> {
  for (let tries = 0; tries < 600; tries++) {
    for (const frame of window.frames().filter((candidate) => candidate.url().includes('/fake.html'))) {
      // A frame may go away between being listed and being asked.
      const shows = await frame
        .locator('.panel', { has: frame.locator('.prompt-name', { hasText: file }), hasText: text })
        .isVisible()
        .catch(() => false);
      if (shows) return frame;
    }
    await window.waitForTimeout(100);
  }
  throw new Error(`The panel of ${file} does not show ${String(text)}`);
}

/** The answer's text so far. */
export function answerIn(panel: Frame): Locator {
  return panel.locator('.answer-text');
}

/** The one line of figures below the answer. */
export function figuresIn(panel: Frame): Locator {
  return panel.locator('.stats-line');
}

/** How many characters of answer there are; waits until there are more than `atLeast`. */
export async function lengthOfAnswer(panel: Frame, atLeast = 0): Promise<number> {
  for (;;) {
    const length = (await answerIn(panel).innerText()).length;
    if (length > atLeast) return length;
    await panel.waitForTimeout(50);
  }
}

/** Resolves when a page has been taken away, as by a reload. */
export async function goneFrom(panel: Frame): Promise<void> {
  while (!panel.isDetached()) await panel.page().waitForTimeout(50);
}
