import { formatCount, formatTokens } from '../format.ts';
import { fitOf, type PromptEstimate } from '../tokens/estimate.ts';

/** What there is to shorten. */
export interface Shortenable {
  /** Tokens that were said before what is sent now; 0 where the prompt is sent alone. */
  readonly history: number;
}

/**
 * What is wrong with how a request fits its window, and what to do about it; `undefined` where it fits and where the
 * window is not known.
 */
export function fitAdvice(estimate: PromptEstimate, { history }: Shortenable): string | undefined {
  const { modelId, exactness, inputTokens, contextWindow = 0, output } = estimate;
  const mark = exactness === 'exact' ? '' : '~';
  const fit = fitOf(estimate);
  switch (fit) {
    case 'fits':
    case 'unknown':
      return undefined;
    case 'tight': {
      const left = formatTokens(contextWindow - inputTokens);
      const wanted = output.isAssumed ? '' : `, not ${formatCount(output.tokens)}`;
      return `Only ${mark}${left} of the window of ${modelId} are left for the answer${wanted}: it may be cut off. ${waysOut(estimate, history)}`;
    }
    case 'too-long':
      return `${mark}${formatTokens(inputTokens)} are too many for ${modelId}, whose window holds ${formatCount(contextWindow)}. ${waysOut(estimate, history)}`;
    default:
      return fit satisfies never;
  }
}

function waysOut(estimate: PromptEstimate, history: number): string {
  const { inputTokens, modelId, output, variables } = estimate;
  const ways: string[] = [];
  if (history > inputTokens / 2) {
    ways.push('let older turns be left out or summarised');
  } else {
    const [largest] = variables.toSorted((one, other) => other.tokens - one.tokens);
    const isMost = largest && largest.tokens > inputTokens / 4;
    ways.push(
      isMost ? `shorten “${largest.name}” (${formatTokens(largest.tokens)})` : 'shorten what is sent',
    );
  }
  if (!output.isAssumed && fitOf(estimate) === 'tight') ways.push('lower maxOutputTokens');
  if (/^(local|ollama)\//.test(modelId)) ways.push('raise contextSize');
  ways.push('choose a model with a larger window');
  const sentence = `${ways.slice(0, -1).join(', ')} or ${ways.at(-1)}`;
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
