import {
  commands,
  Disposable,
  type LogOutputChannel,
  type Tab,
  TabInputWebview,
  Uri,
  ViewColumn,
  type WebviewOptions,
  type WebviewPanel,
  type WebviewPanelSerializer,
  window,
  workspace,
} from 'vscode';
import { messageOf } from '../core/errors.ts';
import { type Filled, type HostMessage, protocolVersion, type ViewMessage } from '../protocol.ts';
import type { CommandId } from './commandId.ts';
import { Contexts, type ContextsSurroundings } from './contexts.ts';
import type { FillActions } from './fillActions.ts';
import type { LaneActions } from './laneActions.ts';
import { panelHtml } from './panelHtml.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { viewMessageOf } from './viewMessage.ts';

/** By which VS Code knows a panel again after a reload. */
export const panelViewType = 'llmPlayground.panel';

export interface PanelSurroundings {
  readonly sessions: Sessions;
  readonly actions: LaneActions;
  /** Made when a form is first filled. */
  readonly fill: () => Promise<FillActions>;
  readonly extensionUri: Uri;
  readonly contexts: ContextsSurroundings;
  readonly log: LogOutputChannel;
}

/** The panels of this window: at most one a session, drawing what that knows; a prompt's stands beside its file. */
export class Panels implements Disposable, WebviewPanelSerializer {
  readonly #sessions: Sessions;
  readonly #actions: LaneActions;
  readonly #fill: () => Promise<FillActions>;
  readonly #extensionUri: Uri;
  readonly #contexts: ContextsSurroundings;
  readonly #log: LogOutputChannel;
  /** What pages of an extension host that has ended had kept, until a page has it. */
  readonly #kept = new Map<Session, unknown>();
  /** In the order in which they had the focus last. */
  readonly #open = new Map<Session, WebviewPanel>();

  constructor({ sessions, actions, fill, extensionUri, contexts, log }: PanelSurroundings) {
    this.#sessions = sessions;
    this.#actions = actions;
    this.#fill = fill;
    this.#extensionUri = extensionUri;
    this.#contexts = contexts;
    this.#log = log;
  }

