/**
 * The panel in a real browser: four lanes that stream for a minute, an answer of 100,000 characters against a page that
 * draws it whole for every frame, a keystroke meanwhile, and conversations of 1,000 and 10,000 messages.
 *
 * Times of tasks are what the page's main thread has computed, from the browser's own count, whatever else the machine does; a
 * paint and a key are timed by the clock.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { CDPSession } from 'playwright-core';
import { root } from '../../.ci/setup.mjs';
import { Chat } from '../../src/host/chat.ts';
import { EventBatch } from '../../src/host/eventBatch.ts';
import { emptyLane } from '../../src/host/lane.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import {
  emptyPanel,
  foldPanel,
  type HostMessage,
  type LaneView,
  type PanelState,
  protocolVersion,
  type Run,
} from '../../src/protocol.ts';
import { bundlePanel, launchBrowser, openPanel, type PanelPage } from '../webview/harness.ts';
import { answer, finished, lane, prompt, running } from '../webview/samples.ts';
import { median } from './median.ts';

const streamSeconds = Number(process.env['BENCH_SECONDS'] ?? 60);
/** In which code is compiled, and nothing is counted. */
const warmUpSeconds = 2;
const tokensPerSecond = 250;
const token = 'word ';
const fourLanes = ['1', '2', '3', '4'].map((id) => lane(id, { run: { ...running, id: `run-${id}` } }));

/** Four lanes at once: first with keys pressed in the composer, then by themselves, to see what they leave in memory. */
async function measureLanes(panel: PanelPage, page: CDPSession): Promise<void> {
  await panel.show({ prompt, lanes: fourLanes });
  const input = panel.page.getByRole('textbox', { name: /^Follow-up/ });
  await input.focus();
  // Not waited for: the keys are pressed meanwhile.
  await panel.page.evaluate(`void (window.figures = (${streamLanes})(${JSON.stringify(streamOptions)}))`);
  const half = Date.now() + (streamSeconds * 1000) / 2;
  while (Date.now() < half) {
    await input.press('a');
    await panel.page.waitForTimeout(200);
  }
  // By now all code that this takes has been compiled, which stands in the heap as well.
  const heapBefore = await heapOf(page);
  const figures = await panel.page.evaluate<LaneFigures>('window.figures');
  const heap = (await heapOf(page)) - heapBefore;
  const text = 4 * figures.characters * 0.5;
  console.log(`Four lanes of ${tokensPerSecond} tokens/s for ${streamSeconds} s:`);
  console.log(`  frames a second, median  ${figures.fps.toFixed(1)}`);
  console.log(
    `  tasks over 50 ms         ${figures.longTasks} after the first ${warmUpSeconds} s, the longest ${figures.longest} ms`,
  );
  console.log(
    `  key to paint, median     ${median(figures.keys).toFixed(1)} ms, 95 % below ${percentile(figures.keys).toFixed(1)} ms`,
  );
  console.log(
    `  heap grown               ${(heap / text).toFixed(1)} times the ${(text / 1e3).toFixed(0)} kB of text in the second half`,
  );
}

/** The host's part of the same: batches, the fold and the messages as JSON. */
function measureHost(): void {
  let messages = 0;
  let state: PanelState = { ...emptyPanel, prompt, lanes: fourLanes };
  const batch = new EventBatch((runs) => {
    const message: HostMessage = { type: 'run-events', runs };
    state = foldPanel(state, message);
    JSON.stringify(message);
    messages++;
  });
  const start = process.cpuUsage();
  // A frame's tokens of each lane, as they come within 33 ms.
  for (let sent = 0; sent < 10_000;) {
    for (const { run } of fourLanes) {
      for (let each = 0; each < 8; each++, sent++) batch.add(run?.id ?? '', { type: 'text', text: token });
    }
    batch.flush();
  }
  const { user, system } = process.cpuUsage(start);
  batch.dispose();
  console.log(
    `  host                     ${((user + system) / 1000).toFixed(1)} ms of CPU for 10,000 tokens, ${messages} messages`,
  );
}

