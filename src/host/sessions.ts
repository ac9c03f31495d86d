import type { Disposable } from 'vscode';
import { EventEmitter, type Uri } from 'vscode';
import { Session, type SessionSurroundings } from './session.ts';

/** The prompt files at work in this window, by their URI. */
export class Sessions implements Disposable {
  readonly #surroundings: SessionSurroundings;
  readonly #sessions = new Map<string, Session>();
  readonly #runningChanged = new EventEmitter<void>();

  /** A run started or ended, in any session. */
  readonly onRunningChanged = this.#runningChanged.event;

  constructor(surroundings: SessionSurroundings) {
    this.#surroundings = surroundings;
  }

  /** The session of a prompt file, made at the first call. */
  of(uri: Uri): Session {
    const key = uri.toString();
    let session = this.#sessions.get(key);
    if (!session) {
      session = new Session(uri, this.#surroundings);
      session.onMessage(({ type }) => {
        if (type === 'change') this.#runningChanged.fire();
      });
      this.#sessions.set(key, session);
    }
    return session;
  }

  /** Interrupts every run. */
  dispose(): void {
    for (const session of this.#sessions.values()) session.dispose();
    this.#runningChanged.dispose();
  }
}
