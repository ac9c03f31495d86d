import type { Message } from '../chat.ts';
import type { VariableValue } from '../store.ts';
import type { ParsedPrompt } from './parse.ts';
import type { PartialLoader } from './partials.ts';

export interface RenderOptions {
  /** Finds the partials that the template names with `{{> name}}`. Default: there are none. */
  readonly partials?: PartialLoader;
  /** The conversation so far: stands where `{{history}}` is, or else before the last user message. Default: none. */
  readonly history?: readonly Message[];
}

export interface RenderedPrompt {
  readonly messages: readonly Message[];
  /** The values that were rendered, defaults included: what a run records. */
  readonly values: Readonly<Record<string, VariableValue>>;
}

/** Renders a prompt to the messages of a request.
 * @throws PromptError */
export function renderPrompt(
  prompt: ParsedPrompt,
  values: Readonly<Record<string, VariableValue | undefined>>,
  options: RenderOptions = {},
): Promise<RenderedPrompt> {
  throw new Error('not yet');
}
