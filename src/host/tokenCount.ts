import {
  Disposable,
  type LogOutputChannel,
  Range,
  StatusBarAlignment,
  type StatusBarItem,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  window,
  workspace,
} from 'vscode';
import { LlmError, messageOf } from '../core/errors.ts';
import { formatCount, formatTokens } from '../core/format.ts';
import { tokenizerFor } from '../core/tokens/tokenizerFor.ts';
import type { Tokenizer, TokenizerSource } from '../node/tokenizer.ts';
import { promptLanguage } from './language.ts';
import type { Settings } from './settings.ts';

export interface TokenCountSurroundings {
  readonly tokenizer: Tokenizer;
  /** The GGUF file of a local model, by its name without `local/`. @throws LlmError when there is none. */
  readonly localFileOf: (model: string) => string;
  readonly settings: () => Settings;
  readonly log: LogOutputChannel;
}

/** A count is started when nothing has changed for this long, in ms: a moving selection is not counted on its way. */
const quietMs = 40;

/**
 * The tokens of what is selected, at the end of the selection and in the status bar; of the whole file where nothing
 * is selected in a prompt. A count is taken away the moment its text changes, so none is ever stale.
 */
export class TokenCount implements Disposable {
  readonly #surroundings: TokenCountSurroundings;
  readonly #item: StatusBarItem;
  readonly #ghost: TextEditorDecorationType;
  readonly #subscriptions: Disposable;
  #counting: AbortController | undefined;

  constructor(surroundings: TokenCountSurroundings) {
    this.#surroundings = surroundings;
    this.#item = window.createStatusBarItem('llmPlayground.tokens', StatusBarAlignment.Right, 100);
    this.#item.name = 'Tokens';
    this.#item.command = {
      title: 'Choose the model',
      command: 'workbench.action.openSettings',
      arguments: ['llmPlayground.defaultModel'],
    };
    this.#ghost = window.createTextEditorDecorationType({
      after: { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 1ch' },
    });
    this.#subscriptions = Disposable.from(
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.#recount(textEditor)),
      window.onDidChangeActiveTextEditor((editor) => this.#recount(editor)),
      workspace.onDidChangeTextDocument(({ document }) => {
        const editor = window.activeTextEditor;
        if (editor?.document === document) this.#recount(editor);
      }),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('llmPlayground')) this.#recount(window.activeTextEditor);
      }),
    );
    this.#recount(window.activeTextEditor);
  }

  dispose(): void {
    this.#counting?.abort();
    Disposable.from(this.#subscriptions, this.#item, this.#ghost).dispose();
  }

  #recount(editor: TextEditor | undefined): void {
    this.#counting?.abort();
    this.#item.hide();
    if (!editor) return;
    editor.setDecorations(this.#ghost, []);
    const { inlineTokens, defaultModel } = this.#surroundings.settings();
    if (!inlineTokens || !hasSomethingToCount(editor)) return;

    const counting = new AbortController();
    this.#counting = counting;
    setTimeout(() => {
      if (counting.signal.aborted) return;
      this.#count(editor, defaultModel, counting.signal).catch((error: unknown) => {
        if (!(error instanceof LlmError) || error.kind !== 'cancelled') this.#fail(error);
      });
    }, quietMs);
  }

  async #count(editor: TextEditor, modelId: string, signal: AbortSignal): Promise<void> {
    const choice = tokenizerFor(modelId);
    const model = modelId.slice(modelId.indexOf('/') + 1);
    const source: TokenizerSource =
      choice.tokenizer === 'gguf' ? { gguf: this.#surroundings.localFileOf(model) } : choice.tokenizer;
    const texts = textsToCount(editor);
    const counts = await this.#surroundings.tokenizer.count({ texts, tokenizer: source }, signal);
    if (signal.aborted) return;

    const mark = choice.exactness === 'exact' ? '' : '~';
    const tokens = counts.reduce((sum, count) => sum + count, 0);
    this.#item.text = `${mark}${formatCount(tokens)} tok · ${model.slice(model.lastIndexOf('/') + 1)}`;
    this.#item.tooltip = `${mark}${formatTokens(tokens)} in ${whatIsCounted(editor)}\n${
      choice.exactness === 'exact'
        ? `Exact, with the tokenizer of ${modelId}.`
        : `Estimated with ${choice.tokenizer}: the tokenizer of ${modelId} is not public.`
    }\nClick to choose another model.`;
    this.#item.show();
    const end = editor.selections.at(-1)?.end;
    if (editor.selection.isEmpty || !end) return;
    editor.setDecorations(this.#ghost, [
      {
        range: new Range(end, end),
        renderOptions: { after: { contentText: `${mark}${formatCount(tokens)} tok` } },
      },
    ]);
  }

  #fail(error: unknown): void {
    this.#surroundings.log.warn(`Tokens were not counted: ${messageOf(error)}`);
    this.#item.text = '$(warning) tok';
    this.#item.tooltip = messageOf(error);
    this.#item.show();
  }
}

function hasSomethingToCount({ selections, document }: TextEditor): boolean {
  return selections.some(({ isEmpty }) => !isEmpty) || document.languageId === promptLanguage;
}

function textsToCount({ selections, document }: TextEditor): string[] {
  const selected = selections.filter(({ isEmpty }) => !isEmpty);
  return selected.length > 0
    ? selected.map((selection) => document.getText(selection))
    : [document.getText()];
}

function whatIsCounted({ selections }: TextEditor): string {
  const selected = selections.filter(({ isEmpty }) => !isEmpty).length;
  if (selected === 0) return 'the whole file';
  return selected === 1 ? 'the selection' : `${selected} selections`;
}
