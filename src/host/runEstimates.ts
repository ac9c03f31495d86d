import type { LogOutputChannel } from 'vscode';
import type { ChatRequest } from '../core/chat.ts';
import { messageOf } from '../core/errors.ts';
import type { RunEstimate, RunInput } from '../core/store.ts';
import type { PromptEstimate } from '../core/tokens/estimate.ts';

/**
 * What is expected of a run, to be kept with it. It never rejects: a run goes on without an estimate, and the log says why
 * there is none.
 * @param estimate `undefined` for a model that is not there.
 */
export async function runEstimate(
  { request, modelId }: RunInput,
  estimate: (
    request: ChatRequest,
    modelId: string,
    signal: AbortSignal,
  ) => Promise<PromptEstimate | undefined>,
  log: Pick<LogOutputChannel, 'warn'>,
  signal: AbortSignal,
): Promise<RunEstimate | undefined> {
  try {
    const made = await estimate(request, modelId, signal);
    return made && keptOf(made);
  } catch (error) {
    if (!signal.aborted) log.warn(`What a run of ${modelId} will take was not counted: ${messageOf(error)}`);
    return undefined;
  }
}

/** The figures that can be held against what a service reports; none with images, which are not counted. */
function keptOf({
  inputTokens,
  exactness,
  images,
  correction,
  cost,
}: PromptEstimate): RunEstimate | undefined {
  if (images > 0) return undefined;
  return { inputTokens, exactness, ...(correction ? { correction } : {}), ...(cost ? { cost } : {}) };
}
