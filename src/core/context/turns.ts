import type { Message } from '../chat.ts';

/** Messages that are sent or left out together: what the user said and everything that answers it. */
export interface Turn {
  /** The place of its first message. */
  readonly from: number;
  /** The place after its last one. */
  readonly to: number;
}

/**
 * The turns of a request, oldest first; the last one is what is being asked. What comes before them is always sent: the first
 * `promptMessages` and, where those end with a question, its answer. A tool's result so never loses its call, and
 * question and answer go on taking turns whichever are left out.
 */
export function turnsOf(messages: readonly Message[], promptMessages: number): readonly Turn[] {
  const starts: number[] = [];
  for (let place = promptMessages; place < messages.length; place++)
    if (messages[place]?.role === 'user') starts.push(place);
  // A chat may begin with what is no question, such as an answer out of a file.
  if (
    messages[promptMessages - 1]?.role !== 'user' &&
    messages.length > promptMessages &&
    starts[0] !== promptMessages
  )
    starts.unshift(promptMessages);
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? messages.length }));
}
