/**
 * What the local runtime makes of the engine: four runs at once against one after another, one to four against
 * llama-server, one run against the bare loop, log-probabilities on against off, tokens guessed ahead against one at a time, a second turn against the first,
 * a fork, and the way from nothing to the demo model's first token. What is compared takes turns in one run.
 * `BENCH_PARTS=start,idle` measures these alone.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { textMessage, type ChatRequest, type GenerationSettings, type Usage } from '../../src/core/chat.ts';
import { bundledModels } from '../../src/node/bundledModels.ts';
import { LocalRuntime } from '../../src/node/localRuntime.ts';
import { defaultThreads } from '../../src/node/processors.ts';
import { type RandomModelOptions, writeRandomModel } from '../models/random.ts';
import { scriptedModel } from '../models/scripted.ts';
import type { BareAnswer } from './bareLoop.ts';
import { LlamaServer, llamaServerPath } from './llamaServer.ts';
import { median } from './median.ts';

const root = join(import.meta.dirname, '../..');
const env = { ...process.env, NODE_LLAMA_CPP_GPU: 'false' };
const bundle = join(root, 'dist/runtime/main.mjs');
const outputTokens = 32;
const prompt = 'Write as much as you can about anything at all.';

const folder = mkdtempSync(join(tmpdir(), 'bench-'));

const parts: Readonly<Record<string, () => Promise<void>>> = {
  async lanes() {
    for (const threads of new Set([availableParallelism(), defaultThreads()]))
      await withRuntime((runtime) => measureLanes(runtime, threads), threads);
  },
  server: measureServer,
  loop: () => withRuntime(measureLoop),
  logprobs: () => withRuntime(measureLogprobs),
  guesses: () => withRuntime(measureGuesses),
  turns: () => withRuntime(measureSecondTurn),
  fork: measureFork,
  start: measureStart,
  idle: measureIdle,
  cycles: measureCycles,
};

try {
  for (const name of process.env['BENCH_PARTS']?.split(',') ?? Object.keys(parts)) {
    const measure = parts[name];
    if (!measure) throw new Error(`There is no part "${name}", only ${Object.keys(parts).join(', ')}.`);
    await measure();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureLanes(runtime: LocalRuntime, threads: number): Promise<void> {
  const lanes = [0, 1, 2, 3].map((lane) => request(`${prompt} ${'Please. '.repeat(lane)}`));
  await Promise.all(lanes.map((lane) => answer(runtime, lane)));
  const ratios: number[] = [];
  const speeds: number[] = [];
  for (let round = 0; round < 3; round++) {
    const together = await millisecondsOf(() => Promise.all(lanes.map((lane) => answer(runtime, lane))));
    const inTurn = await millisecondsOf(async () => {
      for (const lane of lanes) await answer(runtime, lane);
    });
    ratios.push(inTurn / together);
    speeds.push((4 * outputTokens * 1000) / together);
  }
  console.log(`Four lanes at once, ${threads} threads of ${availableParallelism()}: \
${median(speeds).toFixed(1)} tok/s in all, ${ratioOf(ratios)} of the same one after another`);
}

/** One, two and four answers at once against llama-server; prompts are in the memory of both, so that writing is measured. */
async function measureServer(): Promise<void> {
  const path = llamaServerPath();
  if (path === undefined) {
    console.log('llama-server: none on the PATH');
    return;
  }
  const threads = availableParallelism();
  for (const streams of [1, 2, 4]) {
    const texts = Array.from({ length: streams }, (_, index) => `${prompt} ${'Please. '.repeat(index)}`);
    using server = await LlamaServer.start({
      path,
      model: halfBillion(),
      threads,
      streams,
      contextSize: 1024,
    });
    await withRuntime(async (runtime) => {
      const ours = (): Promise<number[]> =>
        Promise.all(texts.map(async (text) => (await answer(runtime, request(text))).outputTokens));
      const theirs = (): Promise<number[]> =>
        Promise.all(texts.map((text) => server.answer(text, outputTokens)));
      await ours();
      await theirs();
      const ratios: number[] = [];
      const speeds: number[] = [];
      for (let round = 0; round < 5; round++) {
        speeds.push(await speedOf(ours));
        ratios.push((speeds.at(-1) ?? Number.NaN) / (await speedOf(theirs)));
      }
      console.log(`${streams} at once, ${threads} threads: ${median(speeds).toFixed(1)} tok/s in all, \
${ratioOf(ratios)} of llama-server`);
    }, threads);
  }
}

