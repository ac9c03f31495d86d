/** The host is asked this often whether it is there, in ms. */
export const beatMs = 2_000;

/** A host that is busy answers late: it counts as silent once it has left this many questions in a row open. */
export const patience = 5;

export interface HeartbeatSurroundings {
  /** Asks the host for any message at all. */
  readonly ask: () => void;
  /** Told at every change. */
  readonly onSilence: (isSilent: boolean) => void;
  /** Its document. */
  readonly page: {
    readonly visibilityState: string;
    addEventListener(type: 'visibilitychange', listener: () => void): void;
  };
}

/**
 * Notices that the host does not answer any more. It goes by questions that were put while the page could be seen and not
 * by the clock: a page whose timers the browser holds back, or a machine that slept, has put none in that time.
 */
export class Heartbeat {
  readonly #ask: () => void;
  readonly #onSilence: (isSilent: boolean) => void;
  readonly #page: HeartbeatSurroundings['page'];
  #unanswered = 0;
  #isSilent = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor({ ask, onSilence, page }: HeartbeatSurroundings) {
    this.#ask = ask;
    this.#onSilence = onSilence;
    this.#page = page;
  }

  /** Asks from now on, whenever the page can be seen. */
  start(): void {
    this.#page.addEventListener('visibilitychange', () => this.#followPage());
    this.#followPage();
  }

  /** The host has said something, whatever it was. */
  heard(): void {
    this.#unanswered = 0;
    this.#tell(false);
  }

  #followPage(): void {
    clearInterval(this.#timer);
    this.#unanswered = 0;
    if (this.#page.visibilityState === 'visible') this.#timer = setInterval(() => this.#beat(), beatMs);
  }

  #beat(): void {
    if (this.#unanswered >= patience) this.#tell(true);
    this.#unanswered += 1;
    this.#ask();
  }

  #tell(isSilent: boolean): void {
    if (isSilent === this.#isSilent) return;
    this.#isSilent = isSilent;
    this.#onSilence(isSilent);
  }
}
