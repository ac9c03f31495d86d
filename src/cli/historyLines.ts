import { styleText } from 'node:util';
import type { HistoryEntry, SearchHit } from '../core/conversation/store.ts';
import { autoTitle } from '../core/conversation/title.ts';
import { formatMoment } from '../core/conversation/transcript.ts';
import { formatCount } from '../core/format.ts';
import { shown } from './terminal.ts';

/** A line of the list: id, time, what it is, and title, between tabs. */
export function entryLine(entry: HistoryEntry): string {
  switch (entry.kind) {
    case 'conversation': {
      const { conversation, messageCount, modelIds } = entry;
      const what = [
        `${formatCount(messageCount)} ${messageCount === 1 ? 'message' : 'messages'}`,
        ...modelIds,
      ];
      return line(conversation.id, conversation.updatedAt, what.join(', '), conversation.title);
    }
    case 'run': {
      const { id, startedAt, modelId, prompt, text } = entry.run;
      const title = prompt?.name ?? autoTitle([{ role: 'user', content: [{ type: 'text', text }] }]);
      return line(id, startedAt, `run, ${modelId}`, title);
    }
    default:
      return entry satisfies never;
  }
}

/** What was found, with the text around it on a line of its own. */
export function hitLines({ conversationId, runId = '', title, at, modelId, snippet }: SearchHit): string {
  const text = snippet
    .map((piece) => (piece.isMatch ? styleText('bold', shown(piece.text)) : shown(piece.text)))
    .join('');
  const head = line(conversationId ?? runId, at, modelId ?? 'user', title ?? 'run');
  return `${shown(head)}\n  ${text.replaceAll(/\s+/g, ' ').trim()}`;
}

function line(id: string, at: number, what: string, title: string): string {
  return [id, formatMoment(at), what, title.replaceAll(/\s+/g, ' ')].join('\t');
}
