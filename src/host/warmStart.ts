import { Disposable, type LogOutputChannel, type TextEditor, window, workspace } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { LocalRuntime } from '../node/localRuntime.ts';
import { countedModel } from './countedText.ts';
import { promptLanguage } from './language.ts';
import { localModelIn } from './scoreText.ts';
import type { Settings } from './settings.ts';

interface WarmStartSurroundings {
  readonly runtime: Pick<LocalRuntime, 'warm'>;
  readonly settings: () => Pick<Settings, 'defaultModel' | 'localWarmStart'>;
  readonly log: LogOutputChannel;
}

/**
 * Loads the local model of a prompt that has been open in front for a moment, so that its first run need not wait for
 * that. Only in a workspace that is trusted, for a file names the model.
 */
export class WarmStart implements Disposable {
  readonly #surroundings: WarmStartSurroundings;
  readonly #subscription: Disposable;
  readonly #end = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(surroundings: WarmStartSurroundings) {
    this.#surroundings = surroundings;
    this.#subscription = Disposable.from(
      window.onDidChangeActiveTextEditor((editor) => this.#warmSoon(editor)),
      workspace.onDidGrantWorkspaceTrust(() => this.#warmSoon(window.activeTextEditor)),
    );
    this.#warmSoon(window.activeTextEditor);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#end.abort();
    this.#subscription.dispose();
  }

  #warmSoon(editor: TextEditor | undefined): void {
    clearTimeout(this.#timer);
    if (editor?.document.languageId !== promptLanguage) return;
    this.#timer = setTimeout(() => void this.#warm(editor), quietMs);
  }

  async #warm({ document }: TextEditor): Promise<void> {
    const { defaultModel, localWarmStart } = this.#surroundings.settings();
    if (!localWarmStart || !workspace.isTrusted) return;
    const model = localModelIn(await countedModel(document, defaultModel).catch(() => ''));
    if (model === undefined) return;
    try {
      await this.#surroundings.runtime.warm(model, this.#end.signal);
    } catch (error) {
      // Whoever runs the prompt is told; who only looks at it need not be.
      if (!this.#end.signal.aborted)
        this.#surroundings.log.info(`local/${model} was not loaded beforehand: ${messageOf(error)}`);
    }
  }
}

/** Who leafs through files does not want each one's model loaded. */
const quietMs = 1500;
