import { formatCount, formatTokens, formatUsd } from '../format.ts';
import type { ConversationUsage, UsageTotals } from './usage.ts';

/** `1,234 in · 567 out · $0.012`, `… · $0.012 + unknown`, `tokens unknown · cost unknown`; empty where nothing has run. */
export function usageLabel(totals: UsageTotals): string {
  if (totals.runs === 0) return '';
  const { inputTokens, outputTokens } = totals;
  const tokens = isTold(totals)
    ? `${formatCount(inputTokens)} in · ${formatCount(outputTokens)} out`
    : 'tokens unknown';
  return `${tokens} · ${costLabel(totals)}`;
}

/**
 * `7 runs: 1,234 tokens in, 100 of them cached, and 567 out, 30 of them reasoning, for $0.012. The cost of 2 runs is not
 * known and not in it.`
 */
export function usageSentence(totals: UsageTotals): string {
  const { runs, inputTokens, cachedTokens, outputTokens, reasoningTokens, cost, unpricedRuns } = totals;
  const cached = cachedTokens > 0 ? `, ${formatCount(cachedTokens)} of them cached,` : '';
  const reasoning = reasoningTokens > 0 ? `, ${formatCount(reasoningTokens)} of them reasoning` : '';
  const price = unpricedRuns === runs && runs > 0 ? 'at a cost that is not known' : `for ${formatUsd(cost)}`;
  const tokens = isTold(totals)
    ? `${formatTokens(inputTokens)} in${cached} and ${formatCount(outputTokens)} out${reasoning}`
    : 'tokens that were not reported';
  const used = `${formatRuns(runs)}: ${tokens}, ${price}.`;
  if (unpricedRuns === 0 || unpricedRuns === runs) return used;
  return `${used} The cost of ${formatRuns(unpricedRuns)} is not known and not in it.`;
}

/** {@link usageSentence} of a conversation; where summaries were written, what they took of it stands behind. */
export function conversationSentence(used: ConversationUsage): string {
  const { summaries } = used;
  if (summaries.runs === 0) return usageSentence(used);
  return `${usageSentence(used)} Of it for summaries, ${usageSentence(summaries)}`;
}

/** Nothing is answered with no tokens at all: then no run has reported any. */
function isTold({ runs, inputTokens, outputTokens }: UsageTotals): boolean {
  return runs === 0 || inputTokens + outputTokens > 0;
}

function costLabel({ cost, runs, unpricedRuns }: UsageTotals): string {
  if (unpricedRuns === runs) return 'cost unknown';
  return unpricedRuns === 0 ? formatUsd(cost) : `${formatUsd(cost)} + unknown`;
}

function formatRuns(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'run' : 'runs'}`;
}
