import { LlmError } from '../core/errors.ts';
import { type Connection } from './connection.ts';
import { errorOfResponse } from './httpErrors.ts';

/**
 * The connection's `fetch`, which gives an SDK nothing but 2xx answers of the API: every other one is read and thrown as
 * an `LlmError`, so that all services fail in one way. It never follows a redirect, which would carry the key along.
 *
 * @param onConnected called when the headers of an answer are here.
 */
export function guardedFetch(connection: Connection, onConnected: () => void): typeof fetch {
  return async (input, init) => {
    const response = await connection.fetch(input, { ...init, redirect: 'manual' });
    onConnected();
    if (!response.ok) {
      throw errorOfResponse(connection.name, response, await response.text());
    }
    if (response.headers.get('content-type')?.startsWith('text/html')) {
      throw new LlmError(
        'bad-request',
        `${connection.name} answered with a web page, so ${connection.baseUrl} is not the address of its API. Correct its base URL; most end in /v1.`,
      );
    }
    return response;
  };
}
