import type { SentRequest } from './sentRequest.ts';

/** The model that the address names. */
export function geminiModel({ url }: SentRequest): string {
  return decodeURIComponent(/\/models\/([^/:]+):/.exec(url)?.[1] ?? '');
}

/** The headers of the user's settings, and the key's where it is sent another way than the SDK does. */
export function addedHeaders(sent: SentRequest, keyHeader: string): readonly string[] {
  const own = sent.ownHeaders.filter((name) => sent.headers.has(name));
  return sent.headers.has(keyHeader) && !own.includes(keyHeader) ? [keyHeader, ...own] : own;
}

/** The fields of a body that both SDKs of OpenAI have parameters for. */
export const chatNames: ReadonlySet<string> = new Set([
  ...[
    'model',
    'messages',
    'stream',
    'stream_options',
    'temperature',
    'top_p',
    'max_completion_tokens',
    'max_tokens',
  ],
  ...['stop', 'seed', 'frequency_penalty', 'presence_penalty', 'reasoning_effort', 'logit_bias', 'logprobs'],
  ...['top_logprobs', 'tools', 'response_format'],
]);

export const responsesNames: ReadonlySet<string> = new Set([
  ...[
    'model',
    'input',
    'stream',
    'store',
    'temperature',
    'top_p',
    'max_output_tokens',
    'reasoning',
    'include',
  ],
  ...['top_logprobs', 'tools', 'text'],
]);
