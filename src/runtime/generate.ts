import type { LlamaGrammar, LlamaModel } from 'node-llama-cpp';
import type { ChatEvent, ChatRequest, FinishReason, GenerationSettings } from '../core/chat.ts';
import { cancelledError, LlmError, messageOf } from '../core/errors.ts';
import { type AnswerPiece, AnswerText } from './answerText.ts';
import { promptTokens } from './chatHistory.ts';
import type { Engine, Session } from './engine.ts';
import { type JsonGrammar, jsonGrammar } from './jsonGrammar.ts';
import { samplingDefaults, tokenStream } from './tokenStream.ts';
import { bytesOf } from './vocabulary.ts';
import { warningsAbout } from './warnings.ts';

/**
 * One answer of the model at `path`. Calls on one model run side by side, and beyond a few wait in the order in which
 * they came.
 * @throws LlmError `bad-request`, `context-overflow` or `provider`; `cancelled` within one token of an abort, or one
 * piece of the prompt.
 */
export async function* generate(
  engine: Engine,
  path: string,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  const { settings, messages, responseFormat, model: servedName } = request;
  const session = await engine.open(path, settings.contextSize, signal);
  try {
    const { lane } = session;
    const prompt = promptTokens(session.model, session.template, messages);
    const inputTokens = prompt.tokens.length;
    const room = lane.contextSize - inputTokens;
    if (room <= 0) throw contextOverflow(inputTokens, lane.contextSize);
    const format = responseFormat && jsonGrammar(responseFormat);
    const grammar = format && (await compiled(session.model, format));
    const warnings = warningsAbout(request, session.model.trainContextSize, format?.notEnforced ?? []);
    const { temperature, seed = Math.floor(Math.random() * 2 ** 32) } = { ...samplingDefaults, ...settings };
    const isDrawn = settings.seed === undefined && temperature > 0;
    yield {
      type: 'start',
      model: servedName,
      ...(isDrawn ? { seed } : {}),
      warnings: [...session.warnings, ...warnings],
    };

    // Never all of it, because an answer starts from the evaluation of the last token.
    const cachedTokens = await lane.begin(prompt.tokens.slice(0, -1));
    yield { type: 'usage', usage: { inputTokens, outputTokens: 0, cachedTokens } };
    await lane.read(prompt.tokens.slice(cachedTokens, -1), signal);

    const pieces = answerPieces(session, prompt, { ...settings, seed, grammar, room }, signal);
    let next = await pieces.next();
    for (; !next.done; next = await pieces.next()) yield* textEvents(next.value);
    const { outputTokens, reason, rawReason } = next.value;
    yield { type: 'usage', usage: { inputTokens, outputTokens, cachedTokens } };
    yield { type: 'finish', reason, rawReason };
  } finally {
    session.release();
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
}

async function* answerPieces(
  { model, lane }: Session,
  { tokens, endTokens }: ReturnType<typeof promptTokens>,
  settings: AnswerSettings,
  signal: AbortSignal,
): AsyncGenerator<AnswerPiece, AnswerEnd> {
  const { maxOutputTokens = Infinity, stop = [], grammar, room } = settings;
  const text = new AnswerText(stop);
  let outputTokens = 0;
  const last = tokens.at(-1);
  if (maxOutputTokens > 0 && last !== undefined) {
    for await (const { token, logprob } of tokenStream(lane, last, settings, grammar)) {
      if (signal.aborted) throw cancelledError();
      if (model.isEogToken(token) || endTokens.has(token)) {
        yield text.flush();
        return { outputTokens, reason: 'stop', rawReason: 'eos' };
      }
      outputTokens++;
      const { shown, isStopped } = text.push(bytesOf(model, token), logprob);
      yield shown;
      if (isStopped) return { outputTokens, reason: 'stop', rawReason: 'word' };
      if (outputTokens >= Math.min(maxOutputTokens, room)) break;
    }
  }
  yield text.flush();
  return { outputTokens, reason: 'length', rawReason: outputTokens < maxOutputTokens ? 'context' : 'limit' };
}

async function compiled(model: LlamaModel, { text }: JsonGrammar): Promise<LlamaGrammar> {
  try {
    return await model.llama.createGrammar({ grammar: text });
  } catch (cause) {
    const message = `The response format's schema cannot be followed (${messageOf(cause)}). Make it simpler, or leave it out.`;
    throw new LlmError('bad-request', message, { cause });
  }
}

function* textEvents({ text, logprobs }: AnswerPiece): Generator<ChatEvent> {
  if (logprobs.length > 0) yield { type: 'text', text, logprobs };
  else if (text !== '') yield { type: 'text', text };
}

function contextOverflow(inputTokens: number, contextSize: number): LlmError {
  return new LlmError(
    'context-overflow',
    `The messages take ${inputTokens} tokens and the context holds ${contextSize}, the answer included. ` +
      'Shorten them, or set "contextSize" higher.',
  );
}
