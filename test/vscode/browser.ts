/** A person at VS Code in a real browser. Locators wait by themselves; see playwright.dev/docs/locators. */
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { chromium, type Browser, type Frame, type Locator, type Page } from 'playwright-core';
import { ensureChromium, root } from '../../.ci/setup.mjs';

/** For every wait: a loaded machine with two cores needs 40 s now and then to show a file. */
const timeoutMs = 60_000;

/** Opens a page of VS Code (see `CodeServer.address`) in a browser of its own and waits until it can be used. */
export async function openWorkbench(address: string): Promise<Workbench> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(timeoutMs);
    await page.goto(address);
    await firstFile(page).waitFor();
    return new Workbench(browser, page);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** The first file of the folder; VS Code shows it when it can be used. */
function firstFile(page: Page): Locator {
  return page.locator('.explorer-folders-view .monaco-list-row').first();
}

export async function launchBrowser(): Promise<Browser> {
  // GPU and QUIC cost seconds where there is none; Chromium has no sandbox for root.
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: ensureChromium(),
    args: ['--disable-gpu', '--disable-quic', ...(asRoot ? ['--no-sandbox'] : [])],
  });
}

export class Workbench {
  /** For whatever has no method here. */
  readonly page: Page;
  readonly #browser: Browser;

  constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  /** Opens a file, given by its path in the folder, and returns its text area. It may have been written just now. */
  async open(file: string): Promise<Locator> {
    const folder = new URL(this.page.url()).searchParams.get('folder') ?? '';
    // By its absolute path, because a name is looked up in a list that lacks what is new.
    await this.#pick('ControlOrMeta+P', join(folder, file), basename(file));
    return this.editor(basename(file));
  }

  /** Runs a command by its title in the palette, such as `LLM Playground: Run Prompt`. */
  async run(title: string): Promise<void> {
    await this.#pick('F1', `>${title}`, title);
  }

  /** Answers an input box or a pick that an extension has opened, and waits until that is taken. */
  async answer(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget .quick-input-filter input');
    await input.fill(text);
    // Enter is passed over while the extension is still asked whether the text is valid.
    for (let tries = 0; tries < 10; tries++) {
      await input.press('Enter');
      if (await this.#isLeft(text, 1_000)) return;
    }
    throw new Error(`Nothing takes the answer ${text}`);
  }

  /** The lines of an open text editor, by the name of its file. Only what is scrolled into view is there. */
  editor(file: string): Locator {
    return this.page.locator(
      `.editor-instance[aria-label*="${file}"] .view-lines, [data-uri$="${file}"] .view-lines`,
    );
  }

  /**
   * The part of a CodeLens with this text that runs a command when it is clicked, in the first editor that shows one.
   * What stands there without a command, also before VS Code has resolved it, is in `lensLine`.
   */
  lens(text: string | RegExp): Locator {
    return this.page.locator('.codelens-decoration a').filter({ hasText: text }).first();
  }

  /** The first CodeLens line with this text, with all its parts. */
  lensLine(text: string | RegExp): Locator {
    return this.page.locator('.codelens-decoration').filter({ hasText: text }).first();
  }

  /** The status bar's item with this text. */
  statusBar(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text });
  }

  /** A notification with this text. */
  toast(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item').filter({ hasText: text });
  }

  /** The document inside the webview that shows this text; waits until there is one. */
  async webview(text: string | RegExp): Promise<Frame> {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames().filter((frame) => frame.url().includes('/fake.html'))) {
        // A frame may go away between being listed and being asked.
        const found = await frame
          .getByText(text)
          .count()
          .catch(() => 0);
        if (found > 0) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`No webview shows ${String(text)}`);
  }

  /** Writes `test-results/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    const folder = join(root, 'test-results');
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name.replace(/[^\w.-]+/g, '-')}.png`) });
  }

  /** Reloads the window: the extension host ends and another starts. */
  async reload(): Promise<void> {
    await this.page.reload();
    await firstFile(this.page).waitFor();
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Opens the quick pick by its key, types into it and takes the entry that shows `label`, once the list has it. */
  async #pick(key: string, query: string, label: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    const timeout = timeoutMs / 4;
    for (let tries = 1; ; tries++) {
      try {
        await this.page.keyboard.press(key);
        await widget.locator('.quick-input-filter input').fill(query, { timeout });
        await widget.locator('.monaco-list-row').filter({ hasText: label }).first().click({ timeout });
        break;
      } catch (error) {
        // What takes the focus late, such as a panel that has just been drawn, closes the quick pick: ask again.
        if (tries === 4) throw error;
      }
    }
    if (!(await this.#isLeft(query, timeoutMs))) throw new Error(`Nothing takes ${query}`);
  }

  /** Whether the quick pick or input box goes away, or asks something else than what `text` answers, in time. */
  async #isLeft(text: string, timeout: number): Promise<boolean> {
    const isLeft = `(() => {
      const widget = document.querySelector('.quick-input-widget');
      const input = widget?.querySelector('.quick-input-filter input');
      return !widget || widget.style.display === 'none' || input?.value !== ${JSON.stringify(text)};
    })()`;
    return this.page.waitForFunction(isLeft, undefined, { timeout }).then(
      () => true,
      () => false,
    );
  }
}
