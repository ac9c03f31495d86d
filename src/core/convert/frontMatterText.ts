import { PromptError } from '../prompt/problems.ts';
import { type Located, readYaml } from './located.ts';

/** A file of front matter and a body, taken apart. */
export interface FrontMatterFile {
  readonly head: Located;
  /** With LF for CRLF. */
  readonly body: string;
  /** The line of the file on which the body begins, from 1. */
  readonly bodyLine: number;
}

/**
 * Splits a file at its two lines of `---`; one without them is all body.
 * @throws PromptError when the front matter is not closed, or not YAML.
 */
export function splitFrontMatter(text: string): FrontMatterFile {
  const lines = linesOf(text);
  if (lines[0]?.trimEnd() !== '---')
    return { head: readYaml('', headName), body: lines.join('\n'), bodyLine: 1 };
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  if (end < 0) {
    const message = 'The front matter is not closed. Add a line --- where it ends and the prompt begins.';
    throw new PromptError(message, { line: 1, column: 1 });
  }
  return {
    head: readYaml(lines.slice(1, end).join('\n'), headName, 2),
    body: lines.slice(end + 1).join('\n'),
    bodyLine: end + 2,
  };
}

/** The lines of a file, without a byte order mark and without their ends. */
export function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split(/\r?\n/);
}

const headName = 'The front matter';