  /**
   * Brings the session's panel to the front, beside the editor or in another column. The keyboard goes there only with
   * `focus`.
   */
  reveal(
    session: Session,
    { focus = false, column }: { readonly focus?: boolean; readonly column?: ViewColumn } = {},
  ): void {
    const open = this.#open.get(session);
    if (open) {
      open.reveal(column, !focus);
      return;
    }
    const panel = window.createWebviewPanel(
      panelViewType,
      titleOf(session),
      { viewColumn: column ?? this.#columnOf(session), preserveFocus: !focus },
      { ...this.#pageOptions, enableFindWidget: true },
    );
    this.#attach(panel, session);
  }

  /** The session whose panel has the focus. */
  get active(): Session | undefined {
    for (const [session, panel] of this.#open) if (panel.active) return session;
    return undefined;
  }

  /** The session whose panel has the focus, or else one whose panel can be seen. */
  get visible(): Session | undefined {
    return this.active ?? [...this.#open].find(([, { visible }]) => visible)?.[0];
  }

  /** Closes the panel of a session that has ended. */
  close(session: Session): void {
    this.#open.get(session)?.dispose();
  }

  /** The session whose panel had the focus last, or was opened last; `undefined` where none is open. */
  get last(): Session | undefined {
    return [...this.#open.keys()].at(-1);
  }

  /** Called by VS Code for each panel that was open when the window closed. `state` is what the webview kept. */
  async deserializeWebviewPanel(panel: WebviewPanel, state: unknown): Promise<void> {
    const uri = promptUriOf(state);
    if (!uri) {
      panel.dispose();
      return;
    }
    const session = this.#sessions.of(uri);
    panel.webview.options = this.#pageOptions;
    this.#attach(panel, session);
    await session.show();
  }

  /**
   * Opens a panel in the place of the one in front, whose extension host has ended: its page cannot be reached any more.
   * @param kept what that page had kept, as it says
   */
  async replace(kept: unknown): Promise<void> {
    const uri = promptUriOf(kept);
    if (!uri) return;
    const session = this.#sessions.of(uri);
    // This host was only slow, and the panel is its own.
    if (this.active === session) return;
    const { activeTab, viewColumn: column } = window.tabGroups.activeTabGroup;
    this.#kept.set(session, kept);
    const open = this.#open.get(session);
    this.reveal(session, { focus: true, ...(open ? {} : { column }) });
    if (open) void open.webview.postMessage(this.#snapshotOf(session));
    if (activeTab && isPanel(activeTab)) await window.tabGroups.close(activeTab);
    await session.show();
  }

  dispose(): void {
    for (const panel of this.#open.values()) panel.dispose();
  }

  /** Where panels are already, or else a new column beside the editor; a chat has no file to stand beside. */
  #columnOf(session: Session): ViewColumn {
    for (const { viewColumn } of this.#open.values()) if (viewColumn !== undefined) return viewColumn;
    return session.isChat ? ViewColumn.Active : ViewColumn.Beside;
  }

  get #pageOptions(): WebviewOptions {
    return {
      enableScripts: true,
      // A link to it reaches the extension where the page's messages do not; see `replace`.
      enableCommandUris: ['llmPlayground.reopenPanel' satisfies CommandId],
      localResourceRoots: [this.#webviewRoot],
    };
  }

  #snapshotOf(session: Session): HostMessage {
    const kept = this.#kept.get(session);
    this.#kept.delete(session);
    return {
      type: 'snapshot',
      protocol: protocolVersion,
      state: session.state,
      ...(kept === undefined ? {} : { kept }),
    };
  }

  get #webviewRoot(): Uri {
    return Uri.joinPath(this.#extensionUri, 'dist', 'webview');
  }

  #attach(panel: WebviewPanel, session: Session): void {
    this.#open.set(session, panel);
    const post = (message: HostMessage): void => {
      void panel.webview.postMessage(message);
    };
    const unfilled = new Map<string, Filled>();
    const messages = session.onMessage((message) => {
      if (message.type === 'filled') unfilled.set(message.id, message);
      post(message);
      if (message.type === 'change' && (message.state.chat || message.state.prompt))
        panel.title = titleOf(session);
    });
    panel.title = titleOf(session);
    const contexts = new Contexts(session, this.#contexts);
    const received = panel.webview.onDidReceiveMessage((raw: unknown) => {
      const message = viewMessageOf(raw);
      if (!message) {
        this.#log.warn(`The panel sent something that is not understood: ${JSON.stringify(raw)}`);
        return;
      }
      if (message.type === 'ready') {
        post(this.#snapshotOf(session));
        for (const filled of unfilled.values()) post(filled);
      } else if (message.type === 'ping') {
        post({ type: 'pong' });
      } else if (message.type === 'has-filled') {
        unfilled.delete(message.id);
      } else if (message.type === 'draft') {
        contexts.show(message);
        void session.composer.refresh();
      } else {
        // What is counted does not tell by itself that a summary is another one.
        if (message.type === 'set-summary') contexts.refresh();
        this.#carryOut(message, session).catch((error: unknown) => this.#log.error(messageOf(error)));
      }
    });
    const focused = panel.onDidChangeViewState(() => {
      if (!panel.active) return;
      this.#open.delete(session);
      this.#open.set(session, panel);
    });
    panel.onDidDispose(() => {
      this.#open.delete(session);
      Disposable.from(messages, received, focused, contexts).dispose();
    });
    panel.iconPath = Uri.joinPath(this.#extensionUri, 'media', 'icon.svg');
    panel.webview.html = panelHtml(panel.webview, this.#webviewRoot);
  }

  async #carryOut(
    message: Exclude<ViewMessage, { type: 'ready' | 'ping' | 'draft' | 'has-filled' }>,
    session: Session,
  ): Promise<void> {
    switch (message.type) {
      case 'run':
        return session.run(message.values, message.laneId);
      case 'stop':
        session.stop(message.laneId);
        return;
      case 'send':
        return session.composer.send(message);
      case 'attach':
      case 'attach-files':
      case 'attach-text':
        return (await import('./attachments/attachActions.ts')).attachAsked(session, message);
      case 'open-prompts':
        return this.#openPrompts(message.uris, session);
      case 'detach':
        session.composer.detach(message.id);
        return;
      case 'edit':
        return session.chat.converse(
          (chat, lane) => chat.edit(lane, message.messageId, message.text),
          [message.laneId],
        );
      case 'retry':
        return session.chat.converse((chat, lane) => chat.retry(lane, message.messageId), [message.laneId]);
      case 'retry-with': {
        const { laneId, messageId } = message;
        if (!(await this.#actions.chooseModel(session, laneId))) return;
        return session.chat.converse((chat, lane) => chat.retry(lane, messageId), [laneId]);
      }
      case 'delete-message':
        return this.#actions.deleteMessage(session, message.laneId, message.messageId);
      case 'answer-calls':
        return session.chat.converse(
          (chat, lane) => chat.answerCalls(lane, message.results),
          [message.laneId],
        );
      case 'continue':
        return session.chat.converse((chat, lane) => chat.resume(lane), [message.laneId]);
      case 'show-earlier':
        session.chat.showEarlier(message.laneId);
        return;
      case 'turn-to':
        session.chat.turnTo(message.laneId, message.messageId);
        return;
      case 'go-back':
        return session.chat.goBack(message.isWanted);
      case 'rename-chat':
        return commands.executeCommand('llmPlayground.renameConversation', {
          kind: 'conversation',
          id: session.chat.id,
        });
      case 'set-system':
        session.chat.setSystem(message.text);
        return;
      case 'choose-fitting':
        return this.#actions.chooseFitting(session);
      case 'set-summary':
        session.chat.setSummary(message.laneId, message.messageId, message.text);
        return;
      case 'branch':
        return commands.executeCommand('llmPlayground.branchActions', {
          conversationId: session.chat.id,
          messageId: message.messageId,
        });
      case 'add-lane':
        return this.#actions.addLane(session);
      case 'duplicate-lane':
        session.duplicate(message.laneId);
        return;
      case 'remove-lane':
        session.remove(message.laneId);
        return;
      case 'choose-model':
        await this.#actions.chooseModel(session, message.laneId);
        return;
      case 'choose-version':
        return this.#actions.chooseVersion(session, message.laneId);
      case 'set-settings':
        session.choices.setSettings(message.laneId, message.settings);
        return;
      case 'set-sample-count':
        session.choices.setSampleCount(message.laneId, message.count);
        return;
      case 'show-sample':
        session.choices.showSample(message.laneId, message.runId);
        return;
      case 'check-schema':
        return this.#actions.schemas.check(session, message.laneId, message.text);
      case 'edit-schema':
        return this.#actions.schemas.edit(session, message.laneId, message.text);
      case 'reset-lane':
        session.choices.reset(message.laneId);
        return;
      case 'apply-lane':
        return session.choices.apply(message.laneId);
      case 'diff':
        return this.#actions.diff(session, message.laneId);
      case 'code':
        return this.#actions.useCode(message);
      case 'sweep':
        return this.#actions.sweep(session, message.values);
      case 'save-comparison':
        return commands.executeCommand('llmPlayground.saveComparison', session.uri, message.values);
      case 'fill':
        return (await this.#fill()).fill(session, message);
      case 'fill-field':
        return (await this.#fill()).fillField(session, message.name, message.source);
      case 'action':
        return (await import('./panelAction.ts')).actOn(session, message.action, this.#log);
      default:
        message satisfies never;
    }
  }

  /** Opens prompts where the panel of a session is. The page may name files of the workspace only. */
  async #openPrompts(uris: readonly string[], beside: Session): Promise<void> {
    const column = this.#open.get(beside)?.viewColumn;
    for (const uri of uris.map((text) => Uri.parse(text, true))) {
      if (!uri.path.endsWith('.prompt') || !workspace.getWorkspaceFolder(uri)) continue;
      const session = this.#sessions.of(uri);
      this.reveal(session, { focus: true, ...(column === undefined ? {} : { column }) });
      await session.show();
    }
  }
}

/** Whether a tab is a panel, of this extension host or of one that has ended. VS Code puts words of its own before the type. */
function isPanel({ input }: Tab): boolean {
  return input instanceof TabInputWebview && input.viewType.endsWith(panelViewType);
}

/** What its tab is called. */
function titleOf({ uri, isChat, state: { chat, prompt } }: Session): string {
  return (isChat ? chat?.title : undefined) ?? prompt?.name ?? uri.path;
}

/** The prompt that a kept state belongs to, or `undefined` when there is none to bring back. */
function promptUriOf(state: unknown): Uri | undefined {
  const uri = (state as { promptUri?: unknown } | undefined)?.promptUri;
  return typeof uri === 'string' ? Uri.parse(uri, true) : undefined;
}