/** Tokens per second of all answers together. */
async function speedOf(work: () => Promise<number[]>): Promise<number> {
  let tokens = 0;
  const ms = await millisecondsOf(async () => {
    for (const count of await work()) tokens += count;
  });
  return (tokens * 1000) / ms;
}

async function measureLoop(runtime: LocalRuntime): Promise<void> {
  const bare = await startLoop('bareLoop.ts', [halfBillion(), prompt, outputTokens, defaultThreads()]);
  await figuresOf<BareAnswer>(bare);
  const ratios: number[] = [];
  const speeds: number[] = [];
  for (let round = 0; round < 7; round++) {
    const { tokensPerSecond } = await figuresOf<BareAnswer>(bare);
    const ours = await answer(runtime, request(prompt));
    speeds.push(ours.tokensPerSecond);
    ratios.push(ours.tokensPerSecond / tokensPerSecond);
  }
  bare.kill();
  console.log(`One lane: ${median(speeds).toFixed(1)} tok/s, ${ratioOf(ratios)} of the bare loop`);
}

async function measureLogprobs(runtime: LocalRuntime): Promise<void> {
  const small = { width: 512, layers: 8, heads: 8, vocabularySize: 150_000 };
  const cases = [
    ['a vocabulary of 32,000', halfBillion()],
    ['a small model with 150,000', cachedModel('random-150k.gguf', small)],
  ] as const;
  for (const [what, model] of cases) {
    const ratios: number[] = [];
    for (let round = 0; round < 5; round++) {
      const without = await answer(runtime, { ...request(prompt), model });
      const withTop20 = await answer(runtime, { ...request(prompt, { logprobs: 20 }), model });
      ratios.push(withTop20.tokensPerSecond / without.tokensPerSecond);
    }
    console.log(`Log-probabilities, 20 a token, ${what}: ${ratioOf(ratios)} of the speed without`);
  }
}

/** A text that comes again, where guesses are right, and a drawn one under a prompt that invites wrong ones. */
async function measureGuesses(runtime: LocalRuntime): Promise<void> {
  const cases: readonly (readonly [string, ChatRequest])[] = [
    ['an answer that repeats itself', request(prompt, { maxOutputTokens: 160 })],
    [
      'an answer unlike its prompt',
      request('one two three '.repeat(40), { temperature: 1.5, seed: 3, maxOutputTokens: 96 }),
    ],
  ];
  for (const [what, asked] of cases) {
    const ratios: number[] = [];
    let share = '';
    for (let round = 0; round < 5; round++) {
      const without = await answer(runtime, asked);
      const ahead = await answer(runtime, { ...asked, providerOptions: { speculative: true } });
      ratios.push(ahead.tokensPerSecond / without.tokensPerSecond);
      share = `${ahead.accepted} of ${ahead.drafted} guesses right`;
    }
    console.log(`Guessing ahead, ${what}: ${ratioOf(ratios)} of the speed without, ${share}`);
  }
}

async function measureSecondTurn(runtime: LocalRuntime): Promise<void> {
  const ratios: number[] = [];
  for (let round = 0; round < 3; round++) {
    const first = request(`${round} ${'word '.repeat(150)}`, { maxOutputTokens: 8 });
    const { timeToFirstTokenMs, text } = await answer(runtime, first);
    const second = {
      ...first,
      messages: [...first.messages, textMessage('assistant', text), textMessage('user', 'And?')],
    };
    ratios.push((await answer(runtime, second)).timeToFirstTokenMs / timeToFirstTokenMs);
  }
  console.log(
    `Second turn of a long conversation: ${ratioOf(ratios)} of the first one's time to first token`,
  );
}

/** What is copied grows with the heads that hold keys and values, of which models share few among many or do not. */
async function measureFork(): Promise<void> {
  const tokens = 400;
  const sharing = { width: 1024, layers: 24, heads: 16, keyValueHeads: 2, feedForward: 1024 };
  const cases = [
    ['2 of 16 heads', cachedModel('random-shared-heads.gguf', sharing)],
    ['all 16 heads', halfBillion()],
  ] as const;
  for (const [what, path] of cases) {
    const loop = await startLoop('forkLoop.ts', [path, tokens, defaultThreads()]);
    const times: number[] = [];
    for (let round = 0; round < 9; round++) times.push(await figuresOf<number>(loop));
    loop.kill();
    console.log(`A fork at ${tokens} tokens, 24 layers with keys in ${what}: ${median(times).toFixed(0)} ms`);
  }
}

