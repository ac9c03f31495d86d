import { type Disposable, EventEmitter, type Uri, workspace } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { VariableValues } from '../core/store.ts';
import { checkAnswers } from './answerChecks.ts';
import { showConversationUsage } from './conversationUsage.ts';
import { Session } from './session.ts';
import type { SessionSurroundings } from './sessionSurroundings.ts';
import { movedAddress, promptUriOf } from './versions/versionUri.ts';

/** A prompt is read again when nobody has typed in it for this long, in ms. */
const restMs = 300;

/** The prompt files and conversations at work in this window, by their URI. */
export class Sessions implements Disposable {
  readonly #surroundings: SessionSurroundings;
  readonly #sessions = new Map<string, Session>();
  readonly #runningChanged = new EventEmitter<void>();
  readonly #timers = new Map<Session, NodeJS.Timeout>();
  readonly #registration: Disposable;

  /** A run started or ended, in any session. */
  readonly onRunningChanged = this.#runningChanged.event;

  constructor(surroundings: SessionSurroundings) {
    this.#surroundings = surroundings;
    this.#registration = workspace.onDidChangeTextDocument(({ document }) => {
      const session = this.#sessions.get(document.uri.toString());
      if (session) this.#refreshSoon(session);
    });
  }

  /** The session of a prompt file or of a conversation (see `chatUri`), made at the first call. */
  of(uri: Uri): Session {
    const key = uri.toString();
    let session = this.#sessions.get(key);
    if (!session) {
      session = new Session(uri, this.#surroundings);
      showConversationUsage(session, this.#surroundings);
      checkAnswers(session, this.#surroundings);
      session.onMessage(({ type }) => {
        if (type === 'change' || type === 'lane') this.#runningChanged.fire();
      });
      this.#sessions.set(key, session);
    }
    return session;
  }

  /** The values of a prompt's last run, of whichever version and in whichever window; `undefined` before there was one. */
  lastValues(uri: Uri): VariableValues | undefined {
    const known = this.#sessions.get(uri.toString())?.state.prompt?.values ?? {};
    if (Object.keys(known).length > 0) return known;
    const { store, log } = this.#surroundings;
    try {
      return store.list({ limit: 1, promptUri: promptUriOf(uri).toString() })[0]?.variables;
    } catch (error) {
      log.error(messageOf(error));
      return undefined;
    }
  }

  /**
   * Takes the sessions of a prompt, or of all prompts below a folder, along to where that was moved. Those of files that
   * were there before have ended then.
   * @returns the sessions that have ended
   */
  move(from: Uri, to: Uri): readonly Session[] {
    const ended: Session[] = [];
    for (const [key, session] of [...this.#sessions]) {
      const moved = movedAddress(session.uri, from, to);
      if (!moved) continue;
      const before = this.#sessions.get(moved.toString());
      if (before) {
        clearTimeout(this.#timers.get(before));
        before.dispose();
        ended.push(before);
      }
      this.#sessions.delete(key);
      this.#sessions.set(moved.toString(), session);
      void session.moveTo(moved);
    }
    return ended;
  }

  get all(): Iterable<Session> {
    return this.#sessions.values();
  }

  /** The session whose lanes take part in a conversation; `undefined` where none does. */
  talkingIn(conversationId: string): Session | undefined {
    return [...this.#sessions.values()].find(({ chat }) => chat.id === conversationId);
  }

  /** Interrupts every run. */
  dispose(): void {
    this.#registration.dispose();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const session of this.#sessions.values()) session.dispose();
    this.#runningChanged.dispose();
  }

  #refreshSoon(session: Session): void {
    clearTimeout(this.#timers.get(session));
    this.#timers.set(
      session,
      setTimeout(() => void session.refresh(), restMs),
    );
  }
}
