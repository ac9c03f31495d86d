/** The panel's page as VS Code would load it, in a real browser, with the test in the place of the extension host. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { ensureChromium, root } from '../../.ci/setup.mjs';
import {
  emptyPanel,
  protocolVersion,
  type HostMessage,
  type PanelState,
  type Run,
  type ViewMessage,
} from '../../src/protocol.ts';
import { eventually } from '../eventually.ts';
import { bundledPage } from './bundledPage.ts';
import { lane } from './samples.ts';
import { themes, themeStyle, type ThemeName } from './themes.ts';

export async function launchBrowser(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: ensureChromium(),
    args: ['--disable-gpu', '--disable-quic', ...(asRoot ? ['--no-sandbox'] : [])],
  });
}

/** The program and its styles, as the extension ships them. */
export interface Bundle {
  readonly script: string;
  readonly style: string;
  /** The program that colours code; absent where the page shows none. */
  readonly highlighter?: string;
}

export async function bundlePanel(): Promise<Bundle> {
  const textOf = await bundledPage({
    main: join(root, 'webview/main.tsx'),
    highlight: join(root, 'webview/highlight/main.ts'),
  });
  return { script: textOf('main.js'), style: textOf('main.css'), highlighter: textOf('highlight.js') };
}

export interface PanelOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
}

/** Opens a panel that has just been created. */
export async function openPanel(
  browser: Browser,
  bundle: Bundle,
  options: PanelOptions = {},
): Promise<PanelPage> {
  const { theme = 'dark', width = 600, height = 800 } = options;
  const page = await newPage(browser);
  await page.setViewportSize({ width, height });
  page.setDefaultTimeout(10_000);
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  const files: Record<string, { contentType: string; body: string }> = {
    '/': { contentType: 'text/html', body: html(theme) },
    '/main.js': { contentType: 'text/javascript', body: bundle.script },
    '/highlight.js': { contentType: 'text/javascript', body: bundle.highlighter ?? '' },
    '/main.css': { contentType: 'text/css', body: bundle.style },
    '/host.js': { contentType: 'text/javascript', body: fakeHost },
  };
  await page.route('**/*', (route) => {
    const file = files[new URL(route.request().url()).pathname];
    return file ? route.fulfill(file) : route.abort();
  });
  await page.goto('http://localhost/');
  return new PanelPage(page, problems, requests);
}

type Draft = Extract<ViewMessage, { type: 'draft' }>;

/** What a panel shows; what is left out is not there. */
export type ShownState = Partial<PanelState> & { readonly run?: Run };

/** The panel, driven from both sides: as the host (`send`, `posted`) and as the user (`page`). */
export class PanelPage {
  readonly page: Page;
  /** Errors of the page: exceptions, and whatever the content security policy refused. */
  readonly problems: readonly string[];
  /** The addresses that the page asked for. */
  readonly requests: readonly string[];

  constructor(page: Page, problems: readonly string[], requests: readonly string[]) {
    this.page = page;
    this.problems = problems;
    this.requests = requests;
  }

  /** Sends messages of the host, in order, and waits for a frame. */
  async send(...messages: readonly HostMessage[]): Promise<void> {
    await this.page.evaluate(`host.send(${JSON.stringify(messages)})`);
  }

  /** Sends a snapshot. Without lanes there is one, which shows `run`. */
  async show({ run, ...state }: ShownState): Promise<void> {
    const shown: PanelState = { ...emptyPanel, lanes: [lane('1', { run: run ?? null })], ...state };
    await this.send({ type: 'snapshot', protocol: protocolVersion, state: shown });
  }

  /**
   * What the panel has asked of the host since it was loaded; {@link drafts} are told without anybody asking, and the
   * question whether the host is there is answered at once, while `host.isThere`.
   */
  async posted(): Promise<readonly ViewMessage[]> {
    const all = await this.page.evaluate<ViewMessage[]>('host.posted');
    return all.filter(({ type }) => type !== 'draft');
  }

  /** What the host was told is written, so that it can be counted; the oldest first. */
  async drafts(): Promise<readonly Draft[]> {
    const all = await this.page.evaluate<ViewMessage[]>('host.posted');
    return all.filter((message) => message.type === 'draft');
  }

  /** Waits until an element shows this text: the panel draws a stream when it has the time. */
  async shows(selector: string, expected: RegExp): Promise<void> {
    await eventually(async () => assert.match(await this.page.locator(selector).innerText(), expected));
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

/** A page with a session of its own, but one context for all: making one takes longer than most tests. */
async function newPage(browser: Browser): Promise<Page> {
  const options: BrowserContextOptions = {
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'reduce',
  };
  const context = browser.contexts()[0] ?? (await browser.newContext(options));
  return context.newPage();
}

/**
 * Strict as the extension's own policy: scripts by nonce, no inline styles, nothing from elsewhere. The toolkit finds
 * out by a style element of its own what the browser can do, with the nonce of `<meta property="csp-nonce">`.
 */
const policy =
  "default-src 'none'; img-src data:; script-src 'nonce-panel'; style-src 'self' 'nonce-panel'; font-src 'self'";

/** The page of the extension inside what VS Code puts around it: the theme's variables and its default styles. */
function html(theme: ThemeName): string {
  return `<!doctype html>
<html lang="en" style="${themeStyle(theme)}">
<head>
<meta charset="utf-8">
<style nonce="panel">${vscodeDefaults}</style>
<meta property="csp-nonce" content="panel">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="/main.css">
<script nonce="panel" src="/host.js"></script>
</head>
<body class="${themes[theme].kind}" data-vscode-theme-kind="${themes[theme].kind}">
<div id="root"></div>
<script nonce="panel" src="/main.js"></script>
</body>
</html>`;
}

/** From VS Code's pre/index.html, as far as it touches what the panel uses. */
const vscodeDefaults = `
@layer vscode-default {
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body { color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family);
    font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
  a, a code { color: var(--vscode-textLink-foreground); }
  a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
  code { font-family: var(--monaco-monospace-font); color: var(--vscode-textPreformat-foreground);
    background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
  pre code { padding: 0; }
  blockquote { background: var(--vscode-textBlockQuote-background); border-color: var(--vscode-textBlockQuote-border); }
}`;

/** Runs in the page. The state is kept in the session, as VS Code keeps it over a reload of the webview. */
const fakeHost = `
const host = {
  posted: [],
  isThere: true,
  hear(message) {
    if (message.type !== 'ping') host.posted.push(structuredClone(message));
    else if (host.isThere) window.dispatchEvent(new MessageEvent('message', { data: { type: 'pong' } }));
  },
  async send(messages) {
    for (const message of messages) window.dispatchEvent(new MessageEvent('message', { data: message }));
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    await frame();
    await frame();
  },
};
window.acquireVsCodeApi = () => ({
  postMessage: host.hear,
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
  setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
});
`;
