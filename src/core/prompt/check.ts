import type { ParsedPrompt } from './parse.ts';
import type { PartialLoader } from './partials.ts';
import type { PromptProblem } from './problems.ts';

/** Everything wrong with a prompt that can be told without values, in the order of the file; it never throws. */
export function checkPrompt(
  prompt: ParsedPrompt,
  partials?: PartialLoader,
): Promise<readonly PromptProblem[]> {
  throw new Error('not yet');
}
