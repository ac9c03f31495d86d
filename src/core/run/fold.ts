import type { ChatEvent, Citation, ToolCallPart, Usage } from '../chat.ts';
import type { Cost } from '../pricing.ts';
import type { FinalOutcome, RunEstimate, RunOutput } from '../store.ts';
import type { RetryEvent, Timing } from '../stream.ts';

/** What happens to a run: what the model streams, how it ended, that it is tried again, and that it could not be saved. */
export type RunEvent =
  | ChatEvent
  | RetryEvent
  | { readonly type: 'unsaved'; readonly reason: string }
  | {
      readonly type: 'end';
      readonly outcome: FinalOutcome;
      readonly timing: Timing;
      /** In the place of what was reported; absent where that stands. */
      readonly usage?: Usage;
      readonly cost?: Cost;
      readonly estimate?: RunEstimate;
    };

/** The output of a run that has been recorded and has not answered yet. */
export const emptyOutput: RunOutput = {
  warnings: [],
  text: '',
  reasoning: '',
  toolCalls: [],
  logprobs: [],
  outcome: { status: 'running' },
};

/**
 * The output after one more event. The one place that knows how events add up: the host, the store, the command
 * line and the webview all hold what this returns.
 */
export function foldRun<Output extends RunOutput>(output: Output, event: RunEvent): Output {
  switch (event.type) {
    case 'retry':
      return { ...output, retry: event };
    case 'start':
      return {
        ...withoutRetry(output),
        servedModel: event.model,
        // After those that the prompt itself gave rise to.
        warnings: [...output.warnings, ...event.warnings],
        ...(event.responseId === undefined ? {} : { responseId: event.responseId }),
        ...(event.seed === undefined ? {} : { seed: event.seed }),
      };
    case 'text':
      return {
        ...output,
        text: output.text + event.text,
        ...(event.logprobs ? { logprobs: [...output.logprobs, ...event.logprobs] } : {}),
      };
    case 'reasoning':
      return { ...output, reasoning: output.reasoning + event.text };
    case 'tool-call':
      return { ...output, toolCalls: foldToolCall(output.toolCalls, event) };
    case 'citation':
      return { ...output, citations: foldCitation(output.citations ?? [], event.citation) };
    case 'warning':
      return { ...output, warnings: [...output.warnings, event.warning] };
    case 'usage':
      return { ...output, usage: event.usage };
    case 'finish':
      // The run ends with `end`, which repeats the reason and adds the timing and the cost.
      return output;
    case 'unsaved':
      return { ...output, unsaved: event.reason };
    case 'end':
      return {
        ...withoutRetry(output),
        ...(event.usage ? { usage: event.usage } : {}),
        outcome: event.outcome,
        timing: event.timing,
        ...(event.cost ? { cost: event.cost } : {}),
        ...(event.estimate ? { estimate: event.estimate } : {}),
      };
    default:
      event satisfies never;
      return output;
  }
}

/** The same events with neighbouring pieces of text joined, so that one message carries what one frame can show. */
export function joinEvents(events: readonly RunEvent[]): RunEvent[] {
  const joined: RunEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (last?.type === 'text' && event.type === 'text') {
      joined[joined.length - 1] = {
        type: 'text',
        text: last.text + event.text,
        ...((last.logprobs ?? event.logprobs)
          ? { logprobs: [...(last.logprobs ?? []), ...(event.logprobs ?? [])] }
          : {}),
      };
    } else if (last?.type === 'reasoning' && event.type === 'reasoning') {
      joined[joined.length - 1] = { type: 'reasoning', text: last.text + event.text };
    } else {
      joined.push(event);
    }
  }
  return joined;
}

/** What was waited for is over when the answer begins, or ends without having begun. */
function withoutRetry<Output extends RunOutput>(output: Output): Output {
  if (!output.retry) return output;
  const { retry: _, ...rest } = output;
  return rest as Output;
}

/** Services name a source again for each sentence that rests on it. */
function foldCitation(citations: readonly Citation[], citation: Citation): readonly Citation[] {
  const isSame = ({ url, title, quote }: Citation): boolean =>
    url === citation.url && title === citation.title && quote === citation.quote;
  return citations.some(isSame) ? citations : [...citations, citation];
}

function foldToolCall(
  calls: readonly ToolCallPart[],
  piece: Extract<ChatEvent, { type: 'tool-call' }>,
): readonly ToolCallPart[] {
  const before = calls[piece.index];
  const call: ToolCallPart = {
    type: 'tool-call',
    id: piece.id ?? before?.id ?? '',
    name: piece.name ?? before?.name ?? '',
    arguments: (before?.arguments ?? '') + piece.arguments,
  };
  return calls.toSpliced(piece.index, 1, call);
}
