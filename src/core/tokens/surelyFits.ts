import type { ChatRequest } from '../chat.ts';
import { assumedOutputTokens, countedTextsOf } from './estimate.ts';

/**
 * Whether a request fits into a window of so many tokens, told from its length alone: no token is shorter than a byte, and no
 * UTF-16 code unit has more than three. `false` says only that it has to be counted.
 */
export function surelyFits(request: ChatRequest, window: number): boolean {
  const { messages, tools, schema } = countedTextsOf(request);
  const units = [...messages, tools, schema].reduce((sum, { length }) => sum + length, 0);
  const { maxOutputTokens = assumedOutputTokens } = request.settings;
  return 3 * units + templateTokens + messages.length * tokensAround + maxOutputTokens <= window;
}

/** More than any chat template puts before a conversation and around each message of it, unless it brings a text of its own. */
const templateTokens = 256;
const tokensAround = 16;
