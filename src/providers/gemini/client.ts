import type { GenerateContentParameters, GenerateContentResponse, GoogleGenAI } from '@google/genai/web';
import { baseUrlOf, type Connection } from '../connection.ts';
import { errorOfFault, faultOf } from '../httpErrors.ts';
import type { ServiceCall } from '../serviceCall.ts';

/**
 * The SDK's client for one call. The build for browsers is half the size of the one for Node and reads nothing from the
 * environment; `v1beta` is the version that has thoughts, JSON schemas and the newer models.
 */
export async function geminiClient(
  connection: Connection,
  { key, fetch }: ServiceCall,
): Promise<GoogleGenAI> {
  const { GoogleGenAI } = await import('@google/genai/web');
  return new GoogleGenAI({
    // The SDK refuses to be made without one.
    apiKey: key ?? 'none',
    httpOptions: {
      baseUrl: baseUrlOf(connection),
      apiVersion: 'v1beta',
      headers: { ...connection.headers },
      retryOptions: { attempts: 1 },
      fetch,
    },
  });
}

/** The chunks of one answer; an error in the middle of them is ours again, which the SDK makes a text. */
export async function* contentFrom(
  connection: Connection,
  call: ServiceCall,
  request: GenerateContentParameters,
): AsyncGenerator<GenerateContentResponse> {
  const client = await geminiClient(connection, call);
  const { ApiError } = await import('@google/genai/web');
  try {
    yield* await client.models.generateContentStream(request);
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    const { message, status } = thrown;
    const body = message.slice(Math.max(0, message.indexOf('{')));
    throw errorOfFault(connection.name, faultOf(body), { status });
  }
}
