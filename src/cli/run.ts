import { parseArgs } from 'node:util';
import { outputTokensOf } from '../core/chat.ts';
import { formatDuration, formatSpeed, formatTokens, formatUsd } from '../core/format.ts';
import type { ModelPrice } from '../core/pricing.ts';
import { type Provider, resolveModel } from '../core/provider.ts';
import { emptyOutput, foldRun } from '../core/run/fold.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import { runPrompt } from '../core/run/runPrompt.ts';
import type { RunOutput } from '../core/store.ts';
import { decodeSpeed, retrySentence } from '../core/stream.ts';
import { defaultModelId } from '../node/bundledModels.ts';
import { Prices } from '../node/prices.ts';
import { nodeSurroundings } from '../node/surroundings.ts';
import type { Command } from './command.ts';
import { type CostLimitOptions, costLimitOptions, costLimitUsage, holdToCostLimit } from './costLimit.ts';
import { located, openWithValues } from './promptFile.ts';
import { providerOptions, providerUsage, withProviders } from './providers.ts';
import { shown } from './terminal.ts';
import { type ValueOptions, valueOptions, valueUsage } from './values.ts';

/** Runs a prompt: the answer goes to standard output, everything about it to standard error. */
export const run: Command = {
  usage: `run FILE.prompt ${valueUsage} [--model PROVIDER/MODEL] ${costLimitUsage} ${providerUsage}`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { ...valueOptions, ...providerOptions, ...costLimitOptions, model: { type: 'string' } },
    });
    return withProviders(values, (providers) => runFile(positionals[0], values, providers));
  },
};

interface RunOptions extends ValueOptions, CostLimitOptions {
  /** `provider/model`; wins over the prompt's own. */
  readonly model?: string | undefined;
}

async function runFile(
  path: string | undefined,
  options: RunOptions,
  providers: readonly Provider[],
): Promise<number> {
  const { file, opened, values } = await openWithValues(path, options);
  const modelId = options.model ?? opened.frontMatter.model ?? defaultModelId;
  const { provider, model } = resolveModel(providers, modelId);
  const prepared = await located(file, opened.prepare(values, modelId));
  const prices = new Prices({ own: () => ({}) });
  await holdToCostLimit([prepared], options, prices);

  // Only the local runtime describes its models, and only its list costs nothing.
  const models = provider.id === 'local' ? await provider.models(new AbortController().signal) : [];
  const description = models.find(({ id }) => id === model)?.description;
  if (description !== undefined) console.error(`${modelId}: ${description}\n`);
  return answer(prepared, provider, await prices.priceOf(modelId, new Date()));
}

/** Streams the answer and ends with one line of figures. */
async function answer(
  prepared: PreparedRun,
  provider: Provider,
  price: ModelPrice | undefined,
): Promise<number> {
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  const { events } = runPrompt(prepared, { ...nodeSurroundings, provider, price }, stop.signal);
  let output: RunOutput = { ...emptyOutput, warnings: prepared.warnings };
  for await (const event of events) {
    output = foldRun(output, event);
    if (event.type === 'text') process.stdout.write(shown(event.text));
    if (event.type === 'retry') console.error(retrySentence(event));
  }
  process.removeListener('SIGINT', onInterrupt);

  if (output.text !== '') process.stdout.write('\n');
  for (const { subject, message } of output.warnings) console.error(`Warning (${subject}): ${message}`);
  console.error(`\n${summaryOf(output)}`);
  if (output.outcome.status === 'failed') console.error(output.outcome.error.message);
  return { running: 1, finished: 0, stopped: 130, failed: 1, interrupted: 1 }[output.outcome.status];
}

/** `demo · 31 in · 154 out · $0 · TTFT 12 ms · total 0.3 s · 512 tok/s · stop` */
function summaryOf(output: RunOutput): string {
  const { servedModel, usage, cost, timing, outcome } = output;
  const outputTokens = outputTokensOf(usage);
  const speed = decodeSpeed(output);
  return [
    servedModel,
    usage && `${formatTokens(usage.inputTokens)} in`,
    outputTokens !== undefined && `${formatTokens(outputTokens)} out`,
    cost ? formatUsd(cost.total) : 'cost unknown',
    timing?.timeToFirstTokenMs !== undefined && `TTFT ${formatDuration(timing.timeToFirstTokenMs)}`,
    timing && `total ${formatDuration(timing.totalMs)}`,
    speed !== undefined && formatSpeed(speed),
    outcome.status === 'finished' ? outcome.reason : outcome.status,
  ]
    .filter((part) => typeof part === 'string')
    .join(' · ');
}