/** Of the bundle, which is what people run. */
async function measureStart(): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const runtime = newRuntime(defaultThreads(), bundle);
    const asked = { ...request('What is a token?'), model: 'demo' };
    times.push((await answer(runtime, asked)).timeToFirstTokenMs);
    await runtime.dispose();
  }
  console.log(`From no process to the demo model's first token: ${median(times).toFixed(0)} ms`);
}

async function measureIdle(): Promise<void> {
  const runtime = newRuntime(1, bundle);
  await runtime.stateNow(AbortSignal.timeout(60_000));
  console.log(`The process without a model: ${megabytesOf(runtime)} MB`);
  await runtime.dispose();
}

/** A model that comes and goes a thousand times must leave nothing behind. */
async function measureCycles(): Promise<void> {
  const path = join(folder, 'scripted.gguf');
  writeFileSync(path, scriptedModel());
  const runtime = newRuntime(1);
  let early = '';
  for (let cycle = 0; cycle < 1000; cycle++) {
    await answer(runtime, { ...request('Hi', { maxOutputTokens: 1, contextSize: 256 }), model: path });
    await runtime.unload(path);
    if (cycle === 100) early = megabytesOf(runtime);
  }
  console.log(`Memory after 100 loads of a small model ${early} MB, after 1,000 ${megabytesOf(runtime)} MB`);
  await runtime.dispose();
}

/** What the process holds; `?` where the system does not tell it in a file. */
function megabytesOf({ pid = 0 }: LocalRuntime): string {
  const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
  const kibibytes = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  return kibibytes === undefined ? '?' : (Number(kibibytes) / 1000).toFixed(0);
}

/** About 0.5 B parameters, the smallest size that people use. */
function halfBillion(): string {
  const size = { width: 1024, layers: 24, heads: 16, feedForward: 4608, vocabularySize: 32_000 };
  return cachedModel('random-0.5b.gguf', size);
}

/** A random model in `.cache`, which is not written again as long as it is there. */
function cachedModel(name: string, options: RandomModelOptions): string {
  const path = join(root, '.cache', name);
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  writeRandomModel(`${path}.${process.pid}`, options);
  renameSync(`${path}.${process.pid}`, path);
  return path;
}

/** @param measure meets a runtime that has the model in memory. */
async function withRuntime(
  measure: (runtime: LocalRuntime) => Promise<void>,
  threads = defaultThreads(),
): Promise<void> {
  const runtime = newRuntime(threads);
  try {
    await answer(runtime, request(prompt));
    await measure(runtime);
  } finally {
    await runtime.dispose();
  }
}

function newRuntime(threads: number, entry = join(root, 'src/runtime/main.ts')): LocalRuntime {
  return new LocalRuntime({ entry, threads, models: bundledModels(root), env, log: () => undefined });
}

function request(text: string, settings: GenerationSettings = {}): ChatRequest {
  return {
    model: halfBillion(),
    messages: [textMessage('user', text)],
    settings: { temperature: 0, maxOutputTokens: outputTokens, contextSize: 1024, ...settings },
  };
}

interface Answer {
  readonly timeToFirstTokenMs: number;
  /** Tokens after the first, per second. */
  readonly tokensPerSecond: number;
  readonly text: string;
  readonly outputTokens: number;
  /** Tokens that were guessed ahead, and those of them that were right. */
  readonly drafted: number;
  readonly accepted: number;
}

async function answer(runtime: LocalRuntime, of: ChatRequest): Promise<Answer> {
  const started = performance.now();
  let first = 0;
  let usage: Usage = { inputTokens: 0, outputTokens: 0 };
  let text = '';
  for await (const event of runtime.stream(of, new AbortController().signal)) {
    if (event.type === 'text') {
      if (first === 0) first = performance.now();
      text += event.text;
    }
    if (event.type === 'usage') usage = event.usage;
  }
  const seconds = (performance.now() - first) / 1000;
  return {
    timeToFirstTokenMs: first - started,
    tokensPerSecond: (usage.outputTokens - 1) / seconds,
    text,
    outputTokens: usage.outputTokens,
    drafted: usage.draftTokens ?? 0,
    accepted: usage.acceptedDraftTokens ?? 0,
  };
}

/** A program of this folder that says when it is ready, and then answers every message. */
async function startLoop(file: string, args: readonly (string | number)[]): Promise<ChildProcess> {
  const loop = fork(join(import.meta.dirname, file), args.map(String), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  await once(loop, 'message');
  return loop;
}

async function figuresOf<Figures>(loop: ChildProcess): Promise<Figures> {
  loop.send('go');
  const [figures] = (await once(loop, 'message')) as [Figures];
  return figures;
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function ratioOf(ratios: readonly number[]): string {
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  return `${median(ratios).toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}
