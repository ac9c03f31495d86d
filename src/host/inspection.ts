import { messageOf } from '../core/errors.ts';
import {
  emptyInspector,
  foldInspector,
  type InspectorMessage,
  type InspectorRequest,
  type InspectorState,
  mostShownTokens,
  mostShownUnits,
  type ShownTokens,
  type Subject,
  type TokenizerView,
} from '../inspectorProtocol.ts';
import type { TokenizedText, Tokenizer, TokenizerSource } from '../node/tokenizer.ts';
import { type InspectedTokenizer, isProblem } from './inspectedTokenizers.ts';

/** Until this is over, in ms, a new text waits for its counts: it then comes with them, and nothing flickers. */
const patienceMs = 150;

/** Progress is told no more often than this, in ms. */
const progressMs = 100;

/**
 * What the inspector knows of a text: its counts and tokens under each tokenizer. It tells each change in a message, in
 * order, that leads from the state before it to {@link state}.
 */
export class Inspection implements Disposable {
  readonly #tokenizer: Tokenizer;
  readonly #tell: (message: InspectorMessage) => void;
  #state = emptyInspector;
  #text = '';
  #compared: readonly InspectedTokenizer[] = [];
  /** What the user has shown or hidden, by id. */
  readonly #choices = new Map<string, boolean>();
  #current = new AbortController();

  constructor(tokenizer: Tokenizer, tell: (message: InspectorMessage) => void) {
    this.#tokenizer = tokenizer;
    this.#tell = tell;
  }

  get state(): InspectorState {
    return this.#state;
  }

