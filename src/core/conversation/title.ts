import { attachmentLabel } from '../attachment.ts';
import { isAttached, writtenIn } from '../chat.ts';
import { type ConversationMessage, untitled } from './conversation.ts';

/** In characters as people count them. */
const longestTitle = 60;

/**
 * The title that a conversation has until the user writes one: the first line of the first message of the user, without
 * the marks of Markdown, at most 60 characters (graphemes) with the ellipsis that stands for the rest. Where nothing is
 * written, it is what was attached first.
 */
export function autoTitle(messages: readonly Pick<ConversationMessage, 'role' | 'content'>[]): string {
  for (const { role, content } of messages) {
    if (role !== 'user') continue;
    // What is looked at is bounded, because what is pasted is not.
    const lines = writtenIn({ role, content }).slice(0, 10_000).split('\n');
    for (const line of lines) {
      const title = plainLine(line.slice(0, 1000));
      if (title !== '') return shortened(title);
    }
    const attached = content.find(isAttached);
    if (attached) return shortened(attachmentLabel(attached.attachment));
  }
  return untitled;
}

function plainLine(line: string): string {
  const isFence = /^\s*(```|~~~)/.test(line);
  if (isFence) return '';
  return (
    line
      .replace(/^[\s>]*(#{1,6}\s+|[-*+]\s+|\d{1,9}[.)]\s+)?/, '')
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/\*\*|~~|`|(?<![\p{L}\p{N}])[*_]+(?=\S)|(?<=\S)[*_]+(?![\p{L}\p{N}_*])/gu, '')
      // Control characters and marks that turn the direction of text would reach beyond the title.
      .replace(/[\s\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
      .replace(/^[-=\s]+$/, '')
      .trim()
  );
}

function shortened(title: string): string {
  const graphemes = [...graphemesOf.segment(title)].map(({ segment }) => segment);
  if (graphemes.length <= longestTitle) return title;
  return `${graphemes
    .slice(0, longestTitle - 1)
    .join('')
    .trimEnd()}…`;
}

const graphemesOf = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
