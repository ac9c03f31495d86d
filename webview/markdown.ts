import { Lexer, Marked, Tokenizer, type Token, type Tokens, type TokensList } from 'marked';
import { codeHtml, escapeHtml } from './code.ts';

/** What an update of a text has changed. */
export interface MarkdownChange {
  /** How many top-level blocks the text has now. */
  readonly count: number;
  /** The HTML of those blocks that are not as they were, by their place. Not sanitised: see `sanitize.ts`. */
  readonly changed: ReadonlyMap<number, string>;
}

/**
 * Markdown that grows at its end. Blocks that no later text can change are rendered once and forgotten; each `update`
 * reads and renders only what comes after them, so that a long answer costs no more per token than a short one, and its
 * memory little more than its text.
 */
export class MarkdownStream {
  #text = '';
  /** How many blocks are finished, and where in the text they end. */
  #finished = 0;
  #end = 0;
  /** The HTML of those behind them. */
  #open: readonly string[] = [];
  #links: Links = {};
  /** Finished blocks that a definition behind them may yet give a link, by their place. */
  readonly #linking = new Map<number, Block>();

  /** What is another since the last text. Any text may be given; one that continues the last one is what is fast. */
  update(text: string): MarkdownChange {
    // marked counts in text with these line ends.
    const normal = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
    if (!normal.startsWith(this.#text)) this.#restart();
    this.#text = normal;

    const rest = ownCopy(normal.slice(this.#end));
    const { sources, tokens, links } = readBlocks(rest, this.#links);
    const blocks = tokens.map((token, index) => ({ source: sources[index] ?? '', html: render(token) }));
    const changed = new Map<number, string>();
    blocks.forEach(({ html }, index) => {
      if (html !== this.#open[index]) changed.set(this.#finished + index, html);
    });
    const finished = finishedCount(rest, sources);
    this.#open = blocks.slice(finished).map(({ html }) => html);
    if (finished > 0) {
      this.#finish(blocks.slice(0, finished));
      this.#link(blocks.slice(0, finished), links, changed);
    }
    return { count: this.#finished + this.#open.length, changed };
  }

  #finish(blocks: readonly Block[]): void {
    blocks.forEach((block, index) => {
      if (block.source.includes('[')) this.#linking.set(this.#finished + index, block);
    });
    this.#finished += blocks.length;
    this.#end += sum(blocks.map(({ source }) => source.length));
  }

  /** A link definition also counts for the text before it. Only definitions in finished blocks are whole. */
  #link(blocks: readonly Block[], links: Links, changed: Map<number, string>): void {
    if (Object.keys(links).every((label) => label in this.#links)) return;
    this.#links = readBlocks(blocks.map(({ source }) => source).join(''), this.#links).links;
    for (const [place, block] of this.#linking) {
      const html = readBlocks(block.source, this.#links).tokens.map(render).join('');
      if (html === block.html) continue;
      this.#linking.set(place, { ...block, html });
      changed.set(place, html);
    }
  }

  #restart(): void {
    this.#finished = 0;
    this.#end = 0;
    this.#open = [];
    this.#links = {};
    this.#linking.clear();
  }
}

/** A top-level block: its Markdown, with the blank lines behind it, and its HTML. */
interface Block {
  readonly source: string;
  readonly html: string;
}

/**
 * The same text in memory of its own. A piece of a string keeps the whole of it, so that what is kept of a block would
 * keep an answer of a megabyte once for every block of it.
 */
function ownCopy(text: string): string {
  return ` ${text}`.slice(1);
}

type Links = TokensList['links'];

/**
 * The longest piece of inline text, in UTF-16 units, that is read for emphasis and links. marked takes time in the
 * square of its length: `**a* ` repeated to 100,000 characters takes it 47 s, to 4,000 it takes 0.1 s.
 */
const longestInline = 4000;

const marked = new Marked({
  gfm: true,
  // A model that starts a new line means one.
  breaks: true,
  // Tags are shown as the model wrote them, and Markdown between them is still Markdown: `<answer>` is a part of
  // many prompts, and a tag that renders as nothing would hide a part of the answer.
  tokenizer: {
    html: () => undefined,
    tag(source) {
      const token = Tokenizer.prototype.tag.call(this, source);
      // After `<code>` marked would pass text on unescaped, after `<a>` it would leave addresses alone.
      this.lexer.state.inRawBlock = false;
      this.lexer.state.inLink = false;
      return token;
    },
  },
  renderer: {
    html: ({ text }) => (/^<br\s*\/?>$/i.test(text) ? '<br>' : escapeHtml(text)),
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      if (!isSafeAddress(href)) return `${text} (${escapeHtml(href)})`;
      return `<a href="${escapeHtml(href)}" title="${escapeHtml(href)}">${text}</a>`;
    },
    image: ({ href, text }) => imageInWords(href, text),
    code({ text, lang = '' }) {
      const language = /^\S*/.exec(lang)?.[0] ?? '';
      const name = language === '' ? '' : ` class="language-${escapeHtml(language)}"`;
      return `<pre><code${name}>${codeHtml(text, language.toLowerCase())}\n</code></pre>\n`;
    },
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
});

/** Reads top-level blocks. Blank lines belong to the block before them, or to the first one. */
function readBlocks(text: string, known: Links): { sources: string[]; tokens: Token[]; links: Links } {
  const all = lex(text, known);
  const sources: string[] = [];
  const tokens: Token[] = [];
  let leading = '';
  for (const token of all) {
    if (token.type !== 'space') {
      tokens.push(token);
      sources.push(leading + token.raw);
      leading = '';
    } else {
      const before = sources.pop();
      if (before === undefined) leading += token.raw;
      else sources.push(before + token.raw);
    }
  }
  return { sources, tokens, links: all.links };
}

function lex(text: string, known: Links): TokensList {
  const lexer = new Lexer(marked.defaults);
  lexer.tokens.links = { ...known };
  try {
    lexer.blockTokens(text, lexer.tokens);
    for (const { src, tokens } of lexer.inlineQueue) {
      if (src.length > longestInline) tokens.push(...plainLines(src));
      else lexer.inlineTokens(src, tokens);
    }
    return lexer.tokens;
  } catch {
    // Thousands of nested quotes or lists overflow marked's stack.
    const paragraph = {
      type: 'paragraph',
      raw: text,
      text,
      tokens: plainLines(text),
    } satisfies Tokens.Paragraph;
    return Object.assign([paragraph], { links: known });
  }
}

function plainLines(text: string): (Tokens.Text | Tokens.Br)[] {
  return text.split('\n').flatMap((line, index): (Tokens.Text | Tokens.Br)[] => {
    const token: Tokens.Text = { type: 'text', raw: line, text: line, escaped: false };
    return index === 0 ? [token] : [{ type: 'br', raw: '\n' }, token];
  });
}

/**
 * How many blocks can no longer change: those before a blank line that is followed by a whole line of another block.
 * Without a blank line a block may still be joined to the next one; without a whole line after it, so may a list.
 */
function finishedCount(text: string, sources: readonly string[]): number {
  if (sum(sources.map(({ length }) => length)) !== text.length) return 0;
  let start = text.length;
  for (let index = sources.length - 1; index > 0; index--) {
    start -= sources[index]?.length ?? 0;
    if (text.includes('\n', start) && /\n[ \t]*\n$/.test(sources[index - 1] ?? '')) return index;
  }
  return 0;
}

function render(token: Token): string {
  return marked.parser([token]);
}

/** Images are not loaded: an address made up from the conversation would carry it to a stranger's server. */
function imageInWords(address: string, alt: string): string {
  const shown = escapeHtml(address.length > 200 ? `${address.slice(0, 200)}…` : address);
  const link = isSafeAddress(address) ? `<a href="${escapeHtml(address)}">${shown}</a>` : shown;
  return `<span class="image">Image${alt ? `: ${escapeHtml(alt)}` : ''} (${link})</span>`;
}

function isSafeAddress(address: string): boolean {
  return /^(https?:\/\/|mailto:)/i.test(address);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
