import { Disposable, languages, type LogOutputChannel, type Uri } from 'vscode';
import type { VariableValues } from '../../core/store.ts';
import { promptLanguage } from '../language.ts';
import { Analyses } from './analyses.ts';
import { Diagnostics } from './diagnostics.ts';
import type { ModelList } from './modelList.ts';

interface LanguageSurroundings {
  readonly models: ModelList;
  /** The values of a prompt's last run, or `undefined` where there is none. */
  readonly lastValues: (prompt: Uri) => VariableValues | undefined;
  readonly log: LogOutputChannel;
}

/**
 * Teaches the editor the language of prompts. Each feature is a file beside this one, and loaded when it is first asked
 * for, with the parsers behind it.
 */
export function registerLanguage({ models, lastValues, log }: LanguageSurroundings): Disposable {
  const analyses = new Analyses(models);
  const selector = { language: promptLanguage };
  return Disposable.from(
    analyses,
    new Diagnostics(analyses, log),
    languages.registerCodeActionsProvider(selector, {
      async provideCodeActions(document, range, { diagnostics }) {
        const { codeActions } = await import('./actions.ts');
        return codeActions(document, await analyses.of(document), range, diagnostics);
      },
    }),
    languages.registerCompletionItemProvider(
      selector,
      {
        async provideCompletionItems(document, position) {
          const { completionsAt } = await import('./completion.ts');
          return completionsAt(document, await analyses.ofUnfinished(document), position, models);
        },
      },
      ...completionTriggers,
    ),
    languages.registerHoverProvider(selector, {
      async provideHover(document, position) {
        const { hoverAt } = await import('./hover.ts');
        return hoverAt(document, await analyses.of(document), position, models, lastValues(document.uri));
      },
    }),
    languages.registerDefinitionProvider(selector, {
      async provideDefinition(document, position) {
        const { definitionAt } = await import('./definition.ts');
        return definitionAt(document, await analyses.of(document), position);
      },
    }),
    languages.registerReferenceProvider(selector, {
      async provideReferences(document, position, context) {
        const { referencesAt } = await import('./references.ts');
        return referencesAt(document, await analyses.of(document), position, context);
      },
    }),
    languages.registerRenameProvider(selector, {
      async prepareRename(document, position) {
        const { renameRange } = await import('./references.ts');
        return renameRange(document, await analyses.of(document), position);
      },
      async provideRenameEdits(document, position, name) {
        const { renameEdit } = await import('./references.ts');
        return renameEdit(document, await analyses.of(document), position, name);
      },
    }),
    languages.registerDocumentSymbolProvider(selector, {
      async provideDocumentSymbols(document) {
        const { documentSymbols } = await import('./outline.ts');
        return documentSymbols(document, await analyses.of(document));
      },
    }),
    languages.registerDocumentFormattingEditProvider(selector, {
      async provideDocumentFormattingEdits(document) {
        const { formattingEdits } = await import('./formatting.ts');
        return formattingEdits(document);
      },
    }),
    languages.registerFoldingRangeProvider(selector, {
      async provideFoldingRanges(document) {
        const { foldingRanges } = await import('./outline.ts');
        return foldingRanges(document, await analyses.of(document));
      },
    }),
  );
}

/**
 * A prompt is mostly prose, where nothing is suggested as you type: package.json turns that on for strings alone, which
 * a key of the front matter is until it has its colon. These bring suggestions to the braces.
 */
const completionTriggers = Array.from('{#>/"@.(: ');
