import type { ChatEvent, ChatRequest } from '../../../src/core/chat.ts';
import { cancelledError } from '../../../src/core/errors.ts';
import type { Provider } from '../../../src/core/provider.ts';

/** One step of a scripted answer: an event, an error to throw, or something to do (and wait for) in between. */
export type Step = ChatEvent | Error | (() => unknown);

/** A provider that plays one script a call and keeps the requests it was sent. The only fake of a model there is. */
export class ScriptedProvider implements Provider {
  readonly id = 'scripted';
  readonly name = 'Scripted';
  readonly requests: ChatRequest[] = [];
  readonly #scripts: (readonly Step[])[];

  constructor(...scripts: (readonly Step[])[]) {
    this.#scripts = scripts;
  }

  models(): Promise<[]> {
    return Promise.resolve([]);
  }

  async *stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    this.requests.push(request);
    for (const step of this.#scripts.shift() ?? []) {
      if (signal.aborted) throw cancelledError();
      if (step instanceof Error) throw step;
      if (typeof step === 'function') await step();
      else yield step;
    }
  }
}

export const start: ChatEvent = { type: 'start', model: 'scripted-1', warnings: [] };
export const stop: ChatEvent = { type: 'finish', reason: 'stop' };
export const text = (value: string): ChatEvent => ({ type: 'text', text: value });
export const usage = (inputTokens: number, outputTokens: number): ChatEvent => ({
  type: 'usage',
  usage: { inputTokens, outputTokens },
});
