import type { LlamaGrammar, LlamaModel } from 'node-llama-cpp';
import type {
  ChatEvent,
  ChatRequest,
  FinishReason,
  GenerationSettings,
  ResponseFormat,
} from '../core/chat.ts';
import { cancelledError, LlmError, messageOf } from '../core/errors.ts';
import { AnswerEvents } from './answerEvents.ts';
import { AnswerText } from './answerText.ts';
import { contextOverflow } from './contextOverflow.ts';
import { DraftModel } from './draftModel.ts';
import type { Engine, Session } from './engine.ts';
import { type JsonGrammar, jsonGrammar } from './jsonGrammar.ts';
import { localOptionsOf } from './options.ts';
import { PromptLookup } from './promptLookup.ts';
import { type PromptTokens, promptTokens } from './promptTokens.ts';
import { Speculation } from './speculation.ts';
import { samplingDefaults, tokenStream } from './tokenStream.ts';
import { bytesOf, knownToken, nameOf } from './vocabulary.ts';
import { type Takes, warningsAbout } from './warnings.ts';

/**
 * One answer of the model at `path`. Calls on one model run side by side, and beyond a few wait in the order in which
 * they came.
 * @param beginning the answer up to where it goes on, by the model's own token ids; none of it is given out again.
 * @throws LlmError `bad-request`, `context-overflow` or `provider`; `cancelled` within one token of an abort, or one
 * piece of the prompt.
 */
export async function* generate(
  engine: Engine,
  path: string,
  request: ChatRequest,
  signal: AbortSignal,
  beginning: readonly number[] = [],
): AsyncGenerator<ChatEvent> {
  const { settings, responseFormat, model: servedName } = request;
  const { contextSize } = settings;
  const options = localOptionsOf(request);
  const session = await engine.open(path, { contextSize, lora: options.lora }, signal);
  let draft: DraftModel | undefined;
  try {
    const { lane } = session;
    const prompt = promptTokens(session.model, session.template, request);
    const begun = beginning.map((id) => knownToken(session.model, id));
    prompt.tokens.push(...begun);
    const inputTokens = prompt.tokens.length;
    const room = lane.contextSize - inputTokens;
    if (room <= 0) throw contextOverflow(inputTokens, lane.contextSize);
    const format = responseFormat && answerGrammar(responseFormat);
    const grammar = format && (await compiled(session.model, format.text, responseFormat));
    const { temperature, seed = Math.floor(Math.random() * 2 ** 32) } = { ...samplingDefaults, ...settings };
    const isDrawn = settings.seed === undefined && temperature > 0;
    yield {
      type: 'start',
      model: servedName,
      ...(isDrawn ? { seed } : {}),
      warnings: [
        ...session.warnings,
        ...warningsAbout(
          request,
          takenBy(session, request),
          session.model.trainContextSize,
          format?.notEnforced ?? [],
        ),
      ],
    };

    // Never all of it, because an answer starts from the evaluation of the last token.
    const cachedTokens = await lane.begin(prompt.tokens.slice(0, -1), signal);
    yield { type: 'usage', usage: { inputTokens, outputTokens: 0, cachedTokens } };
    await lane.read(prompt.tokens.slice(cachedTokens, -1), signal);

    const events = new AnswerEvents({
      format: options.raw ? plainFormat : (session.template?.format ?? plainFormat),
      isThinking: prompt.isThinking,
      isContinued: prompt.isContinued,
      tools: request.tools ?? [],
    });
    // What has been said decides whether the answer goes on in a thought.
    for (const token of begun) {
      const text = new TextDecoder().decode(answerBytes(session.model, token, events.marks));
      Array.from(events.of([{ text, logprob: undefined }]));
    }
    if (typeof options.speculative === 'string') {
      const small = await engine.open(options.speculative, { contextSize: lane.contextSize }, signal);
      draft = draftModelOf(small, session.model, signal);
    }
    const guesser = draft ?? (options.speculative ? new PromptLookup() : undefined);
    guesser?.add(prompt.tokens);
    const speculation =
      guesser &&
      new Speculation(guesser, (token) => session.model.isEogToken(token) || prompt.endTokens.has(token));
    const wanted = { ...settings, seed, grammar, room, speculation };
    const end = yield* answer(session, prompt, events, wanted, signal);
    const { outputTokens, reason, rawReason } = end;
    const { drafted = 0, accepted = 0 } = speculation?.counts ?? {};
    const { reasoningTokens } = events;
    yield {
      type: 'usage',
      usage: {
        inputTokens,
        outputTokens,
        cachedTokens,
        ...(reasoningTokens > 0 ? { reasoningTokens } : {}),
        ...(drafted > 0 ? { draftTokens: drafted, acceptedDraftTokens: accepted } : {}),
      },
    };
    yield { type: 'finish', reason: reason === 'stop' && events.hasCalls ? 'tool-calls' : reason, rawReason };
  } finally {
    draft?.dispose();
    session.release();
  }
}

