import {
  type LlamaGrammar,
  LlamaGrammarEvaluationState,
  type LlamaModel,
  type Token,
  TokenBias,
} from 'node-llama-cpp';
import type { GenerationSettings, TokenLogprob } from '../core/chat.ts';
import { LlmError } from '../core/errors.ts';
import type { Lane } from './lane.ts';
import { type Place, Sampler, type Share } from './native.ts';
import { type Distribution, Observer, rounded } from './observer.ts';
import type { Speculation } from './speculation.ts';

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
 * @param speculation guesses that are checked several at a time; the answer is the same without.
 * @throws LlmError `bad-request` for a bias on what is no token.
 */
export async function* tokenStream(
  lane: Lane,
  last: Token,
  settings: GenerationSettings & { readonly seed: number },
  grammar: LlamaGrammar | undefined,
  speculation: Speculation | undefined,
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
    ...(settings.xtcProbability
      ? {
          xtc: {
            probability: settings.xtcProbability,
            threshold: settings.xtcThreshold ?? usualXtcThreshold,
          },
        }
      : {}),
    ...(settings.dryMultiplier
      ? {
          dryRepeatPenalty: {
            strength: settings.dryMultiplier,
            lastTokens: dryTokens,
            ...(settings.dryBase === undefined ? {} : { base: settings.dryBase }),
            ...(settings.dryAllowedLength === undefined ? {} : { allowedLength: settings.dryAllowedLength }),
          },
        }
      : {}),
    ...(settings.logitBias ? { tokenBias: tokenBias(sequence.model, settings.logitBias) } : {}),
    ...(grammar
      ? { grammarEvaluationState: new LlamaGrammarEvaluationState({ model: sequence.model, grammar }) }
      : {}),
  });
  const chooses = choosing({ ...settings, temperature, topK, topP, minP }, grammar !== undefined);
  const { logprobs } = settings;
  const observer = logprobs === undefined ? undefined : new Observer(sequence, Math.max(logprobs, topK));
  try {
    const sampleAt = async (place: Place): Promise<GeneratedToken> => {
      if (!observer || logprobs === undefined) return { token: await sampler.choose(place) };
      const { token, left } =
        chooses === 'among' ? await sampler.chooseAmong(place) : { token: await sampler.choose(place) };
      const distribution = await observer.at(place, token);
      const logprob = distribution.logprobOf(token) ?? -Infinity;
      const cut =
        chooses === 'all'
          ? 0
          : chooses === 'best'
            ? 1 - Math.exp(logprob)
            : left && cutOf(distribution, left, settings);
      return {
        token,
        logprob: {
          ...distribution.describe(token, logprob),
          alternatives: distribution.top(logprobs),
          entropy: distribution.entropy,
          ...(cut === undefined ? {} : { cut: rounded(Math.max(0, cut)) }),
        },
      };
    };
    for (let next = last; ;) {
      const room = lane.contextSize - lane.sequence.nextTokenIndex - 1;
      const guesses = (lane.takesGuesses && room > 0 && (await speculation?.next(room))) || [];
      const generated =
        guesses.length > 0
          ? await lane.sampleGuessed(next, guesses, sampleAt, ({ token }, guess) => token === guess)
          : [await lane.sampleAfter(next, sampleAt)];
      speculation?.told(
        generated.map(({ token }) => token),
        guesses,
      );
      for (const each of generated) {
        yield each;
        next = each.token;
      }
    }
  } finally {
    sampler.dispose();
    observer?.dispose();
  }
}

type ChainSettings = { readonly [K in keyof typeof samplingDefaults]: number };

/** How far back DRY looks. The library's default stands for the whole context and does nothing. */
const dryTokens = 4096;

/** As llama-server has it. */
const usualXtcThreshold = 0.1;

/**
 * What a token is chosen from, as far as it can be told without asking: the likeliest token, all tokens, `among` what the
 * sampler leaves, or `unknown` with a grammar.
 */
function choosing(
  { temperature, topK, topP, minP, xtcProbability }: GenerationSettings & ChainSettings,
  hasGrammar: boolean,
): 'best' | 'all' | 'among' | 'unknown' {
  if (hasGrammar) return 'unknown';
  if (temperature <= 0) return 'best';
  return topK <= 0 && topP >= 1 && minP <= 0 && !xtcProbability ? 'all' : 'among';
}

/**
 * The probability of all tokens that are not `left`. Temperature comes last in the chain, so the shares of what is left
 * tell how likely each was beside the others before it; that saves reading the whole vocabulary.
 * @returns `undefined` where penalties or a bias have brought up tokens that the distribution does not know.
 */
function cutOf(
  distribution: Distribution,
  left: readonly Share[],
  { temperature = samplingDefaults.temperature, ...settings }: GenerationSettings,
): number | undefined {
  if (!changesLogits(settings)) {
    const anchor = left.find(({ token }) => distribution.logprobOf(token) !== undefined);
    const known = anchor && distribution.logprobOf(anchor.token);
    if (!anchor || known === undefined) return undefined;
    const sum = left.reduce((total, { share }) => total + (share / anchor.share) ** temperature, 0);
    return 1 - Math.exp(known) * sum;
  }
  let sum = 0;
  for (const { token } of left) {
    const logprob = distribution.logprobOf(token);
    if (logprob === undefined) return undefined;
    sum += Math.exp(logprob);
  }
  return 1 - sum;
}

function changesLogits(settings: GenerationSettings): boolean {
  const { logitBias, repeatPenalty = 1, frequencyPenalty, presencePenalty, dryMultiplier } = settings;
  return [logitBias, frequencyPenalty, presencePenalty, dryMultiplier].some(Boolean) || repeatPenalty !== 1;
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
