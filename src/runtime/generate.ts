import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { ChatEvent, ChatRequest, FinishReason, GenerationSettings } from '../core/chat.ts';
import { cancelledError, LlmError } from '../core/errors.ts';
import { type AnswerPiece, AnswerText } from './answerText.ts';
import { promptTokens } from './chatHistory.ts';
import type { Engine, Session } from './engine.ts';
import { tokenStream } from './tokenStream.ts';
import { bytesOf } from './vocabulary.ts';
import { warningsAbout } from './warnings.ts';

/**
 * One answer of the model at `path`. Calls on one model wait for each other in the order in which they came.
 * @throws LlmError `bad-request`, `context-overflow` or `provider`; `cancelled` within one token of an abort, or one
 * piece of the prompt.
 */
export async function* generate(
  engine: Engine,
  path: string,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  const { settings, messages, model: servedName } = request;
  const session = await engine.open(path, settings.contextSize, signal);
  try {
    const { sequence } = session;
    const prompt = promptTokens(session.model, session.template, messages);
    const inputTokens = prompt.tokens.length;
    const room = sequence.contextSize - inputTokens;
    if (room <= 0) throw contextOverflow(inputTokens, sequence.contextSize);
    const warnings = warningsAbout(request, session.model.trainContextSize);
    yield { type: 'start', model: servedName, warnings };

    const cachedTokens = await keepCommonBeginning(sequence, prompt.tokens);
    yield { type: 'usage', usage: { inputTokens, outputTokens: 0, cachedTokens } };
    await evaluateAllButLast(sequence, prompt.tokens, signal);

    const pieces = answerPieces(session, prompt, settings, room, signal);
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

async function* answerPieces(
  { model, sequence }: Session,
  { tokens, endTokens }: ReturnType<typeof promptTokens>,
  settings: GenerationSettings,
  room: number,
  signal: AbortSignal,
): AsyncGenerator<AnswerPiece, AnswerEnd> {
  const { maxOutputTokens = Infinity, stop = [] } = settings;
  const text = new AnswerText(stop);
  let outputTokens = 0;
  if (maxOutputTokens > 0) {
    for await (const { token, logprob } of tokenStream(sequence, tokens.slice(-1), settings)) {
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

function* textEvents({ text, logprobs }: AnswerPiece): Generator<ChatEvent> {
  if (logprobs.length > 0) yield { type: 'text', text, logprobs };
  else if (text !== '') yield { type: 'text', text };
}

/**
 * Keeps what the sequence has evaluated already, as far as it is the beginning of `tokens` too.
 * @returns how many tokens that is; never all, because an answer starts from the evaluation of the last one.
 */
async function keepCommonBeginning(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
): Promise<number> {
  await sequence.adaptStateToTokens(tokens.slice(0, -1), false);
  return sequence.nextTokenIndex;
}

async function evaluateAllButLast(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  signal: AbortSignal,
): Promise<void> {
  for (let next = sequence.nextTokenIndex; next < tokens.length - 1; next = sequence.nextTokenIndex) {
    if (signal.aborted) throw cancelledError();
    const end = Math.min(next + promptPiece, tokens.length - 1);
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(next, end));
  }
}

/** How many tokens of a prompt are evaluated between two looks at the abort signal. */
const promptPiece = 128;

function contextOverflow(inputTokens: number, contextSize: number): LlmError {
  return new LlmError(
    'context-overflow',
    `The messages take ${inputTokens} tokens and the context holds ${contextSize}, the answer included. ` +
      'Shorten them, or set "contextSize" higher.',
  );
}
