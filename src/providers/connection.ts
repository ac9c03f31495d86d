import { LlmError } from '../core/errors.ts';
import type { ModelCapabilities } from '../core/provider.ts';

/** How one service is reached. Whatever can change while the program runs is asked for at each call. */
export interface Connection {
  /** The word for it in model ids and settings, such as `openai`. */
  readonly id: string;
  /** The service's name for people, such as `OpenAI`; it begins every error. */
  readonly name: string;
  /** Where its API begins, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** The key, or `undefined` when none is set. Never kept, logged or shown. */
  readonly key: () => Promise<string | undefined>;
  /** Whether a call without a key is refused before it is sent. Servers on the user's own machine want none. */
  readonly needsKey: boolean;
  /** Sent with every request; a name that the adapter uses too wins over it. */
  readonly headers: Readonly<Record<string, string>>;
  /** What its models take, where the user knows better than the adapter; see {@link withOverrides}. */
  readonly capabilities?: Partial<ModelCapabilities>;
  readonly timeouts: () => Timeouts;
  /** The editor's own, so that its proxy settings and certificates hold. */
  readonly fetch: typeof fetch;
  /** For what a service sends and nobody reads, such as events of an unknown type. One line, no key. */
  readonly log: (line: string) => void;
}

/** How long each part of a call may take, in ms; 0 is for ever. */
export interface Timeouts {
  /** Until the service answers with its headers. */
  readonly connectMs: number;
  /** From there to the first piece of the answer. */
  readonly firstTokenMs: number;
  /** Between two pieces. */
  readonly silenceMs: number;
}

/**
 * The connection's address, without a slash at its end.
 * @throws LlmError `bad-request` when it is not one.
 */
export function baseUrlOf({ name, baseUrl }: Pick<Connection, 'name' | 'baseUrl'>): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return baseUrl.replace(/\/+$/, '');
  throw new LlmError(
    'bad-request',
    `The base URL of ${name}, "${baseUrl}", is not a web address. Write it as https://host/path in the settings.`,
  );
}

/** What a model takes: what is known of it, and over that what the user says of the connection. */
export function withOverrides(
  known: ModelCapabilities,
  { capabilities }: Pick<Connection, 'capabilities'>,
): ModelCapabilities {
  return { ...known, ...capabilities };
}

/**
 * The key for one call.
 * @throws LlmError `auth` when the service needs one and none is set.
 */
export async function keyOf(connection: Connection): Promise<string | undefined> {
  const key = await connection.key();
  if (key || !connection.needsKey) return key;
  throw new LlmError(
    'auth',
    `There is no key for ${connection.name}. Set it with "LLM Playground: Set API Key".`,
  );
}
