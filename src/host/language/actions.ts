import {
  CodeAction,
  CodeActionKind,
  type Diagnostic,
  type Range,
  type TextDocument,
  WorkspaceEdit,
} from 'vscode';
import type { PromptAnalysis } from '../../core/prompt/analysis.ts';
import { declareVariable, type PromptEdit, removeVariable } from '../../core/prompt/edits.ts';
import type { PromptProblem } from '../../core/prompt/problems.ts';
import { rangeOf } from './positions.ts';

/** What puts the problems within `range` right. */
export function codeActions(
  document: TextDocument,
  analysis: PromptAnalysis,
  range: Range,
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  return analysis.problems
    .filter((problem) => rangeOf(document, problem).intersection(range) !== undefined)
    .flatMap((problem) => {
      const of = diagnostics.filter(
        ({ code, range: underlined }) =>
          code === problem.code && underlined.isEqual(rangeOf(document, problem)),
      );
      return fixesOf(analysis, problem).map(({ title, edits }, i) => {
        const action = new CodeAction(title, CodeActionKind.QuickFix);
        action.diagnostics = of;
        action.isPreferred = i === 0;
        action.edit = workspaceEdit(document, edits);
        return action;
      });
    });
}

/** The edits of core's for a document. */
export function workspaceEdit(document: TextDocument, edits: readonly PromptEdit[]): WorkspaceEdit {
  const edit = new WorkspaceEdit();
  for (const { range, text } of edits) edit.replace(document.uri, rangeOf(document, range), text);
  return edit;
}

interface Fix {
  readonly title: string;
  readonly edits: readonly PromptEdit[];
}

function fixesOf(analysis: PromptAnalysis, problem: PromptProblem): readonly Fix[] {
  const { code, subject, instead = [] } = problem;
  if (code === undefined || subject === undefined) return [];
  const replacements = instead.map((text): Fix => ({
    title: `Change to “${text}”`,
    edits: replaced(analysis, problem, text),
  }));
  switch (code) {
    case 'undeclared-variable': {
      const edit = declareVariable(analysis, subject);
      return [...replacements, ...(edit ? [{ title: `Declare “${subject}”`, edits: [edit] }] : [])];
    }
    case 'unused-variable':
    case 'unused-default': {
      const edits = removeVariable(analysis, subject);
      return [...replacements, ...(edits.length > 0 ? [{ title: `Remove “${subject}”`, edits }] : [])];
    }
    case 'unknown-helper':
    case 'missing-partial':
    case 'unknown-key':
    case 'unknown-setting':
    case 'unknown-provider':
    case 'unknown-model':
      return replacements;
    default:
      return code satisfies never;
  }
}

/** Puts another name in place of the problem, and where its block is closed. */
function replaced(
  { references }: PromptAnalysis,
  problem: PromptProblem,
  text: string,
): readonly PromptEdit[] {
  const reference = references.find(
    ({ range, closing }) => closing && range.line === problem.line && range.column === problem.column,
  );
  const range = reference?.range ?? problem;
  return [range, ...(reference?.closing ? [reference.closing] : [])].map((place) => ({ range: place, text }));
}
