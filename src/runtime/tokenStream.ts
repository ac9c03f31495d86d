import {
  type LlamaContextSequence,
  type LlamaGrammar,
  LlamaGrammarEvaluationState,
  type LlamaModel,
  type Token,
  TokenBias,
} from 'node-llama-cpp';
import type { GenerationSettings, TokenLogprob } from '../core/chat.ts';
import { LlmError } from '../core/errors.ts';
import type { Lane } from './lane.ts';
import { type Place, Sampler } from './native.ts';
import { bytesOf, nameOf } from './vocabulary.ts';

export interface GeneratedToken {
  readonly token: Token;
  /** Absent unless `settings.logprobs` asked for it. */
  readonly logprob?: TokenLogprob;
}

/**
 * What a request that leaves a setting out is sampled with: llama.cpp's own defaults, so that an answer here is
 * comparable with one of llama-server.
 */
export const samplingDefaults = { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05 } as const;

/**
 * Generates token after token from `last` on, for as long as it is asked to. Repeat, frequency and presence
 * penalties count the last 64 tokens of the answer, as llama.cpp does.
 * @param grammar what the answer must be; absent means free text.
 * @throws LlmError `bad-request` for a bias on what is no token.
 */
export async function* tokenStream(
  lane: Lane,
  last: Token,
  settings: GenerationSettings & { readonly seed: number },
  grammar: LlamaGrammar | undefined,
): AsyncGenerator<GeneratedToken> {
  const { sequence } = lane;
  const { temperature, topK, topP, minP, seed } = { ...samplingDefaults, ...settings };
  const sampler = new Sampler(sequence, {
    temperature,
    topK,
    topP,
    minP,
    seed,
    repeatPenalty: {
      punishTokens: [],
      penalty: settings.repeatPenalty ?? 1,
      frequencyPenalty: settings.frequencyPenalty ?? 0,
      presencePenalty: settings.presencePenalty ?? 0,
    },
    ...(settings.logitBias ? { tokenBias: tokenBias(sequence.model, settings.logitBias) } : {}),
    ...(grammar
      ? { grammarEvaluationState: new LlamaGrammarEvaluationState({ model: sequence.model, grammar }) }
      : {}),
  });
  const observer =
    settings.logprobs === undefined ? undefined : new Observer(sequence, settings.logprobs, topK);
  try {
    for (let next = last; ;) {
      const generated = await lane.sampleAfter(next, async (place): Promise<GeneratedToken> => {
        const token = await sampler.choose(place);
        return observer ? { token, logprob: await observer.logprobOf(token, place) } : { token };
      });
      yield generated;
      next = generated.token;
    }
  } finally {
    sampler.dispose();
    observer?.dispose();
  }
}

function tokenBias(model: LlamaModel, biases: NonNullable<GenerationSettings['logitBias']>): TokenBias {
  const bias = TokenBias.for(model);
  const vocabularySize = model.fileInfo.metadata.tokenizer.ggml.tokens.length;
  for (const [id, logit] of Object.entries(biases)) {
    const token = Number(id);
    if (!(Number.isInteger(token) && token >= 0 && token < vocabularySize)) {
      throw new LlmError(
        'bad-request',
        `"logitBias" names the token "${id}". Name tokens of this model by their ids, 0 to ${vocabularySize - 1}.`,
      );
    }
    bias.set(token as Token, { logit });
  }
  return bias;
}

/** Reads the distribution that the model gave, before the sampler that chooses from it. */
class Observer {
  readonly #model: LlamaModel;
  readonly #alternatives: number;
  readonly #greedy: Sampler;
  readonly #top: Sampler;
  readonly #whole: Sampler;

  /** @param topK how many tokens the choice is made from; 0 stands for all. */
  constructor(sequence: LlamaContextSequence, alternatives: number, topK: number) {
    this.#model = sequence.model;
    this.#alternatives = alternatives;
    this.#greedy = new Sampler(sequence, { temperature: 0 });
    this.#top = new Sampler(sequence, {
      ...untouched,
      topK: Math.max(alternatives, topK, samplingDefaults.topK),
    });
    this.#whole = new Sampler(sequence, { ...untouched, topK: 0 });
  }

  /**
   * The whole vocabulary as a JavaScript list costs 17 ms a token at 32,000 tokens. So the shares within the top are
   * read, and scaled by the one true probability that is cheap, that of the most likely token. Only a choice from
   * below the top takes the long way.
   */
  async logprobOf(chosen: Token, place: Place): Promise<TokenLogprob> {
    const best = await this.#greedy.confidence(place);
    let ranked = await this.#top.shares(place);
    if (!ranked.some(({ token }) => token === chosen)) ranked = await this.#whole.shares(place);
    const scale = Math.log(best) - Math.log(ranked[0]?.share ?? 1);
    const logprob = (share: number): number => Math.min(0, Math.log(Math.max(share, smallestShare)) + scale);
    const describe = ({ token, share }: (typeof ranked)[number]): Omit<TokenLogprob, 'alternatives'> => {
      const bytes = [...bytesOf(this.#model, token)];
      return {
        token: nameOf(this.#model, token),
        logprob: logprob(share),
        ...(bytes.length > 0 ? { bytes } : {}),
      };
    };
    const found = ranked.find(({ token }) => token === chosen) ?? { token: chosen, share: 0 };
    return { ...describe(found), alternatives: ranked.slice(0, this.#alternatives).map(describe) };
  }

  dispose(): void {
    for (const sampler of [this.#greedy, this.#top, this.#whole]) sampler.dispose();
  }
}

/** Keeps every probability as the model gave it. */
const untouched = { temperature: 1, topP: 1, minP: 0 } as const;

/** Shares are 32-bit floats; below this they are 0, whose logarithm JSON cannot hold. */
const smallestShare = 2 ** -149;
