import {
  Disposable,
  type LogOutputChannel,
  Range,
  StatusBarAlignment,
  type StatusBarItem,
  type TextDocument,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  window,
  workspace,
} from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { ModelPrice } from '../core/pricing.ts';
import { modelTokenizer, type ModelTokenizerSurroundings, tokenizerNote } from '../node/modelTokenizer.ts';
import type { TokenizerSource } from '../node/tokenizer.ts';
import type { CommandId } from './commandId.ts';
import { type Counted, countHover, countingLabel, countLabel, shortCount } from './countLabel.ts';
import { countedModel, countedText, documentLength, selectedLength } from './countedText.ts';
import { promptLanguage } from './language.ts';
import { OpenDocument } from './openDocument.ts';
import type { Settings } from './settings.ts';

export interface TokenCountSurroundings extends ModelTokenizerSurroundings {
  /** What a model costs; `undefined` when that is unknown, which is shown as nothing. */
  readonly priceOf: (modelId: string) => Promise<ModelPrice | undefined>;
  readonly settings: () => Settings;
  readonly log: LogOutputChannel;
}

/**
 * A moving selection is not counted on its way: what changes within this time of the change before, in ms, waits until it
 * rests as long. A first change is counted at once.
 */
const quietMs = 40;

/** A prompt that is longer, in UTF-16 code units, is read and counted piece by piece instead of being kept open. */
const mostOpenUnits = 2_000_000;

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
  /** When something changed last, in ms since 1970. */
  #changedAt = 0;
  /** The editor in which a count stands. */
  #marked: TextEditor | undefined;
  /** The prompt that was counted as a whole last. */
  #open: { readonly document: TextDocument; readonly key: string; readonly text: OpenDocument } | undefined;

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
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (this.#open?.document === document) this.#open.text.change(contentChanges);
        const editor = window.activeTextEditor;
        if (editor?.document === document) this.#recount(editor);
        else if (this.#marked?.document === document) this.#clear();
      }),
      workspace.onDidCloseTextDocument((document) => {
        if (this.#open?.document === document) this.#closeDocument();
      }),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('llmPlayground')) this.#recount(window.activeTextEditor);
      }),
    );
    this.#recount(window.activeTextEditor);
  }

  dispose(): void {
    this.#counting?.abort();
    this.#closeDocument();
    Disposable.from(this.#subscriptions, this.#item, this.#ghost).dispose();
  }

  #recount(editor: TextEditor | undefined): void {
    this.#counting?.abort();
    this.#item.hide();
    this.#clear();
    if (!editor) return;
    const settings = this.#surroundings.settings();
    if (!hasSomethingToCount(editor, settings)) return;

    const counting = new AbortController();
    this.#counting = counting;
    const isMoving = Date.now() - this.#changedAt < quietMs;
    this.#changedAt = Date.now();
    setTimeout(
      () => {
        if (counting.signal.aborted) return;
        this.#count(editor, settings, counting.signal).catch((error: unknown) => {
          if (!counting.signal.aborted) this.#fail(error);
        });
      },
      isMoving ? quietMs : 0,
    );
  }

  async #count(editor: TextEditor, settings: Settings, signal: AbortSignal): Promise<void> {
    const { priceOf } = this.#surroundings;
    const modelId = await countedModel(editor.document, settings.defaultModel);
    const counter = await modelTokenizer(modelId, this.#surroundings, signal);
    signal.throwIfAborted();
    const { tokens, what } = await this.#tokensIn(editor, counter.source, signal);
    const price = await priceOf(modelId);
    if (signal.aborted) return;

    const counted: Counted = { tokens, modelId, exactness: counter.exactness, price };
    const hover = countHover(counted, what, tokenizerNote(modelId, counter));
    this.#show(countLabel(counted, settings.tokensShown), hover);
    const end = editor.selections.at(-1)?.end;
    if (!end || editor.selections.every(({ isEmpty }) => isEmpty)) return;
    this.#marked = editor;
    editor.setDecorations(this.#ghost, [
      {
        range: new Range(end, end),
        renderOptions: { after: { contentText: shortCount(counted) } },
      },
    ]);
  }

  async #tokensIn(
    editor: TextEditor,
    source: TokenizerSource,
    signal: AbortSignal,
  ): Promise<{ readonly tokens: number; readonly what: string }> {
    const { tokenizer } = this.#surroundings;
    const { texts, what } = countedText(editor);
    const isWhole = editor.selections.every(({ isEmpty }) => isEmpty);
    if (isWhole && documentLength(editor.document) <= mostOpenUnits)
      return { tokens: await this.#openDocument(editor.document, source).tokens(), what };
    const isSlowAt = Date.now() + slowMs;
    const counts = await tokenizer.count(
      {
        texts,
        tokenizer: source,
        onProgress: (counted, total) => {
          if (Date.now() > isSlowAt && counted < total) this.#showProgress(counted / total, what);
        },
      },
      signal,
    );
    return { tokens: counts.reduce((sum, count) => sum + count, 0), what };
  }

  /** A prompt that is edited is counted again and again: its text stays in the worker, which is told what changes. */
  #openDocument(document: TextDocument, source: TokenizerSource): OpenDocument {
    const key = JSON.stringify(source);
    if (this.#open?.document !== document || this.#open.key !== key) {
      this.#closeDocument();
      const counted = {
        getText: () => document.getText(),
        get length() {
          return documentLength(document);
        },
      };
      const text = new OpenDocument(counted, source, this.#surroundings.tokenizer);
      this.#open = { document, key, text };
    }
    return this.#open.text;
  }

  #closeDocument(): void {
    this.#open?.text[Symbol.dispose]();
    this.#open = undefined;
  }

  /** Takes the count at the end of a selection away, in whichever editor it stands. */
  #clear(): void {
    this.#marked?.setDecorations(this.#ghost, []);
    this.#marked = undefined;
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
