/** What journeys through the side bar have in common. */
import type { Locator } from 'playwright-core';
import type { PackedEditor } from '../packedEditor.ts';

type WithWorkbench = Pick<PackedEditor, 'workbench'>;

/** A view of the side bar by its title, with its header. */
export function view({ workbench }: WithWorkbench, name: string): Locator {
  const { page } = workbench;
  return page
    .locator('.split-view-view', {
      has: page.locator('.pane-header .title', { hasText: new RegExp(`^${name}$`) }),
    })
    .last();
}

/** A row of the Versions view; lists hold only the rows that are in view. */
export function versionRow(editor: WithWorkbench, text: string): Locator {
  return view(editor, 'Versions').locator('.monaco-list-row', { hasText: text });
}

/** Presses a button that a row or a view's title shows while the pointer is over it; a list that is drawn again hides it. */
export async function press(over: Locator, button: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await over.hover();
      await over.locator(`[aria-label="${button}"]`).click({ timeout: 5_000 });
      return;
    } catch (error) {
      if (tries === 6) throw error;
    }
  }
}

/** Takes an entry of a row's context menu. */
export async function choose({ workbench }: WithWorkbench, row: Locator, entry: string): Promise<void> {
  await row.click({ button: 'right' });
  const item = workbench.page.locator('.context-view .action-label', { hasText: entry }).first();
  // A menu that has only just opened takes a click for the end of the one that opened it.
  for (let tries = 0; tries < 5 && (tries === 0 || (await item.isVisible())); tries++) {
    await item.click();
    await workbench.page.waitForTimeout(300);
  }
}
