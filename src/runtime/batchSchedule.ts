import type { BatchItem, CustomBatchingPrioritizationStrategy } from 'node-llama-cpp';

/** How the lanes of a context stand at a moment. */
export interface LanesAtWork {
  /** How many lanes evaluate token after token, whether or not their next one is there already. */
  readonly count: number;
  /** Whether they hold their next tokens back. */
  readonly areHeld: boolean;
}

/**
 * Decides what goes into the next batch of a context, so that all lanes advance by one token at the price of one.
 *
 * Left to itself the engine evaluates the lane whose token was sampled first on its own, and llama.cpp joins only
 * sequences with consecutive ascending numbers into one evaluation. So a batch waits until every lane has put in its
 * token, and is in the order of the lanes. A lane's next token is a number of promises away from its last, never a
 * timer or a file, so the wait is counted in rounds of the promise queue: a lane that ended, or that does not come for
 * whatever reason, costs the others that many rounds once a token, and no more.
 *
 * Where there are several lanes, prompts are evaluated in pieces, as large as this machine evaluates in the time that
 * the other lanes can be kept waiting.
 */
export class BatchSchedule {
  readonly #lanesAtWork: () => LanesAtWork;
  readonly #now: () => number;
  #roundsWaited = 0;
  /** The last step that held a prompt; absent before the first. */
  #promptStep: { readonly tokens: number; readonly began: number } | undefined;
  #msPerPromptToken: number | undefined;

  /** @param now a clock in ms. */
  constructor(lanesAtWork: () => LanesAtWork, now: () => number) {
    this.#lanesAtWork = lanesAtWork;
    this.#now = now;
  }

  /** The items of the next batch in order; none to be asked again in the next round of the promise queue. */
  readonly nextBatch: CustomBatchingPrioritizationStrategy = ({ items, size }) => {
    const { count, areHeld } = this.#lanesAtWork();
    if (items.length < count && !areHeld && this.#roundsWaited++ < mostRounds) return [];
    this.#roundsWaited = 0;
    this.#measureLastStep();

    const answers = items.filter(isAnswer);
    const prompts = items.filter((item) => !isAnswer(item));
    const room = size - answers.length;
    const isAlone = items.length === 1;
    const shares = sharesOf(prompts, isAlone ? room : Math.min(room, this.#pieceFor(answers.length)));
    const tokens = shares.values().reduce((sum, share) => sum + share, 0);
    if (tokens > 0) this.#promptStep = { tokens, began: this.#now() };
    return items
      .map((item) => ({ item, processAmount: shares.get(item) ?? 1 }))
      .filter(({ processAmount }) => processAmount > 0)
      .sort((a, b) => a.item.evaluationPriority - b.item.evaluationPriority);
  };

  /** How many tokens of prompts to evaluate in one step beside so many answers. */
  #pieceFor(answers: number): number {
    const patienceMs = answers > 0 ? answersWaitMs : promptsWaitMs;
    if (this.#msPerPromptToken === undefined) return firstPiece;
    return Math.max(smallestPiece, Math.floor(patienceMs / this.#msPerPromptToken));
  }

  #measureLastStep(): void {
    if (!this.#promptStep) return;
    this.#msPerPromptToken = (this.#now() - this.#promptStep.began) / this.#promptStep.tokens;
    this.#promptStep = undefined;
  }
}

/** A lane that answers puts in the one token that was sampled last. */
function isAnswer(item: BatchItem): boolean {
  return item.tokens.length === 1;
}

/** `tokens` shared out evenly; what a short prompt does not need goes to the longer ones. */
function sharesOf(prompts: readonly BatchItem[], tokens: number): ReadonlyMap<BatchItem, number> {
  const shares = new Map<BatchItem, number>();
  let left = tokens;
  prompts
    .toSorted((a, b) => a.tokens.length - b.tokens.length)
    .forEach((item, index) => {
      const share = Math.min(item.tokens.length, Math.floor(left / (prompts.length - index)));
      shares.set(item, share);
      left -= share;
    });
  return shares;
}

/** Far more than a token takes on its way from the sampler through the message to the host and back: some 10. */
const mostRounds = 100;

/** Ten tokens a second is as fast as people read; answers keep that pace while a prompt is evaluated beside them. */
const answersWaitMs = 100;

/** A short prompt is not held up for long by a long one; below this, small pieces cost more than they gain. */
const promptsWaitMs = 250;

/** Until the machine's speed is known. */
const firstPiece = 32;

/** An evaluation of fewer tokens takes nearly as long, because it is the reading of the weights that takes the time. */
const smallestPiece = 8;
