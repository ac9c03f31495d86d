/** The same core without an editor: run a prompt file and list the models. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { messageOf } from './core/errors.ts';
import { formatDuration, formatSpeed, formatTokens, formatUsd } from './core/format.ts';
import { freePrice } from './core/pricing.ts';
import { PromptError } from './core/prompt/problems.ts';
import { coerceVariable, type VariableField } from './core/prompt/variables.ts';
import { type Provider, resolveModel } from './core/provider.ts';
import { emptyOutput, foldRun } from './core/run/fold.ts';
import { missingIn, openPrompt, type PreparedRun } from './core/run/prepareRun.ts';
import { runPrompt } from './core/run/runPrompt.ts';
import type { RunOutput, VariableValue, VariableValues } from './core/store.ts';
import { decodeSpeed } from './core/stream.ts';
import { bundledModels, defaultModelId } from './node/bundledModels.ts';
import { LocalRuntime } from './node/localRuntime.ts';
import { defaultThreads } from './node/processors.ts';
import { readPromptFile } from './node/promptFiles.ts';
import { nodeSurroundings } from './node/surroundings.ts';

const usage = `Usage:
  run FILE.prompt [--var NAME=VALUE]… [--vars FILE.json] [--model PROVIDER/MODEL] [--threads N]
  models

The answer goes to standard output; everything about it goes to standard error.
Exit codes: 0 finished, 1 failed, 2 wrong usage, 130 stopped.`;

/** A command line that cannot be carried out as written. */
class UsageError extends Error {}

const dist = dirname(fileURLToPath(import.meta.url));

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        var: { type: 'string', multiple: true, default: [] },
        vars: { type: 'string' },
        model: { type: 'string' },
        threads: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [command, file] = positionals;
    if (values.help || command === undefined) {
      console.log(usage);
      return values.help ? 0 : 2;
    }
    const runtime = localRuntime(threadsOf(values.threads));
    try {
      return await carryOut(command, file, values, [runtime]);
    } finally {
      await runtime.dispose();
    }
  } catch (error) {
    console.error(messageOf(error));
    const wrongUsage =
      error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
    if (wrongUsage) console.error(`\n${usage}`);
    return wrongUsage ? 2 : 1;
  }
}

function carryOut(
  command: string,
  file: string | undefined,
  options: RunOptions,
  providers: readonly Provider[],
): Promise<number> {
  switch (command) {
    case 'run':
      if (file === undefined) throw new UsageError('Name the prompt file to run.');
      return run(file, options, providers);
    case 'models':
      return listModels(providers);
    default:
      throw new UsageError(`There is no command "${command}".`);
  }
}

function localRuntime(threads: number): LocalRuntime {
  return new LocalRuntime({
    entry: join(dist, 'runtime', 'main.mjs'),
    models: bundledModels(dirname(dist)),
    threads,
    log: (line) => {
      if (process.env['DEBUG']) console.error(line);
    },
  });
}

async function listModels(providers: readonly Provider[]): Promise<number> {
  for (const provider of providers) {
    for (const { id, name, description } of await provider.models(new AbortController().signal)) {
      console.log(`${provider.id}/${id}\t${name}${description === undefined ? '' : `: ${description}`}`);
    }
  }
  return 0;
}

interface RunOptions {
  /** `NAME=VALUE`, in the order of the command line. */
  readonly var: readonly string[];
  /** A JSON file of values; `var` wins over it. */
  readonly vars?: string | undefined;
  /** `provider/model`; wins over the prompt's own. */
  readonly model?: string | undefined;
}

