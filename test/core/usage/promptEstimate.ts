import type { PromptEstimate } from '../../../src/core/tokens/estimate.ts';

/** An exact estimate of 100 tokens at an unknown price, of which a test says what it is about. */
export function promptEstimate(changes: Partial<PromptEstimate> = {}): PromptEstimate {
  return {
    modelId: 'openai/gpt-5',
    exactness: 'exact',
    tokenizer: 'o200k_base',
    reasons: [],
    messages: [],
    variables: [],
    missing: [],
    images: 0,
    tools: 0,
    schema: 0,
    overhead: 0,
    inputTokens: 100,
    output: { tokens: 1024, isAssumed: true },
    ...changes,
  };
}
