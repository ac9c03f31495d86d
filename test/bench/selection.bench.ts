/**
 * From the key that selects 100 KB to the count that is painted, in a real VS Code, against what the editor itself paints
 * for the same key: how many characters are selected. And what the count costs the thread that the extension host runs on,
 * with the text handed over as there.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageExtension } from '../../.ci/package.ts';
import { Tokenizer } from '../../src/node/tokenizer.ts';
import { openWorkbench, type Workbench } from '../vscode/browser.ts';
import { startCodeServer } from '../vscode/codeServer.ts';
import { median } from './median.ts';
import { benchText } from './tokenTexts.ts';

const rounds = 25;
const text = benchText('code').slice(0, 100_000);

/** When something stood on the screen, in ms after the key. */
interface Painted {
  /** The editor's own number of selected characters. */
  readonly editor: number;
  /** Our count in the status bar, and at the end of the selection. */
  readonly status: number;
  readonly inline: number;
}

/** Looks at every frame from the key on, until all three stand there. Text, because this file is compiled for Node. */
const watch = `new Promise((resolve) => {
  const seen = {};
  let start = 0;
  const onKey = ({ key }) => key === 'End' && (start = performance.now());
  addEventListener('keydown', onKey, { capture: true });
  const isInline = () => [...document.querySelectorAll('.view-line [class*="ced-"]')]
    .some((span) => getComputedStyle(span, '::after').content.includes('tok'));
  const look = () => {
    const status = document.querySelector('.statusbar').innerText;
    const now = performance.now() - start;
    if (/selected/.test(status)) seen.editor ??= now;
    if (/tok ·/.test(status)) seen.status ??= now;
    if (seen.inline === undefined && isInline()) seen.inline = now;
    if (Object.keys(seen).length < 3) return requestAnimationFrame(look);
    removeEventListener('keydown', onKey, { capture: true });
    resolve(seen);
  };
  requestAnimationFrame(look);
})`;

await measureHost();
const folder = await mkdtemp(join(tmpdir(), 'bench-'));
await writeFile(join(folder, 'text.txt'), text);
const server = await startCodeServer({
  extensions: [await packageExtension()],
  settings: { 'llmPlayground.defaultModel': 'openai/gpt-5' },
});
const workbench = await openWorkbench(server.address(folder));
try {
  report(await measurePaint(workbench));
} finally {
  await workbench.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

/** The time of the calling thread's processor, and how long the count is waited for. */
async function measureHost(): Promise<void> {
  using tokenizer = new Tokenizer();
  const parts = {
    length: text.length,
    [Symbol.iterator]: () => [text.slice(0, 65_536), text.slice(65_536)].values(),
  };
  const { signal } = new AbortController();
  const took: { readonly thread: number; readonly waited: number }[] = [];
  for (let round = 0; round < rounds + 3; round++) {
    const [started, before] = [performance.now(), process.threadCpuUsage()];
    await tokenizer.count({ texts: [parts], tokenizer: 'o200k_base' }, signal);
    const { user, system } = process.threadCpuUsage(before);
    took.push({ thread: (user + system) / 1000, waited: performance.now() - started });
  }
  // The first ones start the thread and warm up.
  const [threads, waits] = [
    took.slice(3).map(({ thread }) => thread),
    took.slice(3).map(({ waited }) => waited),
  ];
  console.log(
    `A count of ${text.length / 1000} KB: ${median(threads).toFixed(2)} ms of the host's thread, at most ${Math.max(...threads).toFixed(2)}; there after ${median(waits).toFixed(1)} ms`,
  );
}

async function measurePaint(workbench: Workbench): Promise<readonly Painted[]> {
  const { page } = workbench;
  await (await workbench.open('text.txt')).click();
  const painted: Painted[] = [];
  for (let round = 0; round < rounds; round++) {
    await page.keyboard.press('ControlOrMeta+Home');
    await page.waitForFunction(`!/selected|tok ·/.test(document.querySelector('.statusbar').innerText)`);
    const seen = page.evaluate<Painted>(watch);
    await page.keyboard.press('ControlOrMeta+Shift+End');
    painted.push(await seen);
  }
  // The first one starts the thread that counts and loads its table.
  return painted.slice(1);
}

function report(painted: readonly Painted[]): void {
  const of = (key: keyof Painted): number => median(painted.map((each) => each[key]));
  const added = (key: keyof Painted): string =>
    median(painted.map((each) => each[key] - each.editor)).toFixed(0);
  console.log(`From the key to the screen (${painted.length} rounds, medians):
  the editor's own number  ${of('editor').toFixed(0)} ms
  tokens in the status bar ${of('status').toFixed(0)} ms, ${added('status')} after it
  tokens at the selection  ${of('inline').toFixed(0)} ms, ${added('inline')} after it`);
}
