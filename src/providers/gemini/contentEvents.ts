import type {
  Candidate,
  GenerateContentResponse,
  GenerateContentResponseUsageMetadata,
  LogprobsResult,
  LogprobsResultCandidate,
  Part,
} from '@google/genai/web';
import type {
  ChatEvent,
  FinishReason,
  TokenAlternative,
  TokenLogprob,
  Usage,
  Warning,
} from '../../core/chat.ts';
import type { Connection } from '../connection.ts';
import { PassedOver } from '../passedOver.ts';
import type { Translator } from '../serviceStream.ts';

type Chunk = Pick<
  GenerateContentResponse,
  'candidates' | 'modelVersion' | 'responseId' | 'promptFeedback' | 'usageMetadata'
>;

/**
 * Events from the chunks of `streamGenerateContent`. Every chunk may name a reason to finish, older models do so in all
 * of them, and the usage may come after it; so `finish` waits for the end of the stream.
 */
export class ContentEvents implements Translator<Chunk> {
  readonly #model: string;
  readonly #warnings: readonly Warning[];
  readonly #passedOver: PassedOver;
  #responseId: string | undefined;
  #started = false;
  #calls = 0;
  #finish: { readonly reason: FinishReason; readonly rawReason: string } | undefined;

  /** @param model as asked for, where the service does not say what it served. */
  constructor(connection: Pick<Connection, 'name' | 'log'>, model: string, warnings: readonly Warning[]) {
    this.#model = model;
    this.#warnings = warnings;
    this.#passedOver = new PassedOver(connection);
  }

  take({ candidates, modelVersion, responseId, promptFeedback, usageMetadata }: Chunk): ChatEvent[] {
    const events: ChatEvent[] = [];
    if (!this.#started) {
      this.#started = true;
      this.#responseId = responseId;
      events.push({
        type: 'start',
        model: modelVersion || this.#model,
        ...(responseId ? { responseId } : {}),
        warnings: this.#warnings,
      });
    }
    const candidate = candidates?.[0];
    if (candidate) this.#takeCandidate(candidate, events);
    // A prompt that is refused has no candidate to say so.
    const blocked = promptFeedback?.blockReason;
    if (blocked && !candidate) this.#finish = { reason: 'content-filter', rawReason: blocked };
    const usage = usageMetadata && usageOf(usageMetadata);
    if (usage) events.push({ type: 'usage', usage });
    return events;
  }

  end(): ChatEvent[] {
    if (!this.#finish) return [];
    const { reason, rawReason } = this.#finish;
    return [
      { type: 'finish', reason: reason === 'stop' && this.#calls > 0 ? 'tool-calls' : reason, rawReason },
    ];
  }

  #takeCandidate(
    { content, finishReason, logprobsResult, groundingMetadata }: Candidate,
    events: ChatEvent[],
  ): void {
    const parts = content?.parts ?? [];
    let logprobs = logprobsOf(logprobsResult);
    for (const part of parts) {
      const event = this.#eventOf(part);
      if (event?.type === 'text' && logprobs.length > 0) {
        // The tokens are given for the chunk, whose text is in one part.
        events.push({ ...event, logprobs });
        logprobs = [];
      } else if (event) {
        events.push(event);
      }
    }
    if (logprobs.length > 0 && parts.every(({ thought, functionCall }) => !thought && !functionCall))
      events.push({ type: 'text', text: '', logprobs });
    for (const { web } of groundingMetadata?.groundingChunks ?? []) {
      if (web?.uri)
        events.push({
          type: 'citation',
          citation: { url: web.uri, ...(web.title ? { title: web.title } : {}) },
        });
    }
    if (finishReason) {
      this.#finish = { reason: finishReasons.get(finishReason) ?? 'other', rawReason: finishReason };
    }
  }

  #eventOf(part: Part): ChatEvent | undefined {
    const { text, thought, functionCall } = part;
    if (functionCall) {
      const index = this.#calls++;
      return {
        type: 'tool-call',
        index,
        // Unlike a count, it is the only one of a conversation.
        id: functionCall.id || `${this.#responseId ?? 'call'}_${index}`,
        name: functionCall.name || 'unnamed',
        arguments: JSON.stringify(functionCall.args ?? {}),
      };
    }
    if (text !== undefined) return text === '' ? undefined : { type: thought ? 'reasoning' : 'text', text };
    this.#passOver(part);
    return undefined;
  }

  #passOver(part: Part): void {
    for (const kind of Object.keys(part)) {
      if (kind !== 'thoughtSignature' && kind !== 'thought')
        this.#passedOver.note(`a part of type "${kind}"`);
    }
  }
}

const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
  ['IMAGE_RECITATION', 'content-filter'],
]);

/** Thoughts are counted beside the answer, here and nowhere else; what a tool of the service's own read is input. */
function usageOf(counted: GenerateContentResponseUsageMetadata): Usage | undefined {
  const {
    promptTokenCount,
    toolUsePromptTokenCount = 0,
    candidatesTokenCount,
    thoughtsTokenCount,
    cachedContentTokenCount,
  } = counted;
  if (promptTokenCount === undefined && candidatesTokenCount === undefined) return undefined;
  return {
    inputTokens: (promptTokenCount ?? 0) + toolUsePromptTokenCount,
    outputTokens: (candidatesTokenCount ?? 0) + (thoughtsTokenCount ?? 0),
    ...(cachedContentTokenCount === undefined ? {} : { cachedTokens: cachedContentTokenCount }),
    ...(thoughtsTokenCount === undefined ? {} : { reasoningTokens: thoughtsTokenCount }),
  };
}

function logprobsOf(result: LogprobsResult | undefined): TokenLogprob[] {
  return (result?.chosenCandidates ?? []).map((chosen, position) => ({
    ...alternativeOf(chosen),
    alternatives: result?.topCandidates?.[position]?.candidates?.map(alternativeOf) ?? [],
  }));
}

/** A field that is 0 or empty is left out on the wire. */
function alternativeOf({ token = '', logProbability = 0 }: LogprobsResultCandidate): TokenAlternative {
  return { token, logprob: logProbability };
}
