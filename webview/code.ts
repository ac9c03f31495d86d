/**
 * Code as HTML with its tokens named. Code that grows costs no more for being long: what stands before a blank line
 * outside of everything is not looked at again.
 */

/** The HTML of a whole code, `hljs-*` spans in escaped text; `undefined` for a language that it does not know. */
export type Highlighter = (code: string, language: string) => string | undefined;

/** Where the highlighter, which is loaded later, puts itself. */
const home = globalThis as { llmHighlighter?: Highlighter };

/** Called by the highlighter's program when it has been loaded. */
export function takeHighlighter(highlighter: Highlighter): void {
  home.llmHighlighter = highlighter;
}

/** Escaped text, with the tokens of a language named as far as it is known. */
export function codeHtml(code: string, language: string): string {
  const highlight = home.llmHighlighter;
  // A language's name comes from an answer, and so may be anything.
  if (!highlight || language === '' || code.length > longestCode) return escapeHtml(code);
  const known = growing.find((entry) => entry.language === language && code.startsWith(entry.done));
  const entry = known ?? { language, done: '', html: '' };
  if (!known && growing.unshift(entry) > mostGrowing) growing.pop();
  const html = highlight(code.slice(entry.done.length), language);
  if (html === undefined) return escapeHtml(code);
  const whole = entry.html + html;
  keepDone(entry, code, html);
  return whole;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Code that is longer than this, in UTF-16 units, stays plain: it is data, and its spans would slow the page. */
const longestCode = 300_000;

/** From this length on, in UTF-16 units, the beginning of a code is not looked at again. */
const longEnough = 4000;

/** Blocks that grow at once: one in each lane, and some to spare. */
const mostGrowing = 12;

/** Code whose beginning is done, the newest first. */
const growing: { readonly language: string; done: string; html: string }[] = [];

/** Takes the beginning up to the last blank line that no token spans and that nothing indented follows. */
function keepDone(entry: (typeof growing)[number], code: string, html: string): void {
  const rest = code.slice(entry.done.length);
  if (rest.length < longEnough) return;
  const lines = html.split('\n');
  let depth = 0;
  let at = 0;
  let place = 0;
  let end: { readonly text: number; readonly html: number } | undefined;
  for (const line of lines) {
    if (depth === 0 && line !== '' && !/^\s/.test(line) && rest[at - 1] === '\n' && rest[at - 2] === '\n') {
      end = { text: at, html: place };
    }
    depth += line.split('<span').length - line.split('</span').length;
    place += line.length + 1;
    const next = rest.indexOf('\n', at);
    if (next < 0) break;
    at = next + 1;
  }
  if (!end) return;
  entry.done += rest.slice(0, end.text);
  entry.html += html.slice(0, end.html);
}
