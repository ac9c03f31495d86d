import { asLlmError, LlmError } from '../core/errors.ts';
import { PromptError } from '../core/prompt/problems.ts';
import type { Problem } from '../protocol.ts';

/** Something the user has to do before a run can start. */
export class Blocked extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Nothing is sent from a workspace that is not trusted. */
export const nothingToRun: Problem = {
  message: 'A chat has nothing to run. Write a message below.',
  missing: [],
};

export const untrusted: Problem = {
  message:
    'This workspace is not trusted, so prompts can be viewed and counted but not run: a run sends what the files say to a model. Trust the workspace to run.',
  missing: [],
  action: 'manage-trust',
};

/** What kept a run from starting, for the panel to show. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Blocked) return error.problem;
  if (error instanceof PromptError) {
    const { line, column } = error.problem;
    return { message: error.message, missing: [], position: { line, column }, action: 'open-prompt' };
  }
  if (error instanceof LlmError) return { message: error.message, missing: [], action: 'open-settings' };
  return { message: asLlmError(error).message, missing: [], action: 'show-log' };
}
