import {
  CodeAction,
  CodeActionKind,
  type Diagnostic,
  Position,
  Range,
  type TextDocument,
  Uri,
  WorkspaceEdit,
} from 'vscode';
import type { PromptAnalysis } from '../../core/prompt/analysis.ts';
import { declareVariable, type PromptEdit, removeKey, removeVariable } from '../../core/prompt/edits.ts';
import { partialFileName } from '../../core/prompt/partials.ts';
import type { PromptProblem } from '../../core/prompt/problems.ts';
import { settingNamed } from '../../core/prompt/settings.ts';
import { changeBetween, writeBack } from '../../core/prompt/writeBack.ts';
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
      return fixesOf(document, analysis, problem).map(({ title, edit }, i) => {
        const action = new CodeAction(title, CodeActionKind.QuickFix);
        action.diagnostics = of;
        action.isPreferred = i === 0;
        action.edit = edit;
        return action;
      });
    });
}

/** The edits of core's for a document. */
function workspaceEdit(document: TextDocument, edits: readonly PromptEdit[]): WorkspaceEdit {
  const edit = new WorkspaceEdit();
  for (const { range, text } of edits) edit.replace(document.uri, rangeOf(document, range), text);
  return edit;
}

interface Fix {
  readonly title: string;
  readonly edit: WorkspaceEdit;
}

function fixesOf(document: TextDocument, analysis: PromptAnalysis, problem: PromptProblem): readonly Fix[] {
  const { code, subject, instead = [] } = problem;
  if (code === undefined || subject === undefined) return [];
  const fix = (title: string, edits: readonly PromptEdit[]): readonly Fix[] =>
    edits.length === 0 ? [] : [{ title, edit: workspaceEdit(document, edits) }];
  const replacements = instead.flatMap((text) =>
    fix(`Change to “${text}”`, replaced(analysis, problem, text)),
  );
  switch (code) {
    case 'undeclared-variable': {
      const edit = declareVariable(analysis, subject);
      return [...replacements, ...fix(`Declare “${subject}”`, edit ? [edit] : [])];
    }
    case 'unused-variable':
    case 'unused-default':
      return [...replacements, ...fix(`Remove “${subject}”`, removeVariable(analysis, subject))];
    case 'default-mismatch': {
      const edits = removeKey(analysis, ['input', 'default', subject]);
      return [...replacements, ...fix(`Remove the default of “${subject}”`, edits)];
    }
    case 'ignored-setting':
      return (
        removedSetting(document, analysis, subject) ??
        fix(`Remove “${subject}”`, removeKey(analysis, [subject]))
      );
    case 'missing-partial':
      return [...replacements, ...newPartial(document, subject)];
    case 'unknown-helper':
    case 'unknown-key':
    case 'unknown-setting':
    case 'unknown-provider':
    case 'unknown-model':
      return replacements;
    default:
      return code satisfies never;
  }
}

/** Takes a setting out of `config`, however that is written; `undefined` for what is no setting. */
function removedSetting(
  document: TextDocument,
  { prompt }: PromptAnalysis,
  written: string,
): readonly Fix[] | undefined {
  const setting = settingNamed(written);
  if (!setting) return undefined;
  // A front matter with an error in it is not written to.
  if (prompt.problems.some(({ severity }) => severity === 'error')) return [];
  const text = document.getText();
  const change = changeBetween(text, writeBack(text, { settings: { [setting]: null } }));
  const edit = new WorkspaceEdit();
  const range = new Range(document.positionAt(change.start), document.positionAt(change.end));
  edit.replace(document.uri, range, change.text);
  return [{ title: `Remove “${written}”`, edit }];
}

/** Makes the file of a partial beside the prompt. */
function newPartial(document: TextDocument, name: string): readonly Fix[] {
  const fileName = partialFileName(name);
  if (fileName === undefined || document.isUntitled) return [];
  const edit = new WorkspaceEdit();
  const uri = Uri.joinPath(document.uri, '..', fileName);
  // Not as its contents: those get lost on the way to a remote editor.
  edit.createFile(uri);
  edit.insert(uri, new Position(0, 0), `What stands in every prompt that includes ${name}.\n`);
  return [{ title: `Create “${fileName}”`, edit }];
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
