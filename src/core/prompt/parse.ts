import { type FrontMatter, readFrontMatter } from './frontMatter.ts';
import type { FrontMatterEntry } from './frontMatterEntries.ts';
import type { FileRange, PromptProblem } from './problems.ts';

export type { FrontMatter } from './frontMatter.ts';

/** The longest prompt that is run or rendered, in UTF-16 units; no model's window holds as much. */
export const longestPrompt = 10_000_000;

/** What is said of a longer one. */
export const tooLongToRun =
  'This file is too long to be run: a prompt has at most 10 million characters. Give long texts to variables instead.';

/** A prompt's text, taken apart. Nothing in it has been rendered, and its template may not even parse. */
export interface ParsedPrompt {
  readonly frontMatter: FrontMatter;
  /** The Handlebars text after the front matter, with LF for CRLF. */
  readonly template: string;
  /** The line of the file on which the template begins, from 1; it begins in column 1. */
  readonly templateLine: number;
  /** Where the template begins in the file's text, in UTF-16 units. */
  readonly templateOffset: number;
  /** Those of the front matter, in the order of the file. `checkPrompt` finds the others. */
  readonly problems: readonly PromptProblem[];
  /**
   * Where the front matter has a field, such as `['config', 'temperature']`: its key, or the deepest part of the
   * path that is there.
   */
  readonly locate: (path: readonly string[]) => FileRange;
  /** Everything that stands in the front matter, in the order of the file, read anew at each call. */
  readonly entries: () => readonly FrontMatterEntry[];
}

/**
 * Takes a prompt apart: front matter between two lines of `---`, then the template. Text that does not begin with
 * such a line is all template. It never throws: what is wrong is in `problems`.
 */
export function parsePrompt(text: string): ParsedPrompt {
  const { yaml, templateOffset, unclosed } = split(text);
  const { data, problems, locate, entries } = readFrontMatter(yaml.replaceAll('\r\n', '\n'));
  const notClosed: PromptProblem = {
    severity: 'error',
    message: 'The front matter is not closed. Add a line --- where it ends and the template begins.',
    ...firstLine,
  };
  return {
    frontMatter: data,
    template: text.slice(templateOffset).replaceAll('\r\n', '\n'),
    templateLine: text.slice(0, templateOffset).split('\n').length,
    templateOffset,
    problems: unclosed ? [notClosed] : problems,
    locate,
    entries,
  };
}

interface Split {
  /** The text between the two lines, empty where there is no front matter. It begins on line 2. */
  readonly yaml: string;
  readonly templateOffset: number;
  readonly unclosed: boolean;
}

function split(text: string): Split {
  const opening = /^\uFEFF?---[ \t]*(?:\r?\n|$)/.exec(text);
  if (!opening) return { yaml: '', templateOffset: text.startsWith('\uFEFF') ? 1 : 0, unclosed: false };

  const start = opening[0].length;
  const closingLine = /^---[ \t]*(?:\r?\n|(?![^]))/gm;
  closingLine.lastIndex = start;
  const closing = closingLine.exec(text);
  if (!closing) return { yaml: '', templateOffset: text.length, unclosed: true };
  return { yaml: text.slice(start, closing.index), templateOffset: closingLine.lastIndex, unclosed: false };
}

const firstLine: FileRange = { line: 1, column: 1, endLine: 1, endColumn: 4 };
