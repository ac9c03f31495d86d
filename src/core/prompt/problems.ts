/** A place in a prompt's file. Lines and columns count from 1, columns in UTF-16 units; the end is exclusive. */
export interface FileRange {
  readonly line: number;
  readonly column: number;
  /** Absent, with `endColumn`, where only the start is known. */
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** Where a problem stands that is not one of any place in the file. */
export const wholeFile: FileRange = { line: 1, column: 1 };

/** Something wrong with a prompt. An `error` keeps it from being rendered; a `warning` does not. */
export interface PromptProblem extends FileRange {
  readonly severity: 'error' | 'warning';
  /** Says what is wrong and what to do next. */
  readonly message: string;
  /** What an editor can offer a fix for; absent where there is none. */
  readonly code?: ProblemCode;
  /** The name that the problem is about; present with `code`. */
  readonly subject?: string;
  /** What could have been meant, the nearest first: texts to put in place of the range. */
  readonly instead?: readonly string[];
}

export type ProblemCode =
  | 'undeclared-variable'
  | 'unused-variable'
  | 'unused-default'
  | 'unknown-helper'
  | 'missing-partial'
  | 'unknown-key'
  | 'unknown-setting'
  | 'ignored-setting'
  | 'default-mismatch'
  | 'unknown-provider'
  | 'unknown-model';

/** Thrown when a prompt cannot be rendered. `problem` points into the prompt's file, front matter included. */
export class PromptError extends Error {
  override readonly name = 'PromptError';
  readonly problem: PromptProblem;

  constructor(message: string, range: FileRange, options?: ErrorOptions) {
    super(message, options);
    this.problem = { ...range, severity: 'error', message };
  }
}

/** @throws PromptError the first error among `problems`; warnings pass. */
export function throwFirstError(problems: readonly PromptProblem[]): void {
  const error = problems.find(({ severity }) => severity === 'error');
  if (error) throw new PromptError(error.message, error);
}

/** Orders problems as the file does. */
export function byPlace(a: FileRange, b: FileRange): number {
  return a.line - b.line || a.column - b.column;
}
