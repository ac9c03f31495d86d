/**
 * What the whole path costs: from Run in a real VS Code through the extension host, the runtime's process and back to
 * the page that draws, against the bare loop on the same file. Both take turns in one run.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import type { Frame } from 'playwright-core';
import { packageExtension } from '../../.ci/package.ts';
import { decodeSpeed, type Timing } from '../../src/core/stream.ts';
import type { Run, RunOutput } from '../../src/core/store.ts';
import { defaultThreads } from '../../src/node/processors.ts';
import { writeRandomModel } from '../models/random.ts';
import { openWorkbench } from '../vscode/browser.ts';
import { panelOf } from '../vscode/e2e/answers.ts';
import { startCodeServer } from '../vscode/codeServer.ts';
import type { BareAnswer } from './bareLoop.ts';
import { median } from './median.ts';

const rounds = 7;
const outputTokens = 64;
const prompt = 'Write as much as you can about anything at all.';

const folder = await mkdtemp(join(tmpdir(), 'bench-'));
const model = join(folder, 'random.gguf');
// About 0.2 B parameters: at some 40 tokens a second the smallest size that people use.
writeRandomModel(model, { width: 1024, layers: 12, heads: 16, vocabularySize: 32_000 });
await writeFile(
  join(folder, 'bench.prompt'),
  `---\nmodel: local/${model}\nconfig:\n  temperature: 0\n  maxOutputTokens: ${outputTokens}\n---\n${prompt}\n`,
);

interface PathAnswer {
  /** From the recording of the run to the first change of the page. */
  readonly timeToFirstTokenMs: number;
  /** As the run itself measured it, in the extension host. */
  readonly hostTimeToFirstTokenMs: number;
  /** From the first change of the page to the last. */
  readonly tokensPerSecond: number;
  /** As the run itself measured it, in the extension host. */
  readonly hostTokensPerSecond: number;
}

const bare = fork(
  join(import.meta.dirname, 'bareLoop.ts'),
  [model, prompt, String(outputTokens), String(defaultThreads())],
  { execArgv: ['--disable-warning=ExperimentalWarning'] },
);
await once(bare, 'message');

const server = await startCodeServer({
  extensions: [await packageExtension()],
  env: { NODE_LLAMA_CPP_GPU: 'false' },
});
const workbench = await openWorkbench(server.address(folder));
try {
  await workbench.open('bench.prompt');
  await workbench.lens('Run').click();
  const panel = await panelOf({ workbench }, 'bench.prompt', 'Run again');
  await bareAnswer(bare);

  const bares: BareAnswer[] = [];
  const paths: PathAnswer[] = [];
  for (let round = 0; round < rounds; round++) {
    bares.push(await bareAnswer(bare));
    paths.push(await pathAnswer(panel));
  }
  report(bares, paths);
} finally {
  bare.kill();
  await workbench.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function bareAnswer(child: ChildProcess): Promise<BareAnswer> {
  child.send('answer');
  const [figures] = (await once(child, 'message')) as [BareAnswer];
  return figures;
}

async function pathAnswer(panel: Frame): Promise<PathAnswer> {
  await panel.evaluate(() => {
    const page = globalThis as unknown as Page;
    page.changes = [];
    page.observer?.disconnect();
    page.observer = new page.MutationObserver(() => {
      const text =
        page.document.querySelector('.answer-text p:not(.quiet), .answer-text pre')?.textContent ?? '';
      page.changes.push({ at: page.Date.now(), length: text.length });
    });
    page.observer.observe(page.document.body, { subtree: true, childList: true, characterData: true });
  });
  const before = newestRun().id;
  await panel.getByText('Run again').click();
  const run = await runAfter(before);
  // The last frame may still have to be drawn.
  await delay(500);
  const { startedAt, timing, usage } = run;
  const changes = await panel.evaluate(() => (globalThis as unknown as Page).changes);
  // Until the new run is drawn, the page changes around the text of the run before.
  const begin = changes.findLastIndex(
    ({ length }, index) => length < (changes[index - 1]?.length ?? Infinity),
  );
  const grown = changes
    .slice(begin)
    .filter(({ length }, index, all) => length > (all[index - 1]?.length ?? 0));
  const first = grown[0]?.at ?? Number.NaN;
  const last = grown.at(-1)?.at ?? Number.NaN;
  return {
    timeToFirstTokenMs: first - startedAt,
    hostTimeToFirstTokenMs: timing.timeToFirstTokenMs ?? Number.NaN,
    hostTokensPerSecond: decodeSpeed({ ...(usage ? { usage } : {}), timing }) ?? Number.NaN,
    tokensPerSecond: (((usage?.outputTokens ?? 0) - 1) * 1000) / (last - first),
  };
}

/** The run that follows another, once it has ended. */
async function runAfter(id: string): Promise<ReturnType<typeof newestRun> & { readonly timing: Timing }> {
  for (;;) {
    const run = newestRun();
    if (run.id !== id && run.timing) return { ...run, timing: run.timing };
    await delay(50);
  }
}

/** What of the page's globals the bench uses; this file is compiled for Node. */
interface Page {
  /** The answer's length at each change of the page, and the time of it in ms since 1970. */
  changes: { readonly at: number; readonly length: number }[];
  observer?: { disconnect(): void; observe(target: unknown, options: object): void };
  readonly MutationObserver: new (callback: () => void) => NonNullable<Page['observer']>;
  readonly Date: DateConstructor;
  readonly document: {
    readonly body: unknown;
    querySelector(selector: string): { readonly textContent: string } | null;
  };
}

function newestRun(): Pick<Run, 'id' | 'startedAt' | 'timing' | 'usage'> {
  const storage = join(server.profile, 'data', 'User', 'globalStorage', 'llm-playground.llm-playground');
  const database = new DatabaseSync(join(storage, 'history.sqlite'), { readOnly: true });
  const row = database.prepare('SELECT id, started_at, details FROM runs ORDER BY rowid DESC LIMIT 1').get();
  database.close();
  return {
    ...(JSON.parse(String(row?.['details'])) as RunOutput),
    id: String(row?.['id']),
    startedAt: Number(row?.['started_at']),
  };
}

function report(bares: readonly BareAnswer[], paths: readonly PathAnswer[]): void {
  const bareSpeed = median(bares.map((answer) => answer.tokensPerSecond));
  const pathSpeed = median(paths.map((answer) => answer.tokensPerSecond));
  const ratio = median(
    paths.map((path, round) => path.tokensPerSecond / (bares[round]?.tokensPerSecond ?? NaN)),
  );
  const hostSpeed = median(paths.map((answer) => answer.hostTokensPerSecond));
  const bareFirst = median(bares.map((answer) => answer.timeToFirstTokenMs));
  const hostFirst = median(paths.map((answer) => answer.hostTimeToFirstTokenMs));
  const pageFirst = median(paths.map((answer) => answer.timeToFirstTokenMs));
  console.log(`The whole path against the bare loop (${rounds} rounds in turns, medians):
  speed      ${pathSpeed.toFixed(1)} tok/s drawn, ${hostSpeed.toFixed(1)} in the host, ${bareSpeed.toFixed(1)} bare: ratio ${ratio.toFixed(3)}
  TTFT       ${pageFirst.toFixed(1)} ms drawn, ${hostFirst.toFixed(1)} in the host, ${bareFirst.toFixed(1)} bare: ${(pageFirst - bareFirst).toFixed(1)} ms added`);
}