async function measureLongAnswer(panel: PanelPage, page: CDPSession): Promise<void> {
  const whole = answer.repeat(200).slice(0, 100_000);
  await panel.show({ prompt, run: running });
  const streamed = await taskTime(page, () =>
    panel.page.evaluate(`(${streamAnswer})(${JSON.stringify({ whole, runId: running.id })})`),
  );
  await panel.show({ prompt, run: { ...running, id: 'other' } });
  const once = await taskTime(page, () =>
    panel.show({ prompt, run: { ...finished, id: 'once', text: whole } }),
  );
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/bench/panelPeer.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
  });
  await panel.page.evaluate(outputFiles[0]?.text ?? '');
  const peer = await taskTime(page, () =>
    panel.page.evaluate(`(${streamPeer})(${JSON.stringify({ whole })})`),
  );
  console.log(`100,000 characters, 800 a frame: ${streamed.toFixed(0)} ms, ${(streamed / once).toFixed(1)} times as \
long as once (${once.toFixed(0)} ms); parsed and set whole for each frame ${(peer / streamed).toFixed(1)} times as long as ours`);
}

/** Opens a conversation three times: in a panel that was made for it, and in one that shows another answer. */
async function measureOpening(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'panel-bench-'));
  const store = new SqliteStore(join(folder, 'history.sqlite'), Date.now);
  try {
    const id = longConversation(store, count);
    const reading: number[] = [];
    let shown: Partial<LaneView> = {};
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      shown = new Chat(store, { promptUri: () => prompt.uri, id }).shown('1') ?? {};
      reading.push(performance.now() - start);
    }
    console.log(`A conversation of ${count} messages: ${median(reading).toFixed(0)} ms to read`);
    const chat = { id, title: 'A long conversation', system: null, fitting: { strategy: 'all' } } as const;
    const state = { ...emptyPanel, prompt, chat, lanes: [lane('1', shown)] };
    const snapshot: HostMessage = { type: 'snapshot', protocol: protocolVersion, state };
    for (const isOpen of [false, true]) {
      const paints: number[] = [];
      const computed: number[] = [];
      for (let round = 0; round < 3; round++) {
        await inPanel(async (panel, page) => {
          if (isOpen) await panel.show({ prompt, run: finished });
          await panel.page.evaluate(`void (window.opened = ${JSON.stringify(snapshot)})`);
          const task = await taskTime(page, async () => {
            paints.push(await panel.page.evaluate<number>(`(${paintOf})(window.opened)`));
          });
          computed.push(task);
        });
      }
      console.log(
        `  first paint in ${isOpen ? 'an open panel' : 'a new panel  '} ${median(paints).toFixed(0)} ms, \
of which the page computes ${median(computed).toFixed(0)} ms`,
      );
    }
  } finally {
    store[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the id of a conversation of this many messages, the answers of which are runs. */
function longConversation(store: SqliteStore, count: number): string {
  const { conversations } = store;
  const { conversation } = conversations.get(conversations.create().id) ?? fail();
  const runs: Run[] = [];
  const messages = Array.from({ length: count }, (_, at) => {
    const isAnswer = at % 2 === 1;
    if (isAnswer) runs.push({ ...finished, id: `r${at}` });
    return {
      id: `m${at}`,
      conversationId: 'long',
      parentId: at === 0 ? null : `m${at - 1}`,
      role: isAnswer ? ('assistant' as const) : ('user' as const),
      createdAt: at,
      content: isAnswer ? [] : [{ type: 'text' as const, text: `Question ${at}` }],
      ...(isAnswer ? { runId: `r${at}` } : {}),
    };
  });
  const lanes = [{ ...emptyLane, id: '1', headId: `m${count - 1}` }];
  return conversations.import({ conversation: { ...conversation, id: 'long', lanes }, messages, runs }).id;
}

async function inPanel(measure: (panel: PanelPage, page: CDPSession) => Promise<void>): Promise<void> {
  const panel = await openPanel(browser, bundle, { width: 1600, height: 900 });
  const page = await panel.page.context().newCDPSession(panel.page);
  await page.send('Performance.enable', { timeDomain: 'threadTicks' });
  await measure(panel, page);
  await panel.close();
}

/** What the main thread computes in its tasks while something is done, in ms. */
async function taskTime(page: CDPSession, action: () => Promise<unknown>): Promise<number> {
  const before = await metric(page, 'TaskDuration');
  await action();
  return ((await metric(page, 'TaskDuration')) - before) * 1000;
}

async function heapOf(page: CDPSession): Promise<number> {
  // What only the first collection has let go of is taken by the second.
  for (let times = 0; times < 2; times++) await page.send('HeapProfiler.collectGarbage');
  return metric(page, 'JSHeapUsedSize');
}

async function metric(page: CDPSession, name: string): Promise<number> {
  const { metrics } = await page.send('Performance.getMetrics');
  return metrics.find((each) => each.name === name)?.value ?? Number.NaN;
}

function percentile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
}

function fail(): never {
  throw new Error('The conversation is not there.');
}

interface LaneFigures {
  readonly fps: number;
  readonly longTasks: number;
  /** In ms. */
  readonly longest: number;
  /** From a key to the frame that shows it, in ms. */
  readonly keys: readonly number[];
  /** Of one lane. */
  readonly characters: number;
}

const streamOptions = {
  seconds: streamSeconds,
  warmUpSeconds,
  tokensPerSecond,
  token,
  ids: fourLanes.map(({ run }) => run?.id),
};

/** Runs in the page: messages as the host sends them, one for each frame of 33 ms with what four lanes have got. */
const streamLanes = `async ({ seconds, warmUpSeconds, tokensPerSecond, token, ids }) => {
  const frames = [];
  const keys = [];
  let tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: 'longtask' });
  const painted = (done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); done(performance.now()); };
    port2.postMessage(null);
  });
  window.addEventListener('keydown', ({ timeStamp }) => painted((at) => keys.push(at - timeStamp)), true);
  const start = performance.now();
  let last = start;
  const onFrame = (now) => { frames.push(now - last); last = now; if (now - start < seconds * 1000) requestAnimationFrame(onFrame); };
  requestAnimationFrame(onFrame);
  let sent = 0;
  await new Promise((done) => {
    const timer = setInterval(() => {
      const elapsed = (performance.now() - start) / 1000;
      const due = Math.floor(Math.min(elapsed, seconds) * tokensPerSecond);
      if (due > sent) {
        let text = '';
        for (; sent < due; sent++) text += sent % 60 === 59 ? token + '\\n\\n' : token;
        const runs = ids.map((runId) => ({ runId, events: [{ type: 'text', text }] }));
        window.dispatchEvent(new MessageEvent('message', { data: { type: 'run-events', runs } }));
      }
      if (elapsed >= seconds) { clearInterval(timer); done(); }
    }, 33);
  });
  tasks = tasks.filter(({ startTime }) => startTime > start + warmUpSeconds * 1000);
  const sorted = frames.slice(5).sort((a, b) => a - b);
  return {
    fps: 1000 / sorted[sorted.length >> 1],
    longTasks: tasks.length,
    longest: Math.round(Math.max(0, ...tasks.map(({ duration }) => duration))),
    keys,
    characters: sent * token.length,
  };
}`;

const streamAnswer = `async ({ whole, runId }) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const send = (event) => window.dispatchEvent(
    new MessageEvent('message', { data: { type: 'run-events', runs: [{ runId, events: [event] }] } }));
  for (let at = 0; at < whole.length; at += 800) {
    send({ type: 'text', text: whole.slice(at, at + 800) });
    await frame();
  }
  send({ type: 'end', outcome: { status: 'finished', reason: 'stop' }, timing: { totalMs: 1 } });
  while (document.querySelector('.answer-text').classList.contains('streaming')) await frame();
}`;

const streamPeer = `async ({ whole }) => {
  const element = document.querySelector('.answer-text');
  for (let at = 0; at < whole.length; at += 800) {
    drawWhole(element, whole.slice(0, at + 800));
    await new Promise((done) => requestAnimationFrame(done));
  }
}`;

/** The time from a snapshot to the first frame that shows it, in ms. */
const paintOf = `(snapshot) => new Promise((done) => {
  const start = performance.now();
  host.send([snapshot]);
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now() - start);
    port2.postMessage(null);
  });
})`;

const [browser, bundle] = await Promise.all([launchBrowser(), bundlePanel()]);
try {
  await inPanel(measureLanes);
  measureHost();
  await inPanel(measureLongAnswer);
  for (const count of [1_000, 10_000]) await measureOpening(count);
} finally {
  await browser.close();
}
