import { randomUUID } from 'node:crypto';
import type { Disposable } from 'vscode';
import { attachedPart } from '../core/attachment.ts';
import type { AttachedPart, Part } from '../core/chat.ts';
import { messageOf } from '../core/errors.ts';
import type { CountedTokens } from '../node/countedTokens.ts';
import {
  type AttachmentView,
  type HostMessage,
  modelIdOf,
  type PanelState,
  type ViewMessage,
} from '../protocol.ts';
import type { AttachedText } from './attachments/attachedText.ts';
import type { SessionChat } from './sessionChat.ts';
import type { SessionSurroundings } from './sessionSurroundings.ts';

/** What a composer asks of the session that it belongs to. */
export interface ComposerSession {
  readonly chat: Pick<SessionChat, 'send'>;
  readonly surroundings: Pick<SessionSurroundings, 'attachments' | 'countTokens' | 'log' | 'textOfFile'>;
  /** By which attachments are kept; another one once the prompt's file was moved. */
  readonly uri: () => string;
  readonly state: () => PanelState;
  readonly post: (message: HostMessage) => void;
  readonly onMessage: (listener: (message: HostMessage) => void) => Pick<Disposable, 'dispose'>;
}

/** An attachment that waits for the next message. */
interface Held {
  readonly id: string;
  readonly from: AttachedText;
  readonly part: AttachedPart;
  readonly problem?: string;
}

/**
 * What goes along with the next message of a session beside its text. It is the host's, so that it outlives the page; it is
 * kept over a reload of the window; and every change of it is told at once, its tokens when they are counted.
 */
export class Composer implements Disposable {
  readonly #session: ComposerSession;
  readonly #registration: Pick<Disposable, 'dispose'>;
  #held: readonly Held[] = [];
  #counting = new AbortController();
  /** The model that tokens are counted for. */
  #countedFor: string | undefined;

  constructor(session: ComposerSession) {
    this.#session = session;
    this.#registration = session.onMessage(({ type }) => {
      const isNews = type === 'change' || type === 'lane';
      if (isNews && this.#held.length > 0 && this.#modelId !== this.#countedFor) this.#show(this.#held);
    });
  }

  /** What is attached, as it is sent. */
  get parts(): readonly AttachedPart[] {
    return this.#held.map(({ part }) => part);
  }

  /** Brings back what was attached when the window closed, files as they are by now. */
  async restore(): Promise<void> {
    const { attachments, textOfFile } = this.#session.surroundings;
    const kept = attachments.of(this.#session.uri()).map((text): Held => {
      const { file } = text;
      return heldOf(file === undefined ? text : { ...text, reread: () => textOfFile(file) });
    });
    const held = await Promise.all(kept.map(reread));
    this.#show([...held, ...this.#held]);
  }

  /** Attaches a text, in the place of one from the same place. */
  attach(from: AttachedText): void {
    const key = JSON.stringify(from.attachment);
    const others = this.#held.filter(({ part }) => JSON.stringify(part.attachment) !== key);
    this.#show([...others, heldOf(from)]);
  }

  detach(id: string): void {
    this.#show(this.#held.filter((held) => held.id !== id));
  }

  /** Takes over what files say now, and what has become of them. */
  async refresh(): Promise<void> {
    const read = await Promise.all(this.#held.map(reread));
    const fresh = new Map(read.map((held) => [held.id, held]));
    const next = this.#held.map((held) => fresh.get(held.id) ?? held);
    if (next.some((held, index) => held !== this.#held[index])) this.#show(next);
  }

  /** Sends a message with what is attached, which is gone once it is taken up; with what cannot be sent, nothing is. */
  async send({ text, images = [], laneIds }: Extract<ViewMessage, { type: 'send' }>): Promise<void> {
    await this.refresh();
    const going = this.#held;
    if (going.some(({ problem }) => problem !== undefined)) {
      this.#session.post({ type: 'sent', isTaken: false });
      return;
    }
    const taken = this.#session.onMessage((message) => {
      if (message.type === 'sent' && message.isTaken)
        this.#show(this.#held.filter(({ id }) => going.every((gone) => gone.id !== id)));
    });
    const along: readonly Part[] = [
      ...images.map((url) => ({ type: 'image' as const, url })),
      ...going.map(({ part }) => part),
    ];
    try {
      await this.#session.chat.send(text, along, laneIds);
    } finally {
      taken.dispose();
    }
  }

  dispose(): void {
    this.#counting.abort();
    this.#registration.dispose();
  }

  get #modelId(): string | undefined {
    const { lanes, prompt } = this.#session.state();
    const [first] = lanes;
    return first && (modelIdOf(first, prompt) ?? first.run?.modelId);
  }

  #show(held: readonly Held[]): void {
    if (held.length === 0 && this.#held.length === 0) return;
    this.#held = held;
    this.#session.surroundings.attachments.keep(
      this.#session.uri(),
      held.map(({ from }) => from),
    );
    this.#counting.abort();
    this.#counting = new AbortController();
    this.#countedFor = this.#modelId;
    this.#tell();
    void this.#count(this.#counting.signal);
  }

  async #count(signal: AbortSignal): Promise<void> {
    const { surroundings } = this.#session;
    if (this.#countedFor === undefined || this.#held.length === 0) return;
    try {
      const texts = this.#held.map(({ part }) => part.text);
      const counted = await surroundings.countTokens(this.#countedFor, texts, signal);
      if (!signal.aborted) this.#tell(counted);
    } catch (error) {
      if (!signal.aborted) surroundings.log.warn(`What is attached was not counted: ${messageOf(error)}`);
    }
  }

  #tell(counted?: CountedTokens): void {
    const attachments = this.#held.map(({ id, from: { remark }, part, problem }, index): AttachmentView => {
      const count = counted?.counts[index];
      return {
        id,
        ...part.attachment,
        tokens: count === undefined ? null : { count, isExact: counted?.exactness === 'exact' },
        note: [counted?.note, remark].filter((sentence) => sentence !== undefined).join(' '),
        ...(problem === undefined ? {} : { problem }),
      };
    });
    this.#session.post({ type: 'change', state: { attachments } });
  }
}

function heldOf(from: AttachedText): Held {
  return { id: randomUUID(), from, part: attachedPart(from.attachment, from.text, from.language) };
}

/** An attachment with what its file says now; the very same object where nothing is new. */
async function reread(held: Held): Promise<Held> {
  const { id, from, part, problem } = held;
  if (!from.reread) return held;
  try {
    const text = await from.reread();
    if (text === from.text && problem === undefined) return held;
    return { id, from: { ...from, text }, part: attachedPart(from.attachment, text, from.language) };
  } catch (error) {
    return problem === messageOf(error) ? held : { id, from, part, problem: messageOf(error) };
  }
}
