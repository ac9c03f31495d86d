import { isRecord } from '../../core/isRecord.ts';
import { geminiParametersOf } from './geminiParameters.ts';
import { Code, pythonLiteral, textLiteral } from './literals.ts';
import { markedPieces } from './marked.ts';
import { addedHeaders, chatNames, geminiModel, responsesNames } from './sdkParts.ts';
import type { SentRequest } from './sentRequest.ts';

/** A program in Python that sends the request with the service's own SDK and prints the answer as it streams. */
export function pythonOf(sent: SentRequest): string {
  switch (sent.api) {
    case 'chat':
      return program({
        sdk: 'openai',
        imports: ['from openai import OpenAI'],
        client: call('OpenAI', openAiOptions(sent, 'https://api.openai.com/v1', 'api-key')),
        stream: call('client.chat.completions.create', withExtraBody(sent.body, chatNames)),
        print: ['if part.choices:', '    print(part.choices[0].delta.content or "", end="", flush=True)'],
      });
    case 'responses':
      return program({
        sdk: 'openai',
        imports: ['from openai import OpenAI'],
        client: call('OpenAI', openAiOptions(sent, 'https://api.openai.com/v1', 'api-key')),
        stream: call('client.responses.create', withExtraBody(sent.body, responsesNames)),
        print: ['if part.type == "response.output_text.delta":', '    print(part.delta, end="", flush=True)'],
      });
    case 'messages': {
      const version = sent.headers.get('anthropic-version');
      return program({
        sdk: 'anthropic',
        imports: ['from anthropic import Anthropic'],
        client: call('Anthropic', openAiOptions(sent, 'https://api.anthropic.com', 'x-api-key')),
        stream: call('client.messages.create', {
          ...withExtraBody(sent.body, messagesNames),
          ...(version === '2023-06-01' ? { extra_headers: { 'anthropic-version': version } } : {}),
        }),
        print: [
          'if part.type == "content_block_delta" and part.delta.type == "text_delta":',
          '    print(part.delta.text, end="", flush=True)',
        ],
      });
    }
    case 'gemini': {
      const { contents, config } = geminiParametersOf(sent.body);
      return program({
        sdk: 'google-genai',
        imports: ['from google import genai'],
        client: call('genai.Client', geminiOptions(sent)),
        stream: call('client.models.generate_content_stream', {
          model: geminiModel(sent),
          contents: snakeKeys(contents),
          config: snakeKeys(config),
        }),
        print: ['print(part.text or "", end="", flush=True)'],
      });
    }
    case 'ollama': {
      const headers = headersOf(addedHeaders(sent, 'authorization'), sent);
      const known = Object.entries(sent.body).filter(([name]) => ollamaNames.has(name));
      return program({
        sdk: 'ollama',
        imports: ['from ollama import Client'],
        client: call('Client', { host: sent.baseUrl, ...(headers ? { headers } : {}) }),
        stream: call('client.chat', Object.fromEntries(known)),
        print: ['print(part.message.content or "", end="", flush=True)'],
      });
    }
    default:
      return sent.api satisfies never;
  }
}

/** What the SDK for Python has no parameter for and no way around, so that the program does not send it. */
export function lostInPython({ api, body }: SentRequest): readonly string[] {
  return api === 'ollama' ? Object.keys(body).filter((name) => !ollamaNames.has(name)) : [];
}

interface Parts {
  readonly sdk: string;
  readonly imports: readonly string[];
  readonly client: string;
  readonly stream: string;
  readonly print: readonly string[];
}

function program({ sdk, imports, client, stream, print }: Parts): string {
  const code = `client = ${client}

stream = ${stream}
for part in stream:
${print.map((line) => `    ${line}\n`).join('')}`;
  const modules = ['base64', 'os']
    .filter((name) => code.includes(`${name}.`))
    .map((name) => `import ${name}`);
  return [`# pip install ${sdk}`, ...modules, ...(modules.length > 0 ? [''] : []), ...imports, '', code].join(
    '\n',
  );
}

function call(name: string, options: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(options).map(
    ([option, value]) => `    ${option}=${pythonLiteral(value, 4)},\n`,
  );
  return lines.length === 0 ? `${name}()` : `${name}(\n${lines.join('')})`;
}

/** Fields that the SDK has no parameter for are sent beside. */
function withExtraBody(
  body: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const own = Object.entries(body).filter(([name]) => known.has(name));
  const rest = Object.entries(body).filter(([name]) => !known.has(name));
  return { ...Object.fromEntries(own), ...(rest.length > 0 ? { extra_body: Object.fromEntries(rest) } : {}) };
}

function openAiOptions(sent: SentRequest, usualUrl: string, keyHeader: string): Record<string, unknown> {
  const headers = headersOf(addedHeaders(sent, keyHeader), sent);
  return {
    api_key: keyCode(sent),
    ...(sent.baseUrl === usualUrl ? {} : { base_url: sent.baseUrl }),
    ...(headers ? { default_headers: headers } : {}),
  };
}

function geminiOptions(sent: SentRequest): Record<string, unknown> {
  const headers = headersOf(addedHeaders(sent, ''), sent);
  const isGoogle = sent.baseUrl === 'https://generativelanguage.googleapis.com';
  const options = {
    api_version: 'v1beta',
    ...(isGoogle ? {} : { base_url: sent.baseUrl }),
    ...(headers ? { headers } : {}),
  };
  return { api_key: keyCode(sent), http_options: options };
}

function keyCode({ keyVariable }: SentRequest): unknown {
  return keyVariable === undefined ? 'none' : new Code(`os.environ[${textLiteral(keyVariable)}]`);
}

function headersOf(names: readonly string[], { headers }: SentRequest): Record<string, Code> | undefined {
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, headerCode(headers.get(name) ?? '')]));
}

function headerCode(value: string): Code {
  const pieces = markedPieces(value).map((piece) =>
    'variable' in piece ? `os.environ[${textLiteral(piece.variable)}]` : textLiteral(piece.text),
  );
  return new Code(pieces.length === 0 ? '""' : pieces.join(' + '));
}

/** Names as this SDK has them, and bytes for what it encodes itself. What belongs to the user keeps its names. */
function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      if (name === 'data') return [snake, new Code(`base64.b64decode(${textLiteral(String(field))})`)];
      if (name === 'thoughtSignature')
        return [snake, new Code(`base64.urlsafe_b64decode(${textLiteral(String(field))})`)];
      return [snake, usersOwn.has(name) ? field : snakeKeys(field)];
    }),
  );
}

const usersOwn: ReadonlySet<string> = new Set([
  'args',
  'response',
  'responseJsonSchema',
  'parametersJsonSchema',
  'extraBody',
]);

/** Those that every version has; newer ones came and went. */
const messagesNames: ReadonlySet<string> = new Set([
  ...['model', 'max_tokens', 'messages', 'stream', 'system', 'stop_sequences', 'thinking', 'tools'],
]);

const ollamaNames: ReadonlySet<string> = new Set([
  ...[
    'model',
    'messages',
    'stream',
    'options',
    'think',
    'keep_alive',
    'logprobs',
    'top_logprobs',
    'format',
    'tools',
  ],
]);
