import {
  Disposable,
  type LogOutputChannel,
  type Memento,
  type TextEditor,
  Uri,
  ViewColumn,
  type WebviewPanel,
  type WebviewPanelSerializer,
  window,
  workspace,
} from 'vscode';
import { messageOf } from '../core/errors.ts';
import {
  type InspectorMessage,
  type InspectorRequest,
  inspectorVersion,
  type Subject,
} from '../inspectorProtocol.ts';
import { countedModel, countedText } from './countedText.ts';
import { Inspection } from './inspection.ts';
import { addedIdOf, type InspectedSurroundings, inspectedTokenizers } from './inspectedTokenizers.ts';
import { inspectorRequestOf } from './inspectorRequest.ts';
import type { ModelChoice } from './modelLines.ts';
import { panelHtml } from './panelHtml.ts';
import { nameOf } from './promptSource.ts';
import type { Settings } from './settings.ts';

export interface InspectorSurroundings extends InspectedSurroundings {
  readonly extensionUri: Uri;
  /** What can be compared beside the encodings. */
  readonly models: ModelChoice;
  /** Where the models that were added are kept. */
  readonly memory: Memento;
  readonly settings: () => Settings;
  readonly log: LogOutputChannel;
}

/** A text and the model that it is counted for, `provider/model`. */
interface Inspected extends Pick<Subject, 'name' | 'what'> {
  readonly modelId: string;
  readonly text: string;
}

const viewType = 'llmPlayground.inspector';

/** What is shown depends on them. */
const shownSettings = ['llmPlayground.defaultModel', 'llmPlayground.prices'];

/** The memory's key. */
const addedKey = 'inspector.models';

/** A text is looked at when nothing has changed for this long, in ms. */
const quietMs = 80;

/** The token inspector of this window: one panel beside the editor that shows the tokens of what is selected. */
export class Inspector implements Disposable, WebviewPanelSerializer {
  readonly #surroundings: InspectorSurroundings;
  readonly #inspection: Inspection;
  readonly #subscriptions: Disposable;
  #panel: WebviewPanel | undefined;
  /** The editor that was active last: none is while the panel has the focus. */
  #editor: TextEditor | undefined;
  /** Whether the editor has changed while the page was hidden. */
  #isStale = false;
  #looking = new AbortController();
  /** What was inspected last. */
  #inspected: Inspected | undefined;

