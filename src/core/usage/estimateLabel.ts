import { formatCount, formatTokens, formatUsd } from '../format.ts';
import { formatPriceSource } from '../pricing.ts';
import { fitOf, type PromptEstimate } from '../tokens/estimate.ts';
import { formatCorrection } from './correction.ts';
import { formatDifference } from './difference.ts';
import { fitAdvice } from './fitAdvice.ts';
import { roleShares } from './roleShares.ts';

/**
 * What stands above a prompt: `312 tokens · ≈ $0.0008`, `~312 tokens + 2 variables · cost unknown`. The tokens are those of
 * the first run, the cost is that of the input of all of them.
 */
export function estimateLabel(runs: readonly PromptEstimate[]): string {
  const [first] = runs;
  if (!first) return '';
  const { missing } = first;
  const more =
    missing.length === 0
      ? ''
      : ` + ${formatCount(missing.length)} ${missing.length === 1 ? 'variable' : 'variables'}`;
  const cost = runs.length === 1 ? formatInputCost(runs) : `${formatInputCost(runs)} for ${runs.length} runs`;
  return [`${formatEstimated(first)}${more}`, cost, fitWarning(runs)]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function fitWarning(runs: readonly PromptEstimate[]): string | undefined {
  const fits = runs.map(fitOf);
  if (fits.includes('too-long')) return '$(warning) too long';
  return fits.includes('tight') ? '$(warning) little room for the answer' : undefined;
}

/** `312 tokens`, `~312 tokens`. */
function formatEstimated({ exactness, inputTokens }: PromptEstimate): string {
  return `${exactness === 'exact' ? '' : '~'}${formatTokens(inputTokens)}`;
}

/** `≈ $0.0008`, `free` on the own machine, or `cost unknown` when any price is. */
function formatInputCost(runs: readonly PromptEstimate[]): string {
  if (runs.every(({ price }) => price?.source.kind === 'local')) return 'free';
  const costs = runs.map(({ cost }) => cost?.input);
  if (costs.some((cost) => cost === undefined)) return 'cost unknown';
  return `≈ ${formatUsd(costs.reduce((total: number, cost) => total + (cost ?? 0), 0))}`;
}

/** One line of a breakdown. A heading has no figure. */
export interface BreakdownLine {
  readonly label: string;
  /** Beside the label. */
  readonly figure: string;
  /** Below both; absent where there is nothing to say. */
  readonly detail?: string;
}

export interface BreakdownSection {
  readonly title: string;
  readonly lines: readonly BreakdownLine[];
}

/** A run's input as it is counted here, without a correction, and as the service reported it. */
export interface Comparison {
  readonly counted: number;
  readonly reported: number;
}

/** What has come of a prompt so far. */
export interface PromptPast {
  readonly lastRun?: Comparison;
  /** What was said since, in tokens, which goes along with the next follow-up; absent where nothing was. */
  readonly history?: number;
}

/** Everything that an estimate knows, for one run. */
export function breakdownOf(
  estimate: PromptEstimate,
  { lastRun, history }: PromptPast = {},
): readonly BreakdownSection[] {
  const sections: readonly BreakdownSection[] = [
    { title: estimate.modelId, lines: totalLines(estimate) },
    { title: 'Roles', lines: roleLines(estimate, history) },
    {
      title: 'Messages',
      lines: estimate.messages.map(({ role, tokens }, index) =>
        share(`${index + 1}. ${role}`, tokens, estimate),
      ),
    },
    {
      title: 'Around them',
      lines: [
        ['Template of the model', estimate.overhead] as const,
        ['Tools', estimate.tools] as const,
        ['Schema of the answer', estimate.schema] as const,
      ].flatMap(([label, tokens]) => (tokens === 0 ? [] : [share(label, tokens, estimate)])),
    },
    {
      title: 'Variables, as part of the messages',
      lines: [
        ...estimate.variables.map(({ name, tokens }) => share(name, tokens, estimate)),
        ...estimate.missing.map((name) => ({ label: name, figure: 'no value yet' })),
      ],
    },
    { title: 'Last run', lines: lastRun ? [lastRunLine(lastRun)] : [] },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** `312 tokens · ≈ $0.0008, at most $0.011`, for a list of models. */
export function modelLine(estimate: PromptEstimate): BreakdownLine {
  const fit = fitLine(estimate);
  return {
    label: estimate.modelId,
    figure: [formatEstimated(estimate), formatInputCost([estimate]), atMost(estimate)]
      .filter(Boolean)
      .join(' · '),
    ...(fitOf(estimate) === 'fits' || fit === undefined ? {} : { detail: fit }),
  };
}

/** The models from the cheapest on; those whose price is unknown stand last. */
export function byCost(one: PromptEstimate, other: PromptEstimate): number {
  const [cost, otherCost] = [one, other].map((estimate) => estimate.cost?.atMost ?? Infinity) as [
    number,
    number,
  ];
  if (cost === otherCost) return one.modelId.localeCompare(other.modelId);
  return cost - otherCost;
}

function totalLines(estimate: PromptEstimate): BreakdownLine[] {
  const { reasons, correction, tokenizer, price, exactness, output } = estimate;
  const counted = `Counted with ${tokenizer}.`;
  const how =
    exactness === 'exact'
      ? [counted, 'Exact.']
      : [counted, ...reasons.filter((text) => !text.startsWith('Counted'))];
  if (correction) how.push(`Corrected by ${formatCorrection(correction)}.`);
  const fit = fitLine(estimate);
  const advice = fitAdvice(estimate, { history: 0 });
  const isFree = price?.source.kind === 'local';
  return [
    { label: 'Input', figure: formatEstimated(estimate), detail: how.join(' ') },
    {
      label: 'Cost',
      figure: [formatInputCost([estimate]), atMost(estimate)].filter(Boolean).join(', '),
      ...(estimate.cost && !isFree ? { detail: `At most is with ${reserved(output)}.` } : {}),
    },
    {
      label: 'Price',
      figure:
        price === undefined ? 'unknown; set one in llmPlayground.prices' : formatPriceSource(price.source),
    },
    ...(fit === undefined
      ? []
      : [{ label: 'Context window', figure: fit, ...(advice === undefined ? {} : { detail: advice }) }]),
  ];
}

function atMost({ cost, price }: PromptEstimate): string {
  return !cost || price?.source.kind === 'local' ? '' : `at most ${formatUsd(cost.atMost)}`;
}

function reserved({ tokens, isAssumed }: PromptEstimate['output']): string {
  return `an answer of ${formatTokens(tokens)}, ${isAssumed ? 'assumed: the prompt sets no limit' : 'the prompt’s limit'}`;
}

function fitLine(estimate: PromptEstimate): string | undefined {
  const { inputTokens, contextWindow, output } = estimate;
  if (contextWindow === undefined) return undefined;
  const used = `${formatCount(inputTokens)} of ${formatTokens(contextWindow)}`;
  const fit = fitOf(estimate);
  switch (fit) {
    case 'fits':
      return `${used}, and ${formatCount(output.tokens)} kept free for the answer`;
    case 'tight':
      return `${used}: ${formatCount(contextWindow - inputTokens)} left for the answer`;
    case 'too-long':
      return `${used}: too long`;
    case 'unknown':
      return undefined;
    default:
      return fit satisfies never;
  }
}

/** What the roles take; nothing where the list of messages says the same. */
function roleLines(estimate: PromptEstimate, history: number | undefined): BreakdownLine[] {
  const shares = roleShares(estimate.messages);
  const isSaid = history !== undefined && history > 0;
  if (shares.length === estimate.messages.length && !isSaid) return [];
  return [
    ...shares.map(({ role, tokens, messages }) => ({
      ...share(role, tokens, estimate),
      ...(messages > 1 ? { detail: `${messages} messages` } : {}),
    })),
    ...(isSaid
      ? [
          {
            label: 'History',
            figure: formatTokens(history),
            detail: 'What was said since goes along with the next follow-up; Run begins without it.',
          },
        ]
      : []),
  ];
}

function lastRunLine({ counted, reported }: Comparison): BreakdownLine {
  const difference = formatDifference(counted, reported);
  return {
    label: 'Reported by the service',
    figure: formatTokens(reported),
    detail:
      difference === undefined
        ? 'As counted here.'
        : `Counted here: ${formatTokens(counted)}, a difference of ${difference}.`,
  };
}

/** A part is told as it was counted, without a correction, and so is its share. */
function share(label: string, tokens: number, { inputTokens, correction }: PromptEstimate): BreakdownLine {
  const counted = inputTokens / (correction?.ratio ?? 1);
  const percent = counted === 0 ? '' : ` · ${Math.round((tokens / counted) * 100)} %`;
  return { label, figure: `${formatTokens(tokens)}${percent}` };
}
