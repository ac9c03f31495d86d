/**
 * The worker thread that owns the tables of the tokenizers. It starts in `tokenizer.ts` and answers the
 * requests of `tokenizerProtocol.ts`.
 */
import { parentPort } from 'node:worker_threads';
import { asLlmError, LlmError } from '../core/errors.ts';
import { EditableCount } from '../core/tokens/editableCount.ts';
import type { Encoding } from '../core/tokens/encoding.ts';
import { mergeSteps } from '../core/tokens/mergeSteps.ts';
import { StreamCount } from '../core/tokens/streamCount.ts';
import { EncodingLibrary } from './tokenizerLibrary.ts';
import type { TextPiece, TokenizedText, TokenizerAnswer, TokenizerRequest } from './tokenizerProtocol.ts';

const library = new EncodingLibrary();

/** What jobs in progress have counted so far. */
const jobs = new Map<number, StreamCount | EditableCount>();

const port = parentPort;
if (!port) throw new Error('This is the program of a worker thread.');
port.on('message', (request: TokenizerRequest) => void answer(request));

async function answer(request: TokenizerRequest): Promise<void> {
  if (request.type === 'forget') {
    jobs.delete(request.job);
    return;
  }
  try {
    send(await answerTo(request));
  } catch (error) {
    jobs.delete(request.job);
    const known =
      error instanceof RangeError ? new LlmError('bad-request', error.message) : asLlmError(error);
    send({ type: 'failed', job: request.job, error: known.toData() });
  }
}

async function answerTo(request: Exclude<TokenizerRequest, { type: 'forget' }>): Promise<TokenizerAnswer> {
  const { job } = request;
  switch (request.type) {
    case 'count':
      return count(await library.encoding(request.tokenizer), job, request.pieces);
    case 'encode':
      return {
        type: 'encoded',
        job,
        tokens: tokenize(await library.encoding(request.tokenizer), request.text, request.limit),
      };
    case 'steps':
      return {
        type: 'stepped',
        job,
        states: mergeSteps(await library.encoding(request.tokenizer), request.word, request.isStart),
      };
    case 'open':
      jobs.set(job, new EditableCount(await library.encoding(request.tokenizer), ''));
      return { type: 'edited', job, tokens: 0 };
    case 'edit': {
      const text = jobs.get(job);
      if (!(text instanceof EditableCount))
        throw new LlmError('provider', 'The text is no longer open. Open it again.');
      for (const edit of request.edits) text.edit(edit);
      return { type: 'edited', job, tokens: text.tokens };
    }
  }
}

function count(encoding: Encoding, job: number, pieces: readonly TextPiece[]): TokenizerAnswer {
  const known = jobs.get(job);
  let stream = known instanceof StreamCount ? known : new StreamCount(encoding);
  const counts: number[] = [];
  for (const { text, isLast } of pieces) {
    stream.append(text);
    if (!isLast) continue;
    counts.push(stream.tokens);
    stream = new StreamCount(encoding);
  }
  if (pieces.at(-1)?.isLast) jobs.delete(job);
  else jobs.set(job, stream);
  return { type: 'counted', job, counts, unfinished: stream.settledTokens };
}

function tokenize(encoding: Encoding, text: string, limit: number): TokenizedText {
  const { ids, ends } = encoding.encode(text, limit);
  const byteEnds = new Int32Array(ids.length);
  let length = 0;
  ids.forEach((id, index) => (byteEnds[index] = length += encoding.bytesOf(id).length));
  const bytes = new Uint8Array(length);
  ids.forEach((id, index) => bytes.set(encoding.bytesOf(id), byteEnds[index - 1] ?? 0));
  return { ids, ends, bytes, byteEnds };
}

function send(message: TokenizerAnswer): void {
  const tables = message.type === 'encoded' ? Object.values(message.tokens) : [];
  port?.postMessage(
    message,
    tables.map(({ buffer }: TokenizedText[keyof TokenizedText]) => buffer as ArrayBuffer),
  );
}
