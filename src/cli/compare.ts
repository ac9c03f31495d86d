import { parseArgs } from 'node:util';
import { type Provider, resolveModel } from '../core/provider.ts';
import { labelsOf } from '../core/run/comparison.ts';
import { foldRun } from '../core/run/fold.ts';
import { laneRun } from '../core/run/overrides.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import { runPrompt, type RunSurroundings } from '../core/run/runPrompt.ts';
import type { Run } from '../core/store.ts';
import { defaultModelId } from '../node/bundledModels.ts';
import { Prices } from '../node/prices.ts';
import { nodeSurroundings } from '../node/surroundings.ts';
import { type Command, UsageError } from './command.ts';
import { comparedTable, sampledLane } from './comparedTable.ts';
import { progressOf } from './compareProgress.ts';
import { type CostLimitOptions, costLimitOptions, costLimitUsage, holdToCostLimit } from './costLimit.ts';
import { located, openWithValues } from './promptFile.ts';
import { providerOptions, providerUsage, withProviders } from './providers.ts';
import { sampleCountOf, samplesOf, samplesOptions, samplesUsage } from './samples.ts';
import { combinationsOf, sweepOptions, sweepUsage, type SweptValues } from './sweep.ts';
import { shown } from './terminal.ts';
import { type ValueOptions, valueOptions, valueUsage } from './values.ts';

/**
 * Runs a prompt on several models and with every combination of the settings that are given, each as often as `--samples` says.
 * How they go on is told on standard error; a table of how they did goes to standard output, or with `--json` everything about
 * them. One that fails stops no other.
 */
export const compare: Command = {
  usage:
    `compare FILE.prompt [--model PROVIDER/MODEL]… ${sweepUsage} ${samplesUsage}\n` +
    `        ${valueUsage} ${costLimitUsage} [--json] ${providerUsage}`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...valueOptions,
        ...providerOptions,
        ...costLimitOptions,
        model: { type: 'string', multiple: true, default: [] },
        ...sweepOptions,
        ...samplesOptions,
        json: { type: 'boolean', default: false },
      },
    });
    return withProviders(values, (providers) => compareFile(positionals[0], values, providers));
  },
};

interface CompareOptions extends ValueOptions, SweptValues, CostLimitOptions {
  /** `provider/model`; none stands for the prompt's own. */
  readonly model: readonly string[];
  readonly samples: string;
  readonly json: boolean;
}

async function compareFile(
  path: string | undefined,
  options: CompareOptions,
  providers: readonly Provider[],
): Promise<number> {
  const { file, opened, values } = await openWithValues(path, options);
  const ownModel = opened.frontMatter.model ?? defaultModelId;
  const combinations = combinationsOf(options);
  const count = sampleCountOf(options.samples);
  const prompt = await located(file, opened.prepare(values, ownModel));
  const models = options.model.length > 0 ? options.model : [ownModel];
  const lanes = models.flatMap((modelId) =>
    combinations.map((settings) => laneRun(prompt, { modelId, settings })),
  );
  if (lanes.length * count < 2) {
    throw new UsageError(
      'Give at least two models with --model, two values of a setting, such as --temperature, or --samples.',
    );
  }
  // A model that is not written right is told before any other is called.
  const served = lanes.map((lane) => ({ lane, ...resolveModel(providers, lane.input.modelId) }));
  const prices = new Prices({ own: () => ({}) });
  const samples = Array.from({ length: count }, (_, sample) => sample);
  await holdToCostLimit(
    lanes.flatMap((lane) => samples.map(() => lane)),
    options,
    prices,
  );

  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  const labels = labelsOf(lanes.map(({ input }) => input));
  const progress = progressOf(
    count === 1
      ? labels
      : labels.flatMap((label) => samples.map((sample) => `${label}, sample ${sample + 1}`)),
    options.json,
  );
  const runs = await Promise.all(
    served.map(async ({ lane, provider }, index) => {
      const price = await prices.priceOf(lane.input.modelId, new Date());
      const runSample = async (sample: number): Promise<Run> => {
        const line = index * count + sample;
        const run = await runToEnd(
          lane,
          { ...nodeSurroundings, provider, price },
          { changed: (changed) => progress.changed(line, changed), signal: stop.signal },
        );
        progress.ended(line, run);
        return run;
      };
      return samplesOf(count, runSample, stop.signal);
    }),
  ).finally(() => progress.close());
  process.removeListener('SIGINT', onInterrupt);

  const told = count === 1 ? runs.flat() : runs.map((lane) => sampledLane(lane, count));
  console.log(options.json ? JSON.stringify(told, undefined, 2) : shown(comparedTable(runs)));
  if (stop.signal.aborted) return 130;
  return runs.flat().every(({ outcome }) => outcome.status === 'finished') ? 0 : 1;
}

interface Running {
  /** Called whenever something has happened to the run. */
  readonly changed: (run: Run) => void;
  readonly signal: AbortSignal;
}

async function runToEnd(
  prepared: PreparedRun,
  surroundings: RunSurroundings,
  { changed, signal }: Running,
): Promise<Run> {
  const { run, events } = runPrompt(prepared, surroundings, signal);
  let ended = run;
  for await (const event of events) {
    ended = foldRun(ended, event);
    changed(ended);
  }
  return ended;
}
