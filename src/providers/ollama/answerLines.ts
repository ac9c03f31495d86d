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

/** Passes the bytes on as they came, because the SDK puts them together to lines again by itself. */
async function* checked(
  body: AsyncIterable<Uint8Array>,
  name: string,
  errorLine: ErrorLine,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  // Joined only at a line's end: a long line comes in many pieces, and would be copied anew for each.
  let begun: string[] = [];
  let last: Line = {};
  for await (const bytes of body) {
    const [first = '', ...others] = decoder.decode(bytes, { stream: true }).split('\n');
    begun.push(first);
    const rest = others.pop();
    if (rest !== undefined) {
      const lines = [begun.join(''), ...others];
      begun = [rest];
      for (const [index, line] of lines.entries()) {
        try {
          last = lineOf(line, errorLine) ?? last;
        } catch (fault) {
          yield bytes.subarray(0, endOfLines(bytes, index));
          throw fault;
        }
      }
    }
    yield bytes;
  }
  last = lineOf(begun.join(''), errorLine) ?? last;
  if (last.done === true || last.status === 'success') return;
  throw new LlmError('network', `The answer of ${name} broke off before its end. Run again.`);
}

/**
 * What a line says; nothing for an empty one.
 * @throws SyntaxError when it is not JSON, and whatever `errorLine` makes of an error in it.
 */
function lineOf(line: string, errorLine: ErrorLine): Line | undefined {
  if (line.trim() === '') return undefined;
  if (isToken(line)) return {};
  const said = JSON.parse(line) as Line;
  if (said.error !== undefined) throw errorLine(faultOfData(said));
  return said;
}

/** Where the first `count` lines of the bytes end. */
function endOfLines(bytes: Uint8Array, count: number): number {
  let end = 0;
  for (let line = 0; line < count; line++) end = bytes.indexOf(newline, end) + 1;
  return end;
}

const newline = 10;

/**
 * Whether the line is a token in the middle of an answer, as the server writes it. The SDK parses it anyway, and to parse it
 * here as well would double the cost of a token.
 */
function isToken(line: string): boolean {
  return line.startsWith('{"model":') && line.endsWith('"done":false}');
}

/** The fields that every line may have: `done` ends a chat, `status` of `success` a download. */
interface Line {
  readonly error?: unknown;
  readonly done?: unknown;
  readonly status?: unknown;
}