/** @throws LlmError `bad-request` where the models do not fit each other. */
function draftModelOf(small: Session, model: LlamaModel, signal: AbortSignal): DraftModel {
  try {
    return new DraftModel(small, model, signal);
  } catch (error) {
    small.release();
    throw error;
  }
}

/** How an answer ended. `rawReason` is in the words of llama-server's `stop_type`, and `context` for a full window. */
interface AnswerEnd {
  readonly outputTokens: number;
  readonly reason: FinishReason;
  readonly rawReason: 'eos' | 'word' | 'limit' | 'context';
}

interface AnswerSettings extends GenerationSettings {
  readonly seed: number;
  readonly grammar: LlamaGrammar | undefined;
  /** How many tokens the window has left for the answer. */
  readonly room: number;
  /** Guesses what comes next; absent where every token is generated by itself. */
  readonly speculation: Speculation | undefined;
}

/** A text that is continued is nothing but text. */
const plainFormat = { hasChannels: false } as const;

async function* answer(
  { model, lane }: Session,
  { tokens, endTokens }: PromptTokens,
  events: AnswerEvents,
  settings: AnswerSettings,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent, AnswerEnd> {
  const { maxOutputTokens = Infinity, stop = [], grammar, room } = settings;
  const text = new AnswerText(stop);
  let outputTokens = 0;
  const last = tokens.at(-1);
  if (maxOutputTokens > 0 && last !== undefined) {
    for await (const { token, logprob } of tokenStream(lane, last, settings, grammar, settings.speculation)) {
      if (signal.aborted) throw cancelledError();
      if (model.isEogToken(token) || endTokens.has(token)) {
        yield* events.end(text.flush());
        return { outputTokens, reason: 'stop', rawReason: 'eos' };
      }
      outputTokens++;
      const { shown, isStopped } = text.push(answerBytes(model, token, events.marks), logprob);
      if (isStopped) {
        yield* events.end(shown);
        return { outputTokens, reason: 'stop', rawReason: 'word' };
      }
      yield* events.of(shown);
      if (outputTokens >= Math.min(maxOutputTokens, room)) break;
    }
  }
  yield* events.end(text.flush());
  return { outputTokens, reason: 'length', rawReason: outputTokens < maxOutputTokens ? 'context' : 'limit' };
}

/** The bytes of a token; of a control token none, but where it marks a part of the answer. */
function answerBytes(
  model: LlamaModel,
  token: Parameters<typeof nameOf>[1],
  marks: ReadonlySet<string>,
): Uint8Array {
  const bytes = bytesOf(model, token);
  if (bytes.length > 0 || marks.size === 0) return bytes;
  const name = nameOf(model, token);
  return marks.has(name) ? new TextEncoder().encode(name) : bytes;
}

function takenBy({ template }: Session, { settings }: ChatRequest): Takes {
  const variable = settings.reasoningEffort === 'none' ? 'enable_thinking' : 'reasoning_effort';
  return {
    tools: template?.format.calls !== undefined,
    effort: template?.reads(variable) ?? false,
  };
}

function answerGrammar(format: ResponseFormat): JsonGrammar {
  return format.type === 'gbnf' ? { text: format.grammar, notEnforced: [] } : jsonGrammar(format);
}

async function compiled(model: LlamaModel, grammar: string, { type }: ResponseFormat): Promise<LlamaGrammar> {
  try {
    return await model.llama.createGrammar({ grammar });
  } catch (cause) {
    const message =
      type === 'gbnf'
        ? `The grammar cannot be read (${messageOf(cause)}). Correct it; the answer is its rule "root".`
        : `The response format's schema cannot be followed (${messageOf(cause)}). Make it simpler, or leave it out.`;
    throw new LlmError('bad-request', message, { cause });
  }
}
