import { messageOf } from '../errors.ts';
import { problemsOf, type Understood } from './check.ts';
import { declarationsOf } from './declarations.ts';
import { usesOf } from './infer.ts';
import type { KnownProvider } from './knownModels.ts';
import { type ParsedPrompt, parsePrompt } from './parse.ts';
import { noPartials, type PartialLoader } from './partials.ts';
import { PromptError, type PromptProblem } from './problems.ts';
import { referencesIn } from './references.ts';
import { responseFormatOf } from './schema.ts';
import { toolsOf } from './tools.ts';
import { readTemplate, type Template } from './template.ts';
import { fieldsOf, type VariableField } from './variables.ts';

/** What an editor knows of a prompt's text: everything in it by place, and everything wrong with it. */
export interface PromptAnalysis extends Understood {
  /** In the order of the file. */
  readonly problems: readonly PromptProblem[];
}

export interface AnalysisOptions {
  /** Finds the partials that the template names. Default: there are none. */
  readonly partials?: PartialLoader;
  /** The providers that the prompt can name. Default: its model is not checked. */
  readonly providers?: readonly KnownProvider[];
}

/** The longest text that is analyzed, in UTF-16 units; the time for one is in proportion to its length. */
export const longestAnalyzed = 2_000_000;

/**
 * Analyzes a prompt as it is being written, so it takes any text and says in `problems` what is wrong with it.
 * @param before the analysis of the same file before the last edit: what the edit did not touch is taken over from it.
 */
export async function analyzePrompt(
  text: string,
  { partials = noPartials, providers = [] }: AnalysisOptions = {},
  before?: PromptAnalysis,
): Promise<PromptAnalysis> {
  if (text.length > longestAnalyzed) return withProblem(tooLong);
  try {
    return await analyze(parsePrompt(text), partials, providers, before?.template);
  } catch (error) {
    if (error instanceof RangeError) return withProblem(tooDeep);
    throw error;
  }
}

async function analyze(
  prompt: ParsedPrompt,
  partials: PartialLoader,
  providers: readonly KnownProvider[],
  before: Template | undefined,
): Promise<PromptAnalysis> {
  const template = await readTemplate(prompt, partials, before);
  const uses = usesOf(template);
  const schemaProblems: PromptProblem[] = [];
  const fields = await fieldsOf(prompt, template, uses).catch((error: unknown): readonly VariableField[] => {
    schemaProblems.push(problemOf(error));
    return [];
  });
  for (const read of [responseFormatOf, toolsOf]) {
    await read(prompt).catch((error: unknown) => schemaProblems.push(problemOf(error)));
  }

  const entries = prompt.entries();
  const understood: Understood = {
    prompt,
    entries,
    template,
    uses,
    references: referencesIn(prompt, template, uses),
    fields,
    declarations: declarationsOf(prompt, entries, fields),
  };
  return { ...understood, problems: problemsOf(understood, schemaProblems, providers) };
}

const tooLong =
  'This file is too long to be checked while it is written. Up to 10 million characters can be run.';
const tooDeep = 'This file is nested too deeply to be read. Take blocks or brackets out of each other.';

async function withProblem(message: string): Promise<PromptAnalysis> {
  return unreadPrompt({ severity: 'warning', message, line: 1, column: 1 });
}

/** An analysis that knows nothing but what is wrong with the file as a whole. */
export async function unreadPrompt(problem: PromptProblem): Promise<PromptAnalysis> {
  return { ...(await analyze(parsePrompt(''), noPartials, [], undefined)), problems: [problem] };
}

function problemOf(error: unknown): PromptProblem {
  if (error instanceof PromptError) return error.problem;
  if (error instanceof RangeError) throw error;
  return {
    severity: 'error',
    message: `The schema cannot be read: ${messageOf(error)}.`,
    line: 1,
    column: 1,
  };
}