async function run(file: string, options: RunOptions, providers: readonly Provider[]): Promise<number> {
  const opened = await openPrompt(await readPromptFile(file)).catch((error: unknown) => {
    throw located(error, file);
  });
  const values = { ...(await valuesFrom(options.vars)), ...valuesOf(options.var, opened.fields) };
  const missing = missingIn(opened, values);
  if (missing.length > 0) {
    throw new UsageError(`${file} needs ${missing.map((name) => `--var ${name}=…`).join(' ')}`);
  }
  const modelId = options.model ?? opened.frontMatter.model ?? defaultModelId;
  const { provider, model } = resolveModel(providers, modelId);
  const prepared = await opened.prepare(values, modelId).catch((error: unknown) => {
    throw located(error, file);
  });

  const description = (await provider.models(new AbortController().signal)).find(
    ({ id }) => id === model,
  )?.description;
  if (description !== undefined) console.error(`${modelId}: ${description}\n`);
  return answer(prepared, provider);
}

/** Streams the answer and ends with one line of figures. */
async function answer(prepared: PreparedRun, provider: Provider): Promise<number> {
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  const { events } = runPrompt(
    prepared,
    {
      provider,
      price: provider instanceof LocalRuntime ? freePrice : undefined,
      ...nodeSurroundings,
    },
    stop.signal,
  );
  let output: RunOutput = { ...emptyOutput, warnings: prepared.warnings };
  for await (const event of events) {
    output = foldRun(output, event);
    if (event.type === 'text') process.stdout.write(event.text);
  }
  process.removeListener('SIGINT', onInterrupt);

  if (output.text !== '') process.stdout.write('\n');
  for (const { subject, message } of output.warnings) console.error(`Warning (${subject}): ${message}`);
  console.error(`\n${summaryOf(output)}`);
  if (output.outcome.status === 'failed') console.error(output.outcome.error.message);
  return { running: 1, finished: 0, stopped: 130, failed: 1, interrupted: 1 }[output.outcome.status];
}

/** `demo · 31 in · 154 out · $0 · TTFT 12 ms · total 0.3 s · 512 tok/s · stop` */
function summaryOf({ servedModel, usage, cost, timing, outcome }: RunOutput): string {
  const speed = usage && timing && decodeSpeed(usage.outputTokens, timing);
  return [
    servedModel,
    usage && `${formatTokens(usage.inputTokens)} in`,
    usage && `${formatTokens(usage.outputTokens)} out`,
    cost ? formatUsd(cost.total) : 'cost unknown',
    timing?.timeToFirstTokenMs !== undefined && `TTFT ${formatDuration(timing.timeToFirstTokenMs)}`,
    timing && `total ${formatDuration(timing.totalMs)}`,
    speed !== undefined && formatSpeed(speed),
    outcome.status === 'finished' ? outcome.reason : outcome.status,
  ]
    .filter((part) => typeof part === 'string')
    .join(' · ');
}

function valuesOf(assignments: readonly string[], fields: readonly VariableField[]): VariableValues {
  return Object.fromEntries(
    assignments.map((assignment): [string, VariableValue] => {
      const equals = assignment.indexOf('=');
      const name = assignment.slice(0, Math.max(equals, 0));
      const field = fields.find((candidate) => candidate.name === name);
      if (equals < 1) throw new UsageError(`--var ${assignment} lacks its value. Write --var NAME=VALUE.`);
      if (!field) {
        const known = fields.map((candidate) => candidate.name).join(', ') || 'none';
        throw new UsageError(`The prompt has no variable "${name}". Its variables: ${known}.`);
      }
      return [name, coerceVariable(field, assignment.slice(equals + 1))];
    }),
  );
}

async function valuesFrom(file: string | undefined): Promise<VariableValues> {
  if (file === undefined) return {};
  const values: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new UsageError(`${file} must hold one JSON object, from variable names to values.`);
  }
  return values as VariableValues;
}

function threadsOf(text: string | undefined): number {
  if (text === undefined) return defaultThreads();
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1)
    throw new UsageError(`--threads ${text} is not a number of threads.`);
  return threads;
}

/** A prompt's error with its place in front, as compilers write it. */
function located(error: unknown, file: string): unknown {
  if (!(error instanceof PromptError)) return error;
  const { line, column } = error.problem;
  return new Error(`${file}:${line}:${column}: ${error.message}`, { cause: error });
}
