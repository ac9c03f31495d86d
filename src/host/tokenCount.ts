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
import { messageOf } from '../core/errors.ts';
import type { ModelPrice } from '../core/pricing.ts';
import { modelTokenizer, type ModelTokenizerSurroundings, tokenizerNote } from '../node/modelTokenizer.ts';
import type { CommandId } from './commands.ts';
import { type Counted, countHover, countingLabel, countLabel, shortCount } from './countLabel.ts';
import { countedModel, countedText, selectedLength } from './countedText.ts';
import { promptLanguage } from './language.ts';
import type { Settings } from './settings.ts';

export interface TokenCountSurroundings extends ModelTokenizerSurroundings {
  /** What a model costs; `undefined` when that is unknown, which is shown as nothing. */
  readonly priceOf: (modelId: string) => Promise<ModelPrice | undefined>;
  readonly settings: () => Settings;
  readonly log: LogOutputChannel;
}

/** A count is started when nothing has changed for this long, in ms: a moving selection is not counted on its way. */
const quietMs = 40;

/** A count that takes longer than this, in ms, shows its progress. */
const slowMs = 300;

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
    this.#item.command = 'llmPlayground.tokenActions' satisfies CommandId;
    this.#ghost = window.createTextEditorDecorationType({
      after: { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 1ch' },
    });
    this.#subscriptions = Disposable.from(
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === window.activeTextEditor) this.#recount(textEditor);
      }),
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
    const settings = this.#surroundings.settings();
    if (!hasSomethingToCount(editor, settings)) return;

    const counting = new AbortController();
    this.#counting = counting;
    setTimeout(() => {
      if (counting.signal.aborted) return;
      this.#count(editor, settings.defaultModel, counting.signal).catch((error: unknown) => {
        if (!counting.signal.aborted) this.#fail(error);
      });
    }, quietMs);
  }

  async #count(editor: TextEditor, defaultModel: string, signal: AbortSignal): Promise<void> {
    const { tokenizer, priceOf } = this.#surroundings;
    const modelId = await countedModel(editor.document, defaultModel);
    const counter = await modelTokenizer(modelId, this.#surroundings, signal);
    const { texts, what } = countedText(editor);
    const isSlowAt = Date.now() + slowMs;
    const counts = await tokenizer.count(
      {
        texts,
        tokenizer: counter.source,
        onProgress: (counted, total) => {
          if (Date.now() > isSlowAt && counted < total) this.#showProgress(counted / total, what);
        },
      },
      signal,
    );
    const price = await priceOf(modelId);
    if (signal.aborted) return;

    const tokens = counts.reduce((sum, count) => sum + count, 0);
    const counted: Counted = { tokens, modelId, exactness: counter.exactness, price };
    this.#show(countLabel(counted), countHover(counted, what, tokenizerNote(modelId, counter)));
    const end = editor.selections.at(-1)?.end;
    if (!end || editor.selections.every(({ isEmpty }) => isEmpty)) return;
    editor.setDecorations(this.#ghost, [
      {
        range: new Range(end, end),
        renderOptions: { after: { contentText: shortCount(counted) } },
      },
    ]);
  }

  #showProgress(done: number, what: string): void {
    this.#show(
      countingLabel(done),
      `The tokens in ${what} are being counted. Another selection stops this count.`,
    );
  }

  #fail(error: unknown): void {
    this.#surroundings.log.warn(`Tokens were not counted: ${messageOf(error)}`);
    this.#show('$(warning) tok', messageOf(error));
  }

  #show(text: string, hover: string): void {
    this.#item.text = text;
    this.#item.tooltip = hover;
    this.#item.show();
  }
}

function hasSomethingToCount(editor: TextEditor, settings: Settings): boolean {
  const { languageId } = editor.document;
  const { inlineTokens, tokenLanguages, tokenMinimumLength } = settings;
  if (!inlineTokens || (tokenLanguages.length > 0 && !tokenLanguages.includes(languageId))) return false;
  const length = selectedLength(editor);
  return length === 0 ? languageId === promptLanguage : length >= tokenMinimumLength;
}
