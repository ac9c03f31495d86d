import { attachmentLabel } from '../attachment.ts';
import { isAttached, type Part } from '../chat.ts';
import type { CitedSource } from '../citedSource.ts';
import { escapedHtml as escaped } from './escapedHtml.ts';
import { fencedPieces } from './fences.ts';
import { formatMoment, type TranscriptSource, type Turn, turnsOf } from './transcript.ts';

/**
 * A path of a conversation as one HTML file that needs nothing else: no script, nothing from the network, light or dark
 * as the reader's system is. All text is escaped; fenced blocks become code, other marks of Markdown stay as written.
 */
export function exportHtml(source: TranscriptSource): string {
  const title = escaped(source.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${styles}</style>
</head>
<body>
<h1>${title}</h1>
<p class="note">${formatMoment(source.createdAt)}</p>
${turnsOf(source).map(sectionOf).join('\n')}
</body>
</html>
`;
}

function sectionOf({ heading, role, reasoning, content, sources, notes }: Turn): string {
  const thoughts =
    reasoning === '' ? '' : `<details><summary>Reasoning</summary>${textOf(reasoning)}</details>\n`;
  return `<section class="${role}">
<h2>${escaped(heading)}</h2>
${thoughts}${content.map(partOf).join('\n')}${sourcesOf(sources)}
${notes.map((note) => `<p class="note">${escaped(note)}</p>`).join('\n')}
</section>`;
}

function sourcesOf(sources: readonly CitedSource[]): string {
  if (sources.length === 0) return '';
  const items = sources.map(({ title, url, quote }) => {
    const name = escaped(title);
    // The page that is left for it is not told from where its reader comes.
    const link = url === undefined ? name : `<a href="${escaped(url)}" rel="noreferrer">${name}</a>`;
    return `<li>${link}${quote === undefined ? '' : ` <q>${escaped(quote)}</q>`}</li>`;
  });
  return `\n<p class="note">Sources:</p>\n<ol>${items.join('')}</ol>`;
}

function partOf(part: Part): string {
  switch (part.type) {
    case 'text':
      return isAttached(part)
        ? `<details><summary>${escaped(attachmentLabel(part.attachment))}</summary>${textOf(part.text.trim())}</details>`
        : textOf(part.text);
    case 'image':
      // An image from the network would tell its server who reads.
      return /^data:image\/(png|jpeg|gif|webp);base64,[\w+/=]*$/i.test(part.url)
        ? `<p><img alt="Image" src="${part.url}"></p>`
        : `<p class="text">Image: ${escaped(part.url)}</p>`;
    case 'tool-call':
      return `<p>Calls the tool <code>${escaped(part.name)}</code>:</p>\n<pre><code>${escaped(part.arguments)}</code></pre>`;
    case 'tool-result':
      return `<p>${part.isError ? 'The tool failed' : 'The tool answered'}:</p>\n<pre><code>${escaped(part.result)}</code></pre>`;
    default:
      return part satisfies never;
  }
}

function textOf(text: string): string {
  return fencedPieces(text)
    .map(({ isCode, text: piece }) =>
      isCode ? `<pre><code>${escaped(piece)}</code></pre>` : `<p class="text">${escaped(piece.trim())}</p>`,
    )
    .join('\n');
}

const styles = `
:root { color-scheme: light dark; --text: #1f2328; --back: #fff; --soft: #f3f4f6; --line: #d0d7de; --quiet: #59636e; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --back: #16191d; --soft: #22272e; --line: #3d444d; --quiet: #9aa4af; }
}
body { font: 16px/1.6 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 48rem;
  margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word; }
h1 { font-size: 1.5rem; line-height: 1.3; }
h2 { font-size: 0.9rem; margin: 0 0 0.5rem; }
section { border-top: 1px solid var(--line); padding: 1rem 0; }
section.user { background: var(--soft); padding: 1rem; border-radius: 8px; border: 0; }
.text { white-space: pre-wrap; margin: 0.5rem 0; }
.note, summary { color: var(--quiet); font-size: 0.85rem; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem; overflow-x: auto; }
code { font: 0.9em/1.5 ui-monospace, monospace; }
img { max-width: 100%; }
`;
