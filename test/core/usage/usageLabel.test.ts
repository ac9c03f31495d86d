import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noUsage } from '../../../src/core/usage/usage.ts';
import { conversationSentence, usageLabel, usageSentence } from '../../../src/core/usage/usageLabel.ts';

const used = { ...noUsage, runs: 7, inputTokens: 12_345, outputTokens: 678, cost: 0.12 };

test('what was used is said in one line, and in a sentence', () => {
  assert.equal(usageLabel(used), '12,345 in · 678 out · $0.1200');
  assert.equal(usageSentence(used), '7 runs: 12,345 tokens in and 678 out, for $0.1200.');
  assert.equal(
    usageSentence({ ...used, cachedTokens: 1000, reasoningTokens: 30 }),
    '7 runs: 12,345 tokens in, 1,000 of them cached, and 678 out, 30 of them reasoning, for $0.1200.',
  );
});

test('what the summaries of a conversation took is told where there were any', () => {
  assert.equal(conversationSentence({ ...used, summaries: noUsage }), usageSentence(used));
  const summaries = { ...noUsage, runs: 2, inputTokens: 300, outputTokens: 40, cost: 0.01 };
  assert.equal(
    conversationSentence({ ...used, summaries }),
    `${usageSentence(used)} Of it for summaries, 2 runs: 300 tokens in and 40 out, for $0.0100.`,
  );
});

test('a cost that is not known is never a sum', () => {
  assert.equal(usageLabel({ ...used, unpricedRuns: 1 }), '12,345 in · 678 out · $0.1200 + unknown');
  assert.match(
    usageSentence({ ...used, unpricedRuns: 1 }),
    /for \$0\.1200\. The cost of 1 run is not known and not in it\.$/,
  );
  const none = { ...used, cost: 0, unpricedRuns: 7 };
  assert.equal(usageLabel(none), '12,345 in · 678 out · cost unknown');
  assert.match(usageSentence(none), /at a cost that is not known\.$/);
});

test('tokens that no run has reported are unknown and not none', () => {
  const untold = { ...noUsage, runs: 2, unpricedRuns: 2 };
  assert.equal(usageLabel(untold), 'tokens unknown · cost unknown');
  assert.equal(usageSentence(untold), '2 runs: tokens that were not reported, at a cost that is not known.');
});

test('where nothing has run there is nothing to say', () => {
  assert.equal(usageLabel(noUsage), '');
});
