import { attachmentLabel } from '../attachment.ts';
import { type AttachedPart, isAttached, type Part } from '../chat.ts';
import type { CitedSource } from '../citedSource.ts';
import { escapedHtml } from './escapedHtml.ts';
import { fenced, withClosedFence } from './fences.ts';
import { formatMoment, type TranscriptSource, type Turn, turnsOf } from './transcript.ts';

/** A path of a conversation as Markdown: a heading for each turn, text as it was written, tool calls as code. */
export function exportMarkdown(source: TranscriptSource): string {
  const blocks = [
    `# ${escaped(source.title)}`,
    formatMoment(source.createdAt),
    ...turnsOf(source).flatMap(blocksOf),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function blocksOf({ heading, reasoning, content, sources, notes }: Turn): string[] {
  return [
    `## ${heading}`,
    ...(reasoning === '' ? [] : [quoted(withClosedFence(reasoning))]),
    ...content.map(blockOf),
    ...(sources.length === 0 ? [] : ['Sources:', sources.map(sourceLine).join('\n')]),
    ...notes.map((note) => `_${escaped(note)}_`),
  ];
}

function blockOf(part: Part): string {
  switch (part.type) {
    case 'text':
      return isAttached(part) ? folded(part) : withClosedFence(part.text);
    case 'image':
      return `![Image](${destination(part.url)})`;
    case 'tool-call':
      return `Calls the tool \`${part.name.replaceAll('`', "'")}\`:\n\n${fenced(part.arguments, 'json')}`;
    case 'tool-result':
      return `${part.isError ? 'The tool failed' : 'The tool answered'}:\n\n${fenced(part.result, '')}`;
    default:
      return part satisfies never;
  }
}

function sourceLine({ title, url, quote }: CitedSource, index: number): string {
  const name = url === undefined ? escaped(title) : `[${escaped(title)}](${destination(url)})`;
  return `${index + 1}. ${name}${quote === undefined ? '' : `: “${escaped(quote)}”`}`;
}

/** An address as the destination of a link or an image, which it cannot end. */
function destination(url: string): string {
  return `<${url.replaceAll(/[<>\s]/g, encodeURIComponent)}>`;
}

/** What GitHub and the editor's preview show folded. */
function folded({ text, attachment }: AttachedPart): string {
  const label = escapedHtml(attachmentLabel(attachment));
  return `<details>\n<summary>${label}</summary>\n\n${withClosedFence(text.trim())}\n\n</details>`;
}

function quoted(text: string): string {
  return text.replaceAll(/^/gm, '> ');
}

/** One line whose marks are text. */
function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>#~|]/g, '\\$&');
}
