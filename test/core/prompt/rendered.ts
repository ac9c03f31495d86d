import { type Message, textMessage } from '../../../src/core/chat.ts';
import { parsePrompt } from '../../../src/core/prompt/parse.ts';
import { renderPrompt } from '../../../src/core/prompt/render.ts';
import type { VariableValues } from '../../../src/core/store.ts';

/** The messages of a prompt that is given as a file's text. */
export async function render(
  text: string,
  values: VariableValues = {},
  options: { partials?: Record<string, string>; history?: readonly Message[] } = {},
): Promise<readonly Message[]> {
  const { partials = {}, history = [] } = options;
  const loader = (name: string): string | undefined => partials[name];
  return (await renderPrompt(parsePrompt(text), values, { partials: loader, history })).messages;
}

export const [system, user, assistant] = (['system', 'user', 'assistant'] as const).map(
  (role) => (text: string) => textMessage(role, text),
) as [(text: string) => Message, (text: string) => Message, (text: string) => Message];
