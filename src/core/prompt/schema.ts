import type { ResponseFormat } from '../chat.ts';
import type { ParsedPrompt } from './parse.ts';

/**
 * What the front matter's `output` asks the answer to be, or `undefined` for free text.
 * @throws PromptError when the schema is not one.
 */
export function responseFormatOf(prompt: ParsedPrompt): Promise<ResponseFormat | undefined> {
  throw new Error('not yet');
}
