import type { VNode } from 'preact';
import {
  formatCorrection,
  formatCount,
  formatDifference,
  formatDuration,
  formatPriceSource,
  formatSpeed,
  formatUsd,
  decodeSpeed,
  outputTokensOf,
  type Run,
  type Usage,
} from '../../src/protocol.ts';
import { formatTime, formatValue } from '../format.ts';

type Row = readonly [name: string, value: string | undefined];

/** Every figure of a run and everything that was sent with it. What is not known is left out, costs excepted. */
export function Breakdown({ run, id }: { readonly run: Run; readonly id: string }): VNode {
  return (
    <section class="breakdown" id={id} aria-label="Breakdown of this run" tabIndex={0}>
      {tables(run).map(([title, rows]) => (
        <Table key={title} title={title} rows={rows} />
      ))}
    </section>
  );
}

function Table({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }): VNode | null {
  const known = rows.filter(([, value]) => value !== undefined);
  if (known.length === 0) return null;
  return (
    <table>
      <caption>{title}</caption>
      <tbody>
        {known.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function tables(run: Run): readonly (readonly [title: string, rows: readonly Row[]])[] {
  const { usage, timing, cost, request, outcome } = run;
  const speed = decodeSpeed(run);
  return [
    [
      'Time',
      [
        ['Started', formatTime(run.startedAt)],
        ['Time to first token', map(timing?.timeToFirstTokenMs, formatDuration)],
        ['Total', map(timing?.totalMs, formatDuration)],
        ['Decode speed', map(speed, formatSpeed)],
      ],
    ],
    [
      'Tokens',
      [
        ['Input', map(usage?.inputTokens, formatCount)],
        ['· read from cache', map(usage?.cachedTokens, formatCount)],
        ['· written to cache', map(usage?.cacheWriteTokens, formatCount)],
        ['Output', map(outputTokensOf(usage), formatCount)],
        ['· reasoning', map(usage?.reasoningTokens, formatCount)],
        ['· guessed ahead and right', usage && guessesOf(usage)],
      ],
    ],
    ['Estimate of the input', estimateRows(run)],
    [
      'Cost',
      cost
        ? [
            ['Input', formatUsd(cost.input)],
            ['Read from cache', formatUsd(cost.cacheRead)],
            ['Written to cache', formatUsd(cost.cacheWrite)],
            ['Output', formatUsd(cost.output)],
            ['· reasoning', map(cost.reasoning, formatUsd)],
            ['Total', formatUsd(cost.total)],
            ['Priced as', formatPriceSource(cost.source)],
          ]
        : [['Total', 'unknown']],
    ],
    [
      'Model',
      [
        ['Asked for', run.modelId],
        ['Served', run.servedModel],
        ['Ended', outcome.status === 'finished' ? outcome.reason : outcome.status],
        ["Service's word", outcome.status === 'finished' ? outcome.rawReason : undefined],
        ['Response id', run.responseId],
        ['Seed that was drawn', map(run.seed, String)],
      ],
    ],
    [
      'Settings sent',
      [
        ...Object.entries(request.settings).map(([name, value]): Row => [name, String(value)]),
        ['response format', request.responseFormat?.type],
        ['tools', map(request.tools, (tools) => tools.map(({ name }) => name).join(', '))],
        ['provider options', map(request.providerOptions, (options) => JSON.stringify(options))],
      ],
    ],
    ['Variables', Object.entries(run.variables).map(([name, value]): Row => [name, formatValue(value, 300)])],
    [
      'Run',
      [
        ['Prompt', run.prompt?.name],
        ['Version', run.prompt?.version],
        ['Run id', run.id],
      ],
    ],
    ['Warnings', run.warnings.map(({ subject, message }): Row => [subject, message])],
  ];
}

/** What was expected before it was sent, and how far what was reported and charged lies from it. */
function estimateRows({ estimate, usage, cost }: Run): readonly Row[] {
  if (!estimate) return [];
  const { inputTokens, exactness, correction, cost: expected } = estimate;
  const reported = (tokens: number): string =>
    `${formatCount(tokens)}, ${formatDifference(inputTokens, tokens) ?? 'as expected'}`;
  const isPaid = expected !== undefined && expected.atMost > 0;
  return [
    ['Expected', `${exactness === 'exact' ? '' : '~'}${formatCount(inputTokens)}`],
    ['· counted', map(correction, ({ ratio }) => formatCount(inputTokens / ratio))],
    ['· learned correction', map(correction, formatCorrection)],
    ['Reported', usage ? reported(usage.inputTokens) : 'not by this service'],
    ['Cost expected', isPaid ? formatUsd(expected.input) : undefined],
    ['Charged', isPaid && cost ? formatUsd(cost.input + cost.cacheRead + cost.cacheWrite) : undefined],
  ];
}

function map<T>(value: T | undefined, format: (value: T) => string): string | undefined {
  return value === undefined ? undefined : format(value);
}

/** `44 of 60 (73 %)`; `undefined` where nothing was guessed. */
function guessesOf({ draftTokens, acceptedDraftTokens = 0 }: Usage): string | undefined {
  if (!draftTokens) return undefined;
  const share = Math.round((acceptedDraftTokens / draftTokens) * 100);
  return `${formatCount(acceptedDraftTokens)} of ${formatCount(draftTokens)} (${share} %)`;
}
