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

/**
 * Passes the bytes on as they came, because the SDK puts them together to lines again by itself. Only what is no plain
 * token is read as text: to decode and parse every line a second time would double the cost of a token.
 */
async function* checked(
  body: AsyncIterable<Uint8Array>,
  name: string,
  errorLine: ErrorLine,
): AsyncGenerator<Uint8Array> {
  // Joined only at a line's end: a long line comes in many pieces, and would be copied anew for each.
  let begun: Uint8Array[] = [];
  let last: Line = {};
  for await (const bytes of body) {
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      // A view of the bytes costs more than to look at them.
      if (begun.length > 0 || !isToken(bytes, start, end)) {
        try {
          last = lineOf(joined([...begun, bytes.subarray(start, end)]), errorLine) ?? last;
        } catch (fault) {
          yield bytes.subarray(0, start);
          throw fault;
        }
        begun = [];
      }
      start = end + 1;
    }
    if (start < bytes.length) begun.push(bytes.subarray(start));
    yield bytes;
  }
  last = lineOf(joined(begun), errorLine) ?? last;
  if (last.done === true || last.status === 'success') return;
  throw new LlmError('network', `The answer of ${name} broke off before its end. Run again.`);
}

const newline = 10;

/**
 * What a line says; nothing for an empty one.
 * @throws SyntaxError when it is not JSON, and whatever `errorLine` makes of an error in it.
 */
function lineOf(line: Uint8Array, errorLine: ErrorLine): Line | undefined {
  const text = decoder.decode(line);
  if (text.trim() === '') return undefined;
  const said = JSON.parse(text) as Line;
  if (said.error !== undefined) throw errorLine(faultOfData(said));
  return said;
}

const decoder = new TextDecoder();

/** Whether the line that lies there is a token in the middle of an answer, as the server writes it. */
function isToken(bytes: Uint8Array, start: number, end: number): boolean {
  const isLong = end - start >= tokenBegin.length + tokenEnd.length;
  return isLong && stands(tokenEnd, bytes, end - tokenEnd.length) && stands(tokenBegin, bytes, start);
}

const [tokenBegin, tokenEnd] = ['{"model":', '"done":false}'].map((text) =>
  new TextEncoder().encode(text),
) as [Uint8Array, Uint8Array];

function stands(what: Uint8Array, line: Uint8Array, at: number): boolean {
  for (let index = 0; index < what.length; index++) if (line[at + index] !== what[index]) return false;
  return true;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The fields that every line may have: `done` ends a chat, `status` of `success` a download. */
interface Line {
  readonly error?: unknown;
  readonly done?: unknown;
  readonly status?: unknown;
}
