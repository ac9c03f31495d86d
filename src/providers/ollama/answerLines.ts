import { LlmError } from '../../core/errors.ts';
import { faultOfData, type ServiceFault } from '../httpErrors.ts';

/** What a line that holds an error means. */
export type ErrorLine = (fault: ServiceFault) => LlmError;

/**
 * A streamed answer, one JSON object a line, with three things told apart that the SDK does not tell apart: it passes
 * over a line that is not JSON, and throws a bare text both for an error of the server and for a stream without an end.
 *
 * Each line is handed on before the next one is read, because an error takes with it what was not read yet.
 */
export function withCheckedLines(response: Response, name: string, errorLine: ErrorLine): Response {
  if (!response.body) return response;
  const body = ReadableStream.from(checked(response.body, name, errorLine));
  return new Response(body, { status: response.status, headers: response.headers });
}

async function* checked(
  body: AsyncIterable<Uint8Array>,
  name: string,
  errorLine: ErrorLine,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let isEnded = false;
  for await (const line of linesOf(body)) {
    const data = JSON.parse(line) as Line;
    if (data.error !== undefined) throw errorLine(faultOfData(data));
    isEnded = data.done === true || data.status === 'success';
    yield encoder.encode(`${line}\n`);
  }
  if (!isEnded) throw new LlmError('network', `The answer of ${name} broke off before its end. Run again.`);
}

/** The fields that every line may have: `done` ends a chat, `status` of `success` a download. */
interface Line {
  readonly error?: unknown;
  readonly done?: unknown;
  readonly status?: unknown;
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // Joined only at a line's end: a long line comes in many pieces, and would be copied anew for each.
  let begun: string[] = [];
  for await (const bytes of body) {
    const lines = decoder.decode(bytes, { stream: true }).split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      const whole = [...begun, line].join('');
      begun = [];
      if (whole.trim() !== '') yield whole;
    }
    begun.push(rest);
  }
  const last = begun.join('');
  if (last.trim() !== '') yield last;
}
