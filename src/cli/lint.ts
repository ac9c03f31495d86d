import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { analyzePrompt, longestAnalyzed } from '../core/prompt/analysis.ts';
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
  // Four bytes a character is the most that text takes: what is longer is not read for nothing.
  if ((await stat(file)).size > longestAnalyzed * 4) {
    console.log(`${file}:1:1: warning: This file is too long to be checked.`);
    return 0;
  }
  const { text, partials } = await readPromptFile(file);
  const { problems } = await analyzePrompt(text, { partials });
  for (const { line, column, severity, message } of problems) {
    console.log(`${file}:${line}:${column}: ${severity}: ${message}`);
  }
  return problems.filter(({ severity }) => severity === 'error').length;
}
