import { randomBytes } from 'node:crypto';
import type { ChatEvent, ToolDefinition } from '../core/chat.ts';
import { type AnswerPart, AnswerParts, type AnswerPartsOptions } from './answerParts.ts';
import { type AnswerToken, textOf } from './answerToken.ts';
import { parsedCalls } from './toolCalls.ts';

export interface AnswerEventsOptions extends Omit<AnswerPartsOptions, 'hasTools'> {
  readonly tools: readonly ToolDefinition[];
}

/** Turns the tokens of an answer into events: text, thoughts and tool calls told apart. */
export class AnswerEvents {
  readonly #parts: AnswerParts;
  readonly #options: AnswerEventsOptions;
  #calls = 0;
  #reasoningTokens = 0;

  constructor(options: AnswerEventsOptions) {
    this.#options = options;
    this.#parts = new AnswerParts({ ...options, hasTools: options.tools.length > 0 });
  }

  /** The texts that mark parts of the answer. */
  get marks(): ReadonlySet<string> {
    return this.#parts.marks;
  }

  get hasCalls(): boolean {
    return this.#calls > 0;
  }

  /** How many tokens were thoughts. */
  get reasoningTokens(): number {
    return this.#reasoningTokens;
  }

  /** The events that are certain once these tokens have come. */
  *of(tokens: readonly AnswerToken[]): Generator<ChatEvent> {
    for (const part of this.#parts.push(tokens)) yield* this.#events(part);
  }

  /** The events of the last tokens and of what was kept back. */
  *end(tokens: readonly AnswerToken[]): Generator<ChatEvent> {
    yield* this.of(tokens);
    for (const part of this.#parts.end()) yield* this.#events(part);
  }

  *#events(part: AnswerPart): Generator<ChatEvent> {
    switch (part.kind) {
      case 'text':
        yield* textEvents(part.tokens);
        break;
      case 'reasoning': {
        this.#reasoningTokens += part.tokens.length;
        const text = textOf(part.tokens);
        if (text !== '') yield { type: 'reasoning', text };
        break;
      }
      case 'call':
        yield* this.#callEvents(part);
        break;
      default:
        part satisfies never;
    }
  }

  *#callEvents(part: AnswerPart & { kind: 'call' }): Generator<ChatEvent> {
    const calls = parsedCalls(part.text, part.recipient);
    // An answer in JSON can look like a call of the bare kind; only the name tells.
    const isBare = this.#options.format.calls === 'bare';
    const isNamed = (name: string): boolean => this.#options.tools.some((tool) => tool.name === name);
    if (!calls || (isBare && !calls.every(({ name }) => isNamed(name)))) {
      yield* textEvents(part.tokens);
      if (!isBare) yield { type: 'warning', warning: { subject: 'tools', message: notACall } };
      return;
    }
    for (const { name, arguments: args } of calls) {
      const id = `call_${randomBytes(6).toString('hex')}`;
      yield { type: 'tool-call', index: this.#calls++, id, name, arguments: args };
    }
  }
}

const notACall =
  'The model began to call a tool and wrote what is no call; it stands in the answer as it is. Run again, or try a larger model.';

function* textEvents(tokens: readonly AnswerToken[]): Generator<ChatEvent> {
  const text = textOf(tokens);
  const logprobs = tokens.flatMap(({ logprob }) => logprob ?? []);
  if (logprobs.length > 0) yield { type: 'text', text, logprobs };
  else if (text !== '') yield { type: 'text', text };
}
