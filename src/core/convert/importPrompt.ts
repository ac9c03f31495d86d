import { longestAnalyzed } from '../prompt/analysis.ts';
import { parsePrompt } from '../prompt/parse.ts';
import { noPartials } from '../prompt/partials.ts';
import { PromptError } from '../prompt/problems.ts';
import { readTemplate } from '../prompt/template.ts';
import { isContinuePrompt, readContinuePrompt } from './continuePrompt.ts';
import { type ConversionWarning, type ForeignFile, type ImportedPrompt, Warnings } from './conversion.ts';
import { splitFrontMatter } from './frontMatterText.ts';
import { isGithubPrompt, readGithubPrompt } from './githubPrompt.ts';
import { readYaml } from './located.ts';
import { isOpenAiPrompt, readOpenAiPrompt } from './openAiPrompt.ts';
import { promptTextOf } from './promptText.ts';
import { readPromptfooPrompt } from './promptfooPrompt.ts';
import { readPromptyV1 } from './promptyV1.ts';
import { isPromptyV2, readPromptyV2 } from './promptyV2.ts';
import { readJson } from './readJson.ts';
import { readVscodePrompt } from './vscodePrompt.ts';

/** The formats that are read, and their names for people. */
export const foreignFormats = {
  'prompty-1': 'Prompty (version 1)',
  'prompty-2': 'Prompty (version 2)',
  github: 'GitHub .prompt.yml',
  vscode: 'VS Code .prompt.md',
  continue: 'Continue .prompt',
  openai: 'OpenAI request or saved prompt',
  promptfoo: 'promptfoo messages',
} as const;

export type ForeignFormat = keyof typeof foreignFormats;

export interface Import {
  readonly format: ForeignFormat;
  /** The text of a `.prompt` file. */
  readonly text: string;
  /** What could not be carried over, by its place in the foreign file; for the whole file first. */
  readonly warnings: readonly ConversionWarning[];
}

/**
 * A prompt of another tool as a `.prompt`.
 * @throws PromptError when the file is of no format that is known, or cannot be read, with the place.
 */
export async function importPrompt(file: ForeignFile): Promise<Import> {
  if (file.text.length > longestAnalyzed) {
    throw new PromptError('The file is too long to be read as a prompt.', { line: 1, column: 1 });
  }
  const format = formatOf(file);
  const warnings = new Warnings();
  const text = promptTextOf(readers[format](file, warnings));
  const { problems } = await readTemplate(parsePrompt(text), noPartials);
  for (const { severity, message, line } of problems) {
    if (severity === 'error')
      warnings.add(`The prompt that came of it has an error in line ${line}: ${message}`);
  }
  return { format, text, warnings: warnings.list.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** Whether a file's name alone says that it is a prompt of another tool. */
export function isForeignName(name: string): boolean {
  return /\.(prompty|prompt\.ya?ml|prompt\.md)$/i.test(name);
}

/** Whether a file can be a prompt of another tool, which only its text tells: Continue's have the ending of ours. */
export function mayBeForeign(name: string): boolean {
  return /\.(prompt|jsonc?|ya?ml)$/i.test(name);
}

const readers: {
  readonly [Format in ForeignFormat]: (file: ForeignFile, warnings: Warnings) => ImportedPrompt;
} = {
  'prompty-1': readPromptyV1,
  'prompty-2': readPromptyV2,
  github: readGithubPrompt,
  vscode: readVscodePrompt,
  continue: readContinuePrompt,
  openai: readOpenAiPrompt,
  promptfoo: readPromptfooPrompt,
};

/** @throws PromptError when it is none that is known. */
function formatOf({ name, text }: ForeignFile): ForeignFormat {
  const lower = name.toLowerCase();
  if (lower.endsWith('.prompty'))
    return isPromptyV2(splitFrontMatter(text).head.value) ? 'prompty-2' : 'prompty-1';
  if (lower.endsWith('.prompt.md')) return 'vscode';
  if (/\.prompt\.ya?ml$/.test(lower)) return 'github';
  if (/^[\uFEFF\s]*[[{]/.test(text) && !lower.endsWith('.prompt')) {
    const { value } = readJson(text);
    if (Array.isArray(value)) return 'promptfoo';
    if (isOpenAiPrompt(value)) return 'openai';
  } else if (/\.ya?ml$/.test(lower)) {
    if (isGithubPrompt(readYaml(text.replace(/^\uFEFF/, ''), 'The file').value)) return 'github';
  } else if (isContinuePrompt(text)) {
    return 'continue';
  }
  const known = Object.values(foreignFormats).join(', ');
  throw new PromptError(`${name} is no prompt of another tool that can be read here. These can: ${known}.`, {
    line: 1,
    column: 1,
  });
}
