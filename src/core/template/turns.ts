import { argumentsOf, type Message, type Part, type ToolCallPart, textOf } from '../chat.ts';
import { LlmError } from '../errors.ts';

/** A message as chat templates know it. */
export type TemplateTurn =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly toolCalls?: readonly TemplateCall[] }
  | { readonly role: 'tool'; readonly text: string; readonly name: string; readonly callId: string };

export interface TemplateCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * The messages as turns; those of one role that follow each other are one, because most templates want roles to
 * alternate.
 * @throws LlmError `bad-request` for an image.
 */
export function turnsOf(messages: readonly Message[]): TemplateTurn[] {
  const turns: TemplateTurn[] = [];
  const calls = new Map<string, TemplateCall>();
  for (const message of messages) {
    for (const turn of turnsOfMessage(message, calls)) {
      const before = turns.at(-1);
      if (before?.role === turn.role && isPlain(before) && isPlain(turn))
        turns[turns.length - 1] = { role: turn.role, text: `${before.text}\n\n${turn.text}` } as TemplateTurn;
      else turns.push(turn);
    }
  }
  return turns;
}

/** The same without system messages, whose text goes before the first one of the user. */
export function withoutSystem(turns: readonly TemplateTurn[]): readonly TemplateTurn[] {
  const system = turns.filter(({ role }) => role === 'system').map(({ text }) => text);
  if (system.length === 0) return turns;
  const rest = turns.filter(({ role }) => role !== 'system');
  const first = rest.findIndex(({ role }) => role === 'user');
  const text = system.join('\n\n');
  if (first < 0) return [{ role: 'user', text }, ...rest];
  return rest.with(first, { role: 'user', text: `${text}\n\n${rest[first]?.text ?? ''}` });
}

function turnsOfMessage(message: Message, calls: Map<string, TemplateCall>): TemplateTurn[] {
  const { role, content } = message;
  if (content.some(({ type }) => type === 'image')) {
    throw new LlmError(
      'bad-request',
      'The local runtime reads text only. Take the image out of the message, or choose another provider.',
    );
  }
  switch (role) {
    case 'system':
    case 'user':
      return [{ role, text: textOf(message) }];
    case 'assistant': {
      const toolCalls = content.filter(isToolCall).map((call) => templateCall(call, calls));
      return [{ role, text: textOf(message), ...(toolCalls.length > 0 ? { toolCalls } : {}) }];
    }
    case 'tool':
      return content.flatMap((part) =>
        part.type === 'tool-result'
          ? [
              {
                role,
                text: part.result,
                name: calls.get(part.callId)?.name ?? '',
                callId: calls.get(part.callId)?.id ?? part.callId,
              },
            ]
          : [],
      );
  }
}

/** Mistral's templates refuse ids that are not nine letters or digits, and no other template minds. */
function templateCall(call: ToolCallPart, calls: Map<string, TemplateCall>): TemplateCall {
  const made = {
    id: `call${String(calls.size).padStart(5, '0')}`,
    name: call.name,
    arguments: argumentsOf(call),
  };
  calls.set(call.id, made);
  return made;
}

function isToolCall(part: Part): part is ToolCallPart {
  return part.type === 'tool-call';
}

function isPlain(turn: TemplateTurn): boolean {
  return turn.role !== 'tool' && !('toolCalls' in turn);
}
