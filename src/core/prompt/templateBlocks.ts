import { isTooDeep } from './nesting.ts';
import { endOf, syntaxError, type SyntaxFault } from './syntaxError.ts';
import type { Place, Program, Statement } from './tree.ts';

/**
 * A part of a template that parses by itself, because it begins and ends with a line outside of all tags and blocks. So what
 * an edit has not touched need not be parsed again.
 */
export interface TemplateBlock {
  /** Ends with a line break, unless it is the last. */
  readonly text: string;
  /** The line of the template on which it begins, from 1. */
  readonly line: number;
  /** With places of the whole template. */
  readonly body: readonly Statement[];
}

export type ParsedBlocks =
  | { readonly program: Program; readonly blocks: readonly TemplateBlock[] }
  /** The first thing in the text that does not parse. */
  | { readonly fault: SyntaxFault };

/**
 * Parses a template.
 * @param before the blocks of the last text that parsed: those whose text is the same are taken over. Where there are any,
 *   the tree has the names and places of the whole text, but not the white space that its tags take away at their borders.
 */
export function parseInBlocks(
  handlebars: typeof Handlebars,
  text: string,
  before: readonly TemplateBlock[],
): ParsedBlocks {
  const { head, changed, tail } = compared(text, before.flatMap(smallBlocks));
  const line = 1 + head.reduce((lines, block) => lines + linesIn(block.text), 0);
  const withTail = (): ParsedBlocks => {
    const rest = parsed(handlebars, changed + tail.map((block) => block.text).join(''), line);
    return 'fault' in rest ? rest : joined([...head, ...rest.blocks]);
  };
  if (changed === '') return joined([...head, ...shifted(tail, line)]);
  const middle = parsed(handlebars, changed, line);
  if (!('fault' in middle)) {
    return joined([...head, ...middle.blocks, ...shifted(tail, line + linesIn(changed))]);
  }
  if (middle.fault.isTooDeep || tail.length === 0) return middle;
  // What follows closes nothing, for it parses by itself.
  if (middle.fault.isOpenAtEnd) return { fault: { ...middle.fault, ...endOf(text) } };
  return withTail();
}

/** The blocks before and after what was changed, and the text between them. */
function compared(
  text: string,
  before: readonly TemplateBlock[],
): {
  readonly head: readonly TemplateBlock[];
  readonly changed: string;
  readonly tail: readonly TemplateBlock[];
} {
  let from = 0;
  let first = 0;
  for (const block of before) {
    if (!text.startsWith(block.text, from) || !block.text.endsWith('\n')) break;
    from += block.text.length;
    first++;
  }
  let to = text.length;
  let last = before.length;
  for (const block of before.slice(first).reverse()) {
    if (to - block.text.length < from || !text.endsWith(block.text, to)) break;
    to -= block.text.length;
    last--;
  }
  // A block begins with a line; where the line break before it was taken away, it is another one.
  if (to > from && text[to - 1] !== '\n' && last < before.length) {
    to += before[last]?.text.length ?? 0;
    last++;
  }
  return { head: before.slice(0, first), changed: text.slice(from, to), tail: before.slice(last) };
}

/** One block of a text that begins on a line of the template. */
function parsed(
  handlebars: typeof Handlebars,
  text: string,
  line: number,
): { readonly blocks: readonly TemplateBlock[] } | { readonly fault: SyntaxFault } {
  try {
    if (isTooDeep(text)) throw new RangeError('nested too deeply');
    const { body } = handlebars.parse(text) as Program;
    return { blocks: shifted([{ text, line: 1, body: body as Statement[] }], line) };
  } catch (error) {
    const fault = syntaxError(error, handlebars);
    return { fault: fault.isTooDeep ? fault : { ...fault, line: fault.line + line - 1 } };
  }
}

function joined(blocks: readonly TemplateBlock[]): ParsedBlocks {
  const body = blocks.flatMap((block) => block.body);
  const [first, last] = [body[0], body.at(-1)];
  const start = first?.loc.start ?? { line: 1, column: 0 };
  const loc = { source: undefined, start, end: last?.loc.end ?? start } as unknown as hbs.AST.SourceLocation;
  return { program: { type: 'Program', body, blockParams: [], loc }, blocks };
}

/** The same blocks from another line on. */
function shifted(blocks: readonly TemplateBlock[], line: number): readonly TemplateBlock[] {
  const by = line - (blocks[0]?.line ?? line);
  if (by === 0) return blocks;
  return blocks.map((block) => ({
    ...block,
    line: block.line + by,
    body: block.body.map((statement) => movedDown(statement, by) as Statement),
  }));
}

/** A copy of a node and of all below it, whose places are so many lines further down. */
function movedDown(node: AnyNode, lines: number): AnyNode {
  const copy: { -readonly [Key in keyof AnyNode]: AnyNode[Key] } = { ...node };
  if (node.loc) {
    const { start, end } = node.loc;
    copy.loc = {
      ...node.loc,
      start: { line: start.line + lines, column: start.column },
      end: { line: end.line + lines, column: end.column },
    };
  }
  for (const key of children) {
    const child = node[key];
    if (typeof child !== 'object' || child === null) continue;
    copy[key] = Array.isArray(child)
      ? child.map((each: AnyNode) => movedDown(each, lines))
      : movedDown(child, lines);
  }
  return copy;
}

/** What a node may have below it; `value` is a node in the pairs of a hash alone. */
const children = ['path', 'name', 'params', 'hash', 'pairs', 'value', 'body', 'program', 'inverse'] as const;

type AnyNode = { readonly loc?: Place } & { readonly [Key in (typeof children)[number]]?: unknown };

/** Blocks are about this long, in UTF-16 units: one is parsed within 2 ms, and there are few to compare. */
const blockLength = 4_000;

/** A long block in several: a text outside of all tags may be cut wherever a line begins. */
function smallBlocks(block: TemplateBlock): readonly TemplateBlock[] {
  const { text, line, body } = block;
  // The parser counts a carriage return by itself as a line.
  if (text.length < 2 * blockLength || text.includes('\r')) return [block];
  const blocks: TemplateBlock[] = [];
  let statements: Statement[] = [];
  let [from, fromLine] = [0, line];
  let [at, atLine] = [0, line];
  for (const statement of body) {
    statements.push(statement);
    const { start, end } = statement.loc;
    if (statement.type !== 'ContentStatement' || end.line === start.line) continue;
    for (; atLine < end.line; atLine++) at = text.indexOf('\n', at) + 1;
    if (at - from < blockLength) continue;
    blocks.push({ text: text.slice(from, at), line: fromLine, body: statements });
    [from, fromLine, statements] = [at, atLine, []];
  }
  if (from < text.length) blocks.push({ text: text.slice(from), line: fromLine, body: statements });
  return blocks;
}

/** How many lines end in a text, as the parser counts them. */
function linesIn(text: string): number {
  if (text.includes('\r')) return text.split(/\r\n?|\n/).length - 1;
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