  /** Takes another text, and stops counting the one before. Resolves when all is counted, or another has come. */
  async inspect(
    text: string,
    { name, what }: Pick<Subject, 'name' | 'what'>,
    tokenizers: readonly InspectedTokenizer[],
  ): Promise<void> {
    this.#current.abort();
    this.#current = new AbortController();
    const { signal } = this.#current;
    this.#text = text;
    this.#compared = tokenizers;
    this.#state = {
      ...this.#state,
      subject: text === '' ? null : { name, what, text: text.slice(0, mostShownUnits), length: text.length },
      tokenizers: tokenizers.map((compared) => this.#waiting(compared)),
    };
    let isTold = false;
    const tellAll = (): void => {
      if (isTold || signal.aborted) return;
      isTold = true;
      const { subject, tokenizers: views } = this.#state;
      this.#tell({ type: 'change', state: { subject, tokenizers: views } });
    };
    const patience = setTimeout(tellAll, patienceMs);
    try {
      // The tokens of what is shown come before the counts of what is not.
      const order = tokenizers.toSorted((one, other) => this.#rank(one) - this.#rank(other));
      for (const { id } of order) await this.#measure(id, signal, (view) => this.#put(view, isTold));
      tellAll();
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      clearTimeout(patience);
    }
  }

  follow(isFollowing: boolean): void {
    this.#update({ type: 'change', state: { isFollowing } });
  }

  /** Adds the column of a tokenizer, or takes it away. */
  async show(id: string, isShown: boolean): Promise<void> {
    const { signal } = this.#current;
    const view = this.#viewOf(id);
    if (!view) return;
    this.#choices.set(id, isShown);
    const { tokens: _, ...withoutTokens } = view;
    this.#update({ type: 'tokenizer', tokenizer: { ...withoutTokens, isShown } });
    // What waits is measured in its turn.
    if (view.count.status === 'waiting') return;
    await this.#measure(id, signal, (changed) => this.#put(changed, true)).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  /** Shows or hides a tokenizer as at first, whatever the user has chosen. */
  forget(id: string): void {
    this.#choices.delete(id);
  }

  async steps({ request, id, word, isStart }: Extract<InspectorRequest, { type: 'steps' }>): Promise<void> {
    const source = this.#compared.find((compared) => compared.id === id)?.source;
    // A column whose tokens are shown has a tokenizer.
    if (!source || isProblem(source)) return;
    try {
      const states = await this.#tokenizer.mergeSteps(
        { word, tokenizer: source, isStart },
        this.#current.signal,
      );
      const steps = states.map(({ parts, ...state }) => ({
        ...state,
        parts: parts.map((part) => ({ id: part.id, bytes: Buffer.from(part.bytes).toString('hex') })),
      }));
      this.#tell({ type: 'steps', request, steps });
    } catch (error) {
      this.#tell({ type: 'no-steps', request, message: messageOf(error) });
    }
  }

  dispose(): void {
    this.#current.abort();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Counts with one tokenizer, and finds its tokens where they are shown. */
  async #measure(id: string, signal: AbortSignal, put: (view: TokenizerView) => void): Promise<void> {
    const compared = this.#compared.find((candidate) => candidate.id === id);
    if (!compared) return;
    const change = (part: Partial<TokenizerView>): void => {
      const view = this.#viewOf(id);
      if (view && !signal.aborted) put({ ...view, ...part });
    };
    const { source } = compared;
    if (isProblem(source)) {
      change({ count: { status: 'failed', message: source.problem } });
      return;
    }
    try {
      let tokens: number | undefined;
      if (this.#isShown(compared)) {
        const encoded = await this.#tokenizer.encode(
          { text: this.#text, tokenizer: source, limit: mostShownTokens },
          signal,
        );
        if (encoded.ids.length < mostShownTokens && encoded.ends.at(-1) === this.#text.length)
          tokens = encoded.ids.length;
        // It may have been taken away meanwhile.
        if (this.#isShown(compared)) change({ tokens: shownTokens(encoded) });
      }
      tokens ??= await this.#count(id, source, signal, (done) =>
        change({ count: { status: 'counting', done } }),
      );
      change({ count: { status: 'counted', tokens } });
    } catch (error) {
      if (signal.aborted) throw error;
      change({ count: { status: 'failed', message: messageOf(error) } });
    }
  }

  async #count(
    id: string,
    source: TokenizerSource,
    signal: AbortSignal,
    onProgress: (done: number) => void,
  ): Promise<number> {
    const known = this.#viewOf(id)?.count;
    if (known?.status === 'counted') return known.tokens;
    let toldAt = Date.now();
    const [tokens = 0] = await this.#tokenizer.count(
      {
        texts: [this.#text],
        tokenizer: source,
        onProgress: (counted, total) => {
          if (Date.now() < toldAt + progressMs || counted === total) return;
          toldAt = Date.now();
          onProgress(counted / total);
        },
      },
      signal,
    );
    return tokens;
  }

  #waiting({ source: _, ...compared }: InspectedTokenizer): TokenizerView {
    return { ...compared, isShown: this.#isShown(compared), count: { status: 'waiting' } };
  }

  #isShown({ id, reason }: Pick<TokenizerView, 'id' | 'reason'>): boolean {
    return this.#choices.get(id) ?? (reason !== 'standard' || shownAtFirst.has(id));
  }

  #rank(compared: InspectedTokenizer): number {
    return this.#isShown(compared) ? 0 : 1;
  }

  #viewOf(id: string): TokenizerView | undefined {
    return this.#state.tokenizers.find((view) => view.id === id);
  }

  #put(tokenizer: TokenizerView, isTold: boolean): void {
    const message: InspectorMessage = { type: 'tokenizer', tokenizer };
    if (isTold) this.#update(message);
    else this.#state = foldInspector(this.#state, message);
  }

  #update(message: InspectorMessage): void {
    this.#state = foldInspector(this.#state, message);
    this.#tell(message);
  }
}

const shownAtFirst: ReadonlySet<string> = new Set(['o200k_base', 'cl100k_base', 'model']);

function shownTokens({ ids, ends, bytes, byteEnds }: TokenizedText): ShownTokens {
  const beyond = ends.findIndex((end) => end > mostShownUnits);
  const shown = beyond < 0 ? ids.length : beyond;
  return {
    ids: [...ids.subarray(0, shown)],
    ends: [...ends.subarray(0, shown)],
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, byteEnds[shown - 1] ?? 0).toString('hex'),
    byteEnds: [...byteEnds.subarray(0, shown)],
  };
}