  constructor(surroundings: InspectorSurroundings) {
    this.#surroundings = surroundings;
    this.#inspection = new Inspection(surroundings.tokenizer, (message) => this.#post(message));
    this.#subscriptions = Disposable.from(
      window.registerWebviewPanelSerializer(viewType, this),
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === window.activeTextEditor) this.#follow(textEditor);
      }),
      window.onDidChangeActiveTextEditor((editor) => {
        if (editor) this.#follow(editor);
      }),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (this.#editor?.document === document) this.#follow(this.#editor);
      }),
      workspace.onDidChangeConfiguration((change) => {
        if (shownSettings.some((setting) => change.affectsConfiguration(setting))) this.#refresh();
      }),
    );
  }

  /** Shows the tokens of the active editor's selection, or of its file where nothing is selected. */
  open(): void {
    if (this.#panel) this.#panel.reveal(undefined, true);
    else {
      this.#attach(
        window.createWebviewPanel(
          viewType,
          'Token Inspector',
          { viewColumn: ViewColumn.Beside, preserveFocus: true },
          { enableScripts: true, localResourceRoots: [this.#webviewRoot] },
        ),
      );
    }
    this.#look(window.activeTextEditor ?? this.#editor ?? window.visibleTextEditors[0]);
  }

  /** Called by VS Code when the inspector was open as the window closed. */
  deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#webviewRoot] };
    this.#attach(panel);
    this.#look(window.activeTextEditor ?? window.visibleTextEditors[0]);
    return Promise.resolve();
  }

  dispose(): void {
    this.#looking.abort();
    this.#inspection.dispose();
    this.#subscriptions.dispose();
    this.#panel?.dispose();
  }

  get #webviewRoot(): Uri {
    return Uri.joinPath(this.#surroundings.extensionUri, 'dist', 'webview');
  }

  #attach(panel: WebviewPanel): void {
    this.#panel = panel;
    const received = panel.webview.onDidReceiveMessage((raw: unknown) => {
      const request = inspectorRequestOf(raw);
      if (request) this.#carryOut(request).catch(this.#report);
      else
        this.#surroundings.log.warn(
          `The inspector sent something that is not understood: ${JSON.stringify(raw)}`,
        );
    });
    const shown = panel.onDidChangeViewState(() => {
      if (this.#isStale && this.#editor) this.#follow(this.#editor);
    });
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#looking.abort();
      Disposable.from(received, shown).dispose();
    });
    panel.iconPath = Uri.joinPath(this.#surroundings.extensionUri, 'media', 'icon.svg');
    panel.webview.html = panelHtml(panel.webview, this.#webviewRoot, 'inspector');
  }

  async #carryOut(request: InspectorRequest): Promise<void> {
    switch (request.type) {
      case 'ready':
        this.#post({ type: 'snapshot', version: inspectorVersion, state: this.#inspection.state });
        return;
      case 'follow':
        this.#inspection.follow(request.isFollowing);
        if (this.#editor) this.#follow(this.#editor);
        return;
      case 'show':
        return this.#inspection.show(request.id, request.isShown);
      case 'add':
        return this.#add();
      case 'remove':
        await this.#keep(this.#added.filter((modelId) => addedIdOf(modelId) !== request.id));
        this.#inspection.forget(request.id);
        return;
      case 'steps':
        return this.#inspection.steps(request);
      default:
        request satisfies never;
    }
  }

  /** Looks at an editor if the inspector is to follow. What changes while the page is hidden waits until it is shown. */
  #follow(editor: TextEditor): void {
    this.#editor = editor;
    if (!this.#panel || !this.#inspection.state.isFollowing) return;
    this.#isStale = !this.#panel.visible;
    if (!this.#isStale) this.#look(editor);
  }

  /** Looks at an editor once it rests. */
  #look(editor: TextEditor | undefined): void {
    this.#looking.abort();
    if (!editor) return;
    this.#editor = editor;
    this.#looking = new AbortController();
    const { signal } = this.#looking;
    setTimeout(() => {
      if (!signal.aborted) this.#inspect(editor, signal).catch(this.#report);
    }, quietMs);
  }

  async #inspect(editor: TextEditor, signal: AbortSignal): Promise<void> {
    const { document } = editor;
    const modelId = await countedModel(document, this.#surroundings.settings().defaultModel);
    if (signal.aborted) return;
    const { texts, what } = countedText(editor);
    await this.#compare(
      {
        modelId,
        text: texts.map((text) => (typeof text === 'string' ? text : [...text].join(''))).join('\n'),
        name: nameOf(document.uri),
        what: texts.length > 1 ? `${what}, a line each` : what,
      },
      signal,
    );
  }

  async #compare(inspected: Inspected, signal: AbortSignal): Promise<void> {
    const { tokenizers, problem } = await inspectedTokenizers(
      { ofFile: inspected.modelId, added: this.#added },
      this.#surroundings,
      signal,
    );
    if (signal.aborted) return;
    if (problem !== undefined) this.#surroundings.log.warn(problem);
    this.#inspected = inspected;
    await this.#inspection.inspect(inspected.text, inspected, tokenizers);
  }

  /** Asks for a model, and compares it with the others from now on. */
  async #add(): Promise<void> {
    const { pickModel } = await import('./modelPicker.ts');
    const modelId = await pickModel(this.#surroundings.models, undefined, 'Compare with Which Model?');
    if (modelId === undefined) return;
    if (this.#added.includes(modelId)) await this.#inspection.show(addedIdOf(modelId), true);
    else await this.#keep([...this.#added, modelId]);
  }

  /** `provider/model` of those that the user has added. */
  get #added(): readonly string[] {
    return this.#surroundings.memory.get<readonly string[]>(addedKey, []);
  }

  async #keep(added: readonly string[]): Promise<void> {
    await this.#surroundings.memory.update(addedKey, added);
    this.#refresh();
  }

  /** Makes the figures anew: of the selection if that is followed, or else of the text that is shown. */
  #refresh(): void {
    if (this.#inspection.state.isFollowing && this.#editor) this.#follow(this.#editor);
    else if (this.#inspected) {
      this.#looking.abort();
      this.#looking = new AbortController();
      this.#compare(this.#inspected, this.#looking.signal).catch(this.#report);
    }
  }

  readonly #report = (error: unknown): void => {
    this.#surroundings.log.error(`The tokens cannot be inspected: ${messageOf(error)}`);
  };

  #post(message: InspectorMessage): void {
    void this.#panel?.webview.postMessage(message);
  }
}
