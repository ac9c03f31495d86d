import type { Message, Part, Role } from '../chat.ts';
import type { Mark } from './marks.ts';

/**
 * The messages of a rendered template. Text before the first role is the user's, and a message without content is
 * left out. `history` stands before the last user message, unless a mark placed it.
 */
export function messagesOf(
  pieces: readonly (string | Mark)[],
  history: readonly Message[],
): readonly Message[] {
  const messages: Message[] = [];
  let role: Role = 'user';
  let parts: Part[] = [];
  let placed = false;

  const close = (next: Role): void => {
    const content = tidy(parts);
    if (content.length > 0) messages.push({ role, content });
    role = next;
    parts = [];
  };

  for (const piece of pieces) {
    if (typeof piece === 'string') {
      parts.push({ type: 'text', text: piece });
    } else if (piece.type === 'role') {
      close(piece.role);
    } else if (piece.type === 'messages') {
      close('assistant');
      messages.push(...piece.messages);
      placed = true;
    } else {
      parts.push(piece);
    }
  }
  close('user');

  if (placed || history.length === 0) return messages;
  const last = messages.at(-1)?.role === 'user' ? messages.length - 1 : messages.length;
  return messages.toSpliced(last, 0, ...history);
}

/**
 * Adjacent texts as one, without what is there for the template's layout: blank lines before a text and white space
 * after it. The indentation of a first line stays, since it can be code.
 */
function tidy(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.type === 'text' && last?.type === 'text') {
      joined[joined.length - 1] = { type: 'text', text: last.text + part.text };
    } else {
      joined.push(part);
    }
  }
  return joined.flatMap((part): readonly Part[] => {
    if (part.type !== 'text') return [part];
    const text = part.text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd();
    return text === '' ? [] : [{ type: 'text', text }];
  });
}
