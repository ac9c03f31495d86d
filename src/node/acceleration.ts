import type { ChatRequest } from '../core/chat.ts';
import { cancelledError, messageOf } from '../core/errors.ts';
import { formatDuration, formatSpeed } from '../core/format.ts';
import type { Backend, BackendChoice, RuntimeState } from '../runtime/protocol.ts';
import { backendNames } from './backendNames.ts';
import { RuntimeProcess, type RuntimeProcessOptions } from './runtimeProcess.ts';

/** How fast a model ran on a backend, or why it did not. */
export type Measurement = { readonly backend: Backend } & (
  | {
      readonly devices: readonly string[];
      /** From nothing to the first answer: the engine's start, loading, and what a graphics card prepares once. */
      readonly startMs: number;
      /** Tokens a second. */
      readonly promptSpeed: number;
      readonly decodeSpeed: number;
    }
  | { readonly problem: string }
);

export interface AccelerationOptions extends Omit<RuntimeProcessOptions, 'backend' | 'onState'> {
  /** The model's file, absolute; it should be small, for it is loaded once for each backend. */
  readonly path: string;
}

/** The backends that a system can have, in the order in which `auto` prefers them. */
export function possibleBackends(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): readonly Backend[] {
  if (platform !== 'darwin') return ['cuda', 'vulkan', 'cpu'];
  return arch === 'arm64' ? ['metal', 'cpu'] : ['cpu'];
}

/**
 * Measures one backend in a process of its own, because a driver that crashes must not take anything with it.
 * @throws LlmError `cancelled` after an abort, and nothing else.
 */
export async function measureBackend(
  backend: Backend,
  { path, ...options }: AccelerationOptions,
  signal: AbortSignal,
): Promise<Measurement> {
  const { promise: told, resolve } = Promise.withResolvers<RuntimeState>();
  const runtime = new RuntimeProcess({ ...options, backend, onState: resolve });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
  try {
    const begin = performance.now();
    await time(runtime, path, request('Hello'), limit);
    const startMs = performance.now() - begin;
    runtime.askState();
    const { backend: works, fallback, devices } = await told;
    if (works !== backend) return { backend, problem: fallback ?? 'It finds no graphics device.' };
    const { promptSpeed } = await time(
      runtime,
      path,
      { ...request(longText), settings: { maxOutputTokens: 1 } },
      limit,
    );
    const { decodeSpeed } = await time(runtime, path, request('What is a token?'), limit);
    return { backend, devices, startMs, promptSpeed, decodeSpeed };
  } catch (error) {
    if (signal.aborted) throw cancelledError();
    const problem = limit.aborted ? `It took longer than ${formatDuration(longestMs)}.` : messageOf(error);
    return { backend, problem };
  } finally {
    await runtime.dispose();
  }
}

/**
 * The measurements as a page of Markdown.
 * @param choice what the settings ask for.
 * @param model the name of the model that was measured.
 */
export function accelerationReport(
  measurements: readonly Measurement[],
  choice: BackendChoice,
  model: string,
): string {
  const works = measurements.filter((one) => !('problem' in one)).map(({ backend }) => backend);
  const fallback = works.includes('cpu') ? 'cpu' : undefined;
  const inUse = choice === 'auto' ? works[0] : works.includes(choice) ? choice : fallback;
  const rows = measurements.map((one) => {
    const name = `${backendNames[one.backend]}${one.backend === inUse ? ' **← in use**' : ''}`;
    if ('problem' in one) return `| ${name} | – | – | – | ${one.problem.replaceAll('|', '\\|')} |`;
    const { promptSpeed, decodeSpeed, startMs, devices } = one;
    const cells = [formatSpeed(promptSpeed), formatSpeed(decodeSpeed), formatDuration(startMs)];
    return `| ${name} | ${cells.join(' | ')} | ${devices.join(', ') || 'this machine’s processor'} |`;
  });
  return [
    '# Acceleration of the local runtime',
    '',
    '| Backend | Reading a prompt | Writing an answer | Start | Device |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    `Measured just now with **${model}**, each backend in a process of its own. A small model says what works; how much a ` +
      'graphics card gains shows with a large one, for which a processor is often the slower one by far.',
    '',
    `The setting \`llmPlayground.local.backend\` is \`${choice}\`.`,
    '',
  ].join('\n');
}

/** How fast one call is; a speed that it has no tokens for is 0. */
async function time(
  runtime: RuntimeProcess,
  path: string,
  asked: ChatRequest,
  signal: AbortSignal,
): Promise<{ readonly promptSpeed: number; readonly decodeSpeed: number }> {
  let read = 0;
  let written = 0;
  let readFrom = 0;
  let firstAt: number | undefined;
  for await (const event of runtime.stream(path, asked, signal)) {
    const now = performance.now();
    if (event.type === 'usage' && firstAt === undefined && readFrom === 0) {
      readFrom = now;
      read = event.usage.inputTokens - (event.usage.cachedTokens ?? 0);
    } else if (event.type === 'usage') written = event.usage.outputTokens;
    else if (event.type === 'text') firstAt ??= now;
  }
  const end = performance.now();
  const perSecond = (tokens: number, ms: number): number => (tokens > 0 && ms > 0 ? (tokens / ms) * 1000 : 0);
  return {
    promptSpeed: perSecond(read, (firstAt ?? end) - readFrom),
    decodeSpeed: perSecond(written - 1, end - (firstAt ?? end)),
  };
}

function request(text: string): ChatRequest {
  return {
    model: 'measured',
    messages: [{ role: 'user', content: [{ type: 'text', text }] }],
    settings: { temperature: 0, maxOutputTokens: 128 },
  };
}

/** Some 400 tokens; a window of 1,024 must hold them. */
const longText = 'A language model reads a text as a row of tokens and writes the next one. '.repeat(24);

/** A driver compiles its programs for a minute when it first meets a model. */
const longestMs = 180_000;
