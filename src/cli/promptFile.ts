import { PromptError } from '../core/prompt/problems.ts';
import { missingIn, openPrompt, type OpenedPrompt } from '../core/run/prepareRun.ts';
import type { VariableValues } from '../core/store.ts';
import { readPromptFile } from '../node/promptFiles.ts';
import { UsageError } from './command.ts';
import { type ValueOptions, valuesFrom } from './values.ts';

/**
 * A prompt file and the values that the command line gives it, none of them missing.
 * @throws UsageError when the command line names no file, or leaves out a value.
 * @throws Error for what is wrong with the prompt, with its place in front.
 */
export async function openWithValues(
  file: string | undefined,
  options: ValueOptions,
): Promise<{ readonly file: string; readonly opened: OpenedPrompt; readonly values: VariableValues }> {
  if (file === undefined) throw new UsageError('Name the prompt file.');
  const opened = await located(file, readPromptFile(file).then(openPrompt));
  const values = await located(file, valuesFrom(options, opened.fields, file));
  const missing = missingIn(opened, values);
  if (missing.length > 0) {
    throw new UsageError(`${file} needs ${missing.map((name) => `--var ${name}=…`).join(' ')}`);
  }
  return { file, opened, values };
}

/** What `result` gives; a prompt's error has its place in front, as compilers write it. */
export async function located<Result>(file: string, result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (error) {
    if (!(error instanceof PromptError)) throw error;
    const { line, column } = error.problem;
    throw new Error(`${file}:${line}:${column}: ${error.message}`, { cause: error });
  }
}
