import { LlmError } from '../../core/errors.ts';
import { faultOfData, type ServiceFault } from '../httpErrors.ts';

/** What a line that holds an error means. */
export type ErrorLine = (fault: ServiceFault) => LlmError;

/**
 * A streamed answer, one JSON object a line, with three things told apart that the SDK does not tell apart: it passes
 * over a line that is not JSON, and throws a bare text both for an error of the server and for a stream without an end.
 *
 * What came before a faulty line is handed on, and read, before the fault: an error takes with it what was not read yet.
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
  let last: Line = {};
  for await (const lines of linesOf(body)) {
    let sound = '';
    try {
      for (const line of lines) {
        last = JSON.parse(line) as Line;
        if (last.error !== undefined) throw errorLine(faultOfData(last));
        sound += `${line}\n`;
      }
    } catch (fault) {
      if (sound !== '') yield encoder.encode(sound);
      throw fault;
    }
    if (sound !== '') yield encoder.encode(sound);
  }
  if (last.done === true || last.status === 'success') return;
  throw new LlmError('network', `The answer of ${name} broke off before its end. Run again.`);
}

/** The fields that every line may have: `done` ends a chat, `status` of `success` a download. */
interface Line {
  readonly error?: unknown;
  readonly done?: unknown;
  readonly status?: unknown;
}

/** The lines that each piece of the body ends; often none, never an empty one. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  // Joined only at a line's end: a long line comes in many pieces, and would be copied anew for each.
  let begun: string[] = [];
  for await (const bytes of body) {
    const [first = '', ...others] = decoder.decode(bytes, { stream: true }).split('\n');
    begun.push(first);
    const rest = others.pop();
    if (rest === undefined) continue;
    yield [begun.join(''), ...others].filter(isFull);
    begun = [rest];
  }
  yield [begun.join('')].filter(isFull);
}

function isFull(line: string): boolean {
  return line.trim() !== '';
}
