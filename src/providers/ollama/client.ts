import type { Ollama } from 'ollama/browser';
import { LlmError } from '../../core/errors.ts';
import { baseUrlOf, type Connection } from '../connection.ts';
import type { ServiceCall } from '../serviceCall.ts';
import { type ErrorLine, withCheckedLines } from './answerLines.ts';

/**
 * The SDK's client for one call. It makes an abort signal of its own for streams and none for the rest, and never ends
 * a stream that is left early; here every request ends with the call.
 *
 * The entry for browsers, because the one for Node takes the text of an image for a path first, and sends the file
 * that it finds there.
 */
export async function ollamaClient(
  connection: Connection,
  call: ServiceCall,
  errorLine: ErrorLine,
): Promise<Ollama> {
  const { Ollama } = await import('ollama/browser');
  const headers = new Headers(connection.headers);
  if (call.key !== undefined) headers.set('authorization', `Bearer ${call.key}`);
  return new Ollama({
    host: baseUrlOf(connection),
    headers,
    fetch: async (input, init) => {
      const response = await call.fetch(input, { ...init, signal: call.signal });
      return isStreamed(input) ? withCheckedLines(response, connection.name, errorLine) : response;
    },
  });
}

/**
 * The connection, with an error of its own for a model that is not there: the one error which the user mends with a
 * click. Ollama says it with 404 and a sentence; an address that is none of its API has a 404 that is no JSON.
 */
export function knowingModel(connection: Connection, model: string): Connection {
  return {
    ...connection,
    fetch: async (input, init) => {
      const response = await connection.fetch(input, init);
      if (response.status !== 404 || !(await saysError(response.clone()))) return response;
      throw new LlmError(
        'bad-request',
        `${connection.name} has no model "${model}". Pull it in the Models view or with \`ollama pull ${model}\`.`,
      );
    },
  };
}

async function saysError(response: Response): Promise<boolean> {
  try {
    const body: unknown = await response.json();
    return typeof (body as { error?: unknown } | null)?.error === 'string';
  } catch {
    return false;
  }
}

/** By the address, because proxies change the type of what they pass on. */
function isStreamed(input: string | URL | Request): boolean {
  return typeof input === 'string' && /\/api\/(chat|pull)$/.test(input);
}
