import { parseArgs } from 'node:util';
import { analyzePrompt } from '../core/prompt/analysis.ts';
import { PromptError, type PromptProblem } from '../core/prompt/problems.ts';
import { readPromptFile } from '../node/promptFiles.ts';
import { type Command, UsageError } from './command.ts';

/** Checks prompts as the editor does: a line for every problem, as compilers write it. */
export const lint: Command = {
  usage: 'lint FILE.prompt…',
  async run(args) {
    const { positionals: files } = parseArgs({ args, allowPositionals: true });
    if (files.length === 0) throw new UsageError('Name the prompt files to check.');
    let errors = 0;
    for (const file of files) errors += await lintFile(file);
    return errors > 0 ? 1 : 0;
  },
};

/** Prints the problems of a file and answers with the number of errors among them. */
async function lintFile(file: string): Promise<number> {
  const problems = await problemsIn(file);
  for (const { line, column, severity, message } of problems) {
    console.log(`${file}:${line}:${column}: ${severity}: ${message}`);
  }
  return problems.filter(({ severity }) => severity === 'error').length;
}

async function problemsIn(file: string): Promise<readonly PromptProblem[]> {
  try {
    const { text, partials } = await readPromptFile(file);
    return (await analyzePrompt(text, { partials })).problems;
  } catch (error) {
    // It is too long, or no text.
    if (error instanceof PromptError) return [error.problem];
    throw error;
  }
}
