/** What the journeys in a panel have in common: prompts that are made for them, and the panel as a reader sees it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { scriptedModel } from '../../models/scripted.ts';
import type { PackedEditor } from '../packedEditor.ts';

/**
 * Writes `<name>.prompt` and, beside it, a model that answers without an end: some 2,000 tokens a second, for up to a
 * minute, so that there is time to do something to the run.
 */
export async function writeEndlessPrompt({ folder }: PackedEditor, name: string): Promise<void> {
  const model = join(folder, `${name}.gguf`);
  await writeFile(
    model,
    scriptedModel({
      answer: 'One more word, and then another one.\n',
      contextLength: 131_072,
      endless: true,
    }),
  );
  await writePrompt(
    { folder },
    name,
    `---\nmodel: local/${model}\nconfig:\n  contextSize: 120000\n---\nTalk for ever.\n`,
  );
}

/** Writes `<name>.prompt` into the open folder. */
export async function writePrompt(
  { folder }: Pick<PackedEditor, 'folder'>,
  name: string,
  text: string,
): Promise<void> {
  await writeFile(join(folder, `${name}.prompt`), text);
}

/** Opens a prompt and runs it by the line above it; returns its panel once that shows `text`. */
export async function runByLens(
  { workbench }: PackedEditor,
  file: string,
  text: string | RegExp,
): Promise<Frame> {
  await workbench.open(file);
  await workbench.lens('Run').click();
  return workbench.webview(text);
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
