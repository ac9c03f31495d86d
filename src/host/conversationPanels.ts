import { randomUUID } from 'node:crypto';
import { ViewColumn } from 'vscode';
import { chatUri } from './chatUri.ts';
import type { Panels } from './panels.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** Conversations of the history in panels. */
export class ConversationPanels {
  readonly #sessions: Sessions;
  readonly #panels: Panels;

  constructor(sessions: Sessions, panels: Panels) {
    this.#sessions = sessions;
    this.#panels = panels;
  }

  /** Opens a conversation where it can be gone on with: in the panel that shows it, or one of its own; beside, in its own. */
  async open(conversationId: string, toSide: boolean): Promise<void> {
    await this.#opened(conversationId, toSide);
  }

  /** Opens a panel for a conversation that begins with the first message. */
  async begin(): Promise<void> {
    await this.#opened(randomUUID(), false);
  }

  /** Brings the panel that was used last to the front, or one for a new conversation where none is open. */
  async last(): Promise<Session> {
    const session = this.#panels.last;
    if (!session) return this.#opened(randomUUID(), false);
    this.#panels.reveal(session, { focus: true });
    return session;
  }

  /** Has the panels of a conversation read it again that was changed beside them. */
  changed(conversationId: string): void {
    for (const session of this.#sessions.all) {
      if (session.chat.id === conversationId) session.chat.reread();
    }
  }

  async #opened(conversationId: string, toSide: boolean): Promise<Session> {
    const shown = toSide ? undefined : this.#sessions.talkingIn(conversationId);
    const session = shown ?? this.#sessions.of(chatUri(conversationId));
    this.#panels.reveal(session, { focus: true, ...(toSide ? { column: ViewColumn.Beside } : {}) });
    await session.show();
    return session;
  }
}
