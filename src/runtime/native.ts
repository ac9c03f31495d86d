import type {
  EvaluationPriority,
  LlamaContextSequence,
  SequenceEvaluateOptions,
  Token,
} from 'node-llama-cpp';

/**
 * The parts of node-llama-cpp 3.21.1 that it keeps to itself and that log-probabilities need: its public calls sample
 * a place once, and give probabilities only as they are after the sampler. 3.22 opens this up (`logits.filter`), but
 * its macOS and Windows binaries are not published. The version is pinned, and the tests of log-probabilities fail
 * when one of these changes. Nothing else reaches into the library.
 */
interface SequenceInternals {
  readonly model: {
    readonly _model: unknown;
    readonly _llama: { readonly _bindings: { readonly AddonSampler: new (model: unknown) => NativeSampler } };
  };
  readonly _context: { readonly _ctx: NativeContext };
  readonly _takeIntervalCheckpointIfNeededAfterBatch: unknown;
  _resolveSamplerConfig(options: SequenceEvaluateOptions): object;
  _decodeTokens<Result>(
    tokens: readonly Token[],
    /** Marks the tokens after which to sample. */
    logits: readonly true[],
    evaluationPriority: EvaluationPriority,
    tokenMeter: unknown,
    contextShift: object,
    sample: (row: number, index: number) => Promise<Result>,
    afterBatch: unknown,
  ): Promise<(Result | undefined)[]>;
}

export interface NativeContext {
  /**
   * Samples without evaluating anything, as often as wanted before the next batch.
   * @returns the token; with `probabilities`, those that the sampler left, as token, share, token, share, most likely
   * first; with `confidence`, the chosen token's share of what the sampler left.
   */
  sampleToken(
    index: number,
    sampler: NativeSampler,
    probabilities: boolean,
    confidence: boolean,
  ): Promise<[token: Token, probabilities: number[] | undefined, confidence: number | undefined]>;
}

interface NativeSampler {
  applyConfig(config: object): void;
  dispose(): void;
}

/** Where the distribution of a next token lies: a row of the last batch of a context. */
export interface Place {
  readonly context: NativeContext;
  readonly index: number;
}

/** A token and its part of what a sampler left. */
export interface Share {
  readonly token: Token;
  readonly share: number;
}

function sharesIn(pairs: readonly number[]): Share[] {
  return Array.from({ length: pairs.length / 2 }, (_, index) => ({
    token: pairs[2 * index] as Token,
    share: pairs[2 * index + 1] ?? 0,
  }));
}

/** A chain of samplers for one answer. It has a state: the tokens that it chose and its random numbers. */
export class Sampler {
  readonly #native: NativeSampler;

  /** @param sequence any one of the model; the sampler goes with the model and not with a context. */
  constructor(sequence: LlamaContextSequence, options: SequenceEvaluateOptions) {
    const internals = sequence as unknown as SequenceInternals;
    this.#native = new internals.model._llama._bindings.AddonSampler(internals.model._model);
    this.#native.applyConfig(internals._resolveSamplerConfig(options));
  }

  /** The token that the sampler picks; it counts for the penalties from then on. */
  async choose(place: Place): Promise<Token> {
    const [token] = await this.#sample(place, false, false);
    if (token < 0) throw new Error('no token could be chosen, because the model gave no valid probabilities');
    return token;
  }

  /** The same, with what it was picked from; see {@link shares}. Not for a grammar, which would then be asked first. */
  async chooseAmong(place: Place): Promise<{ readonly token: Token; readonly left: readonly Share[] }> {
    const [token, pairs = []] = await this.#sample(place, true, false);
    if (token < 0) throw new Error('no token could be chosen, because the model gave no valid probabilities');
    return { token, left: sharesIn(pairs) };
  }

  /** The probability of the token that the sampler picks, among what it leaves. */
  async confidence(place: Place): Promise<number> {
    const [, , confidence = 0] = await this.#sample(place, false, true);
    return confidence;
  }

  /** What this sampler leaves, most likely first, as shares that add up to 1. */
  async shares(place: Place): Promise<Share[]> {
    const [, pairs = []] = await this.#sample(place, true, false);
    return sharesIn(pairs);
  }

  dispose(): void {
    this.#native.dispose();
  }

  #sample(
    { context, index }: Place,
    probabilities: boolean,
    confidence: boolean,
  ): ReturnType<NativeContext['sampleToken']> {
    return context.sampleToken(index, this.#native, probabilities, confidence);
  }
}

/**
 * Evaluates `tokens` and samples after each of them, any number of times and one after the other. The sequence must be the
 * caller's alone, and have room: the library would otherwise drop the beginning of the conversation in silence.
 *
 * In a batch of several lanes it must be one token, so that the rows to sample from are in the order of the batch:
 * llama.cpp sorts others on the first reading, and lanes read at the same time.
 * @param priority the lane's place in the batch.
 */
export async function evaluateThenSample<Result>(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  priority: EvaluationPriority,
  sample: (place: Place, index: number) => Promise<Result>,
): Promise<Result[]> {
  const internals = sequence as unknown as SequenceInternals;
  const context = internals._context._ctx;
  const results = await internals._decodeTokens(
    tokens,
    tokens.map(() => true),
    priority,
    sequence.tokenMeter,
    {},
    (row, index) => sample({ context, index: row }, index),
    internals._takeIntervalCheckpointIfNeededAfterBatch,
  );
  return results as Result[];
}
