import { countedTextsOf, estimateOf } from '../../src/core/tokens/estimate.ts';
import type { Estimator } from '../../src/node/estimate.ts';

/**
 * Estimates by a tokenizer for which a word is a token, and four stand around each message.
 * @param contextWindow of every model, in tokens; absent for one that is not known.
 */
export function wordEstimator(contextWindow?: number): Pick<Estimator, 'estimate'> {
  return {
    estimate: ({ request }, modelId) => {
      const texts = countedTextsOf(request);
      return Promise.resolve(
        estimateOf({
          modelId,
          request,
          texts,
          counts: { messages: texts.messages.map(wordsIn), tools: 0, schema: 0, variables: [] },
          overhead: { tokens: 4 * request.messages.length },
          tokenizer: { name: 'words', exactness: 'exact' },
          missing: [],
          contextWindow,
        }),
      );
    },
  };
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}
