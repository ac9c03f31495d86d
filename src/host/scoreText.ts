import {
  Disposable,
  type LogOutputChannel,
  MarkdownString,
  OverviewRulerLane,
  ProgressLocation,
  Range,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  window,
  workspace,
} from 'vscode';
import type { TokenLogprob } from '../core/chat.ts';
import { messageOf } from '../core/errors.ts';
import { formatCount, formatEntropy, formatProbability } from '../core/format.ts';
import { defaultModelId } from '../node/bundledModels.ts';
import type { LocalRuntime, Score } from '../node/localRuntime.ts';
import { countedModel } from './countedText.ts';
import { scoredSpans, type ScoredSpan, shadeOf } from './scoredSpans.ts';
import type { Settings } from './settings.ts';

interface ScoreTextSurroundings {
  readonly runtime: Pick<LocalRuntime, 'score'>;
  readonly settings: () => Pick<Settings, 'defaultModel'>;
  readonly log: LogOutputChannel;
}

/**
 * Shades the selected text, or the whole file, by how likely a local model finds each token, and says its perplexity. The
 * shades go when the text changes or the command is given again.
 */
export class ScoreText implements Disposable {
  readonly #surroundings: ScoreTextSurroundings;
  readonly #shades: readonly TextEditorDecorationType[];
  readonly #subscription: Disposable;
  #shaded: TextEditor | undefined;

  constructor(surroundings: ScoreTextSurroundings) {
    this.#surroundings = surroundings;
    this.#shades = strengths.map((strength, shade) =>
      window.createTextEditorDecorationType({
        // Colour never alone: what the model did not expect is underlined too, the more the less it did.
        ...(shade === 0 ? {} : { textDecoration: `underline ${shade > 2 ? 'wavy' : 'dotted'}` }),
        backgroundColor: `rgb(217 119 6 / ${strength}%)`,
        ...(shade === strengths.length - 1
          ? {
              overviewRulerColor: new ThemeColor('charts.orange'),
              overviewRulerLane: OverviewRulerLane.Right,
            }
          : {}),
      }),
    );
    this.#subscription = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && this.#shaded?.document === document) this.clear();
    });
  }

  /** Scores what is selected in the active editor. */
  async score(): Promise<void> {
    const editor = window.activeTextEditor;
    if (!editor) {
      void window.showInformationMessage('Open a file and select the text to score.');
      return;
    }
    if (!workspace.isTrusted) {
      void window.showWarningMessage('Trust this workspace before a model reads its text.');
      return;
    }
    const wasShaded = this.#shaded === editor;
    this.clear();
    if (wasShaded && editor.selection.isEmpty) return;
    const range = editor.selection.isEmpty
      ? new Range(editor.document.positionAt(0), editor.document.positionAt(Number.MAX_SAFE_INTEGER))
      : editor.selection;
    const model = await this.#model(editor);
    const { version } = editor.document;
    try {
      const score = await window.withProgress(
        { location: ProgressLocation.Notification, title: `Scoring with local/${model}`, cancellable: true },
        (_, cancellation) => {
          const call = new AbortController();
          cancellation.onCancellationRequested(() => call.abort());
          const text = editor.document.getText(range);
          return this.#surroundings.runtime.score(model, { text, alternatives: 5 }, call.signal);
        },
      );
      if (editor.document.version === version) this.#shade(editor, range, score, model);
    } catch (error) {
      if (error instanceof Error && 'kind' in error && error.kind === 'cancelled') return;
      this.#surroundings.log.warn(`A text was not scored: ${messageOf(error)}`);
      void window.showErrorMessage(messageOf(error));
    }
  }

  /** Takes the shades away. */
  clear(): void {
    for (const shade of this.#shades) this.#shaded?.setDecorations(shade, []);
    this.#shaded = undefined;
  }

  dispose(): void {
    Disposable.from(this.#subscription, ...this.#shades).dispose();
  }

  /** The local model that the text is for, or else the one that comes along. */
  async #model(editor: TextEditor): Promise<string> {
    const named = await countedModel(editor.document, this.#surroundings.settings().defaultModel);
    return localModelIn(named) ?? localModelIn(defaultModelId) ?? '';
  }

  #shade(editor: TextEditor, range: Range, { tokens, unscored, perplexity }: Score, model: string): void {
    if (perplexity === undefined) {
      void window.showInformationMessage(
        'The text is too short to score: nothing stands before its one token.',
      );
      return;
    }
    const from = editor.document.offsetAt(range.start);
    const spans = scoredSpans(tokens, unscored.length);
    const rangeOf = ({ start, end }: ScoredSpan): Range =>
      new Range(editor.document.positionAt(from + start), editor.document.positionAt(from + end));
    this.#shades.forEach((shade, level) => {
      editor.setDecorations(
        shade,
        spans
          .filter(({ token }) => shadeOf(token) === level)
          .map((span) => ({ range: rangeOf(span), hoverMessage: hoverOf(span.token) })),
      );
    });
    this.#shaded = editor;
    void window.showInformationMessage(
      `Perplexity ${perplexity.toFixed(2)} over ${formatCount(tokens.length)} tokens, by local/${model}. ` +
        'Hover a token for its probability; give the command again without a selection to take the shades away.',
    );
  }
}

/** The name behind `local/`; `undefined` for a model of another provider. */
export function localModelIn(modelId: string): string | undefined {
  return modelId.startsWith('local/') ? modelId.slice('local/'.length) : undefined;
}

function hoverOf(token: TokenLogprob): MarkdownString {
  const others = token.alternatives.filter(({ id }) => id !== token.id);
  const hover = new MarkdownString();
  hover.appendMarkdown('**').appendText(JSON.stringify(token.token)).appendMarkdown('** ');
  hover.appendText(`${formatProbability(token.logprob)} · log-probability ${token.logprob.toFixed(3)}`);
  if (token.entropy) hover.appendText(` · entropy ${formatEntropy(token.entropy)}`);
  hover.appendMarkdown('\n\nExpected instead:\n');
  for (const other of others) {
    hover
      .appendMarkdown('\n- ')
      .appendText(`${JSON.stringify(other.token)} ${formatProbability(other.logprob)}`);
  }
  return hover;
}

/** How strong the colour of each shade is, in percent. */
const strengths = [0, 12, 22, 35, 50] as const;
