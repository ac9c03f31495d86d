import { LlmError } from '../core/errors.ts';

/** The error of a text that a context has no room for. */
export function contextOverflow(inputTokens: number, contextSize: number): LlmError {
  return new LlmError(
    'context-overflow',
    `The messages take ${inputTokens} tokens and the context holds ${contextSize}, the answer included. ` +
      'Shorten them, or set "contextSize" higher.',
  );
}
