import { isRecord } from '../../core/isRecord.ts';
import { type GeminiParameters, geminiParametersOf } from './geminiParameters.ts';
import { textLiteral, typescriptLiteral, Code } from './literals.ts';
import { markedPieces } from './marked.ts';
import { addedHeaders, chatNames, geminiModel, responsesNames } from './sdkParts.ts';
import type { SentRequest } from './sentRequest.ts';

/** A program in TypeScript that sends the request with the service's own SDK and prints the answer as it streams. */
export function typescriptOf(sent: SentRequest): string {
  switch (sent.api) {
    case 'chat':
      return program({
        sdk: 'openai',
        imports: 'import OpenAI from "openai";',
        client: `new OpenAI(${openAiOptions(sent)})`,
        call: `client.chat.completions.create(${cast(sent, 'OpenAI.ChatCompletionCreateParamsStreaming', chatNames)})`,
        print: 'process.stdout.write(part.choices[0]?.delta?.content ?? "");',
      });
    case 'responses':
      return program({
        sdk: 'openai',
        imports: 'import OpenAI from "openai";',
        client: `new OpenAI(${openAiOptions(sent)})`,
        call: `client.responses.create(${cast(sent, 'OpenAI.Responses.ResponseCreateParamsStreaming', responsesNames)})`,
        print: 'if (part.type === "response.output_text.delta") process.stdout.write(part.delta);',
      });
    case 'messages':
      return program({
        sdk: '@anthropic-ai/sdk',
        imports: 'import Anthropic from "@anthropic-ai/sdk";',
        client: `new Anthropic(${anthropicOptions(sent)})`,
        call: `client.messages.create(${cast(sent, 'Anthropic.MessageCreateParamsStreaming', messagesNames)}${versionOption(sent)})`,
        print:
          'if (part.type === "content_block_delta" && part.delta.type === "text_delta") process.stdout.write(part.delta.text);',
      });
    case 'gemini': {
      const parameters = typescriptLiteral({
        model: geminiModel(sent),
        ...withLevel(geminiParametersOf(sent.body)),
      });
      const names = parameters.includes('ThinkingLevel.') ? 'GoogleGenAI, ThinkingLevel' : 'GoogleGenAI';
      return program({
        sdk: '@google/genai',
        imports: `import { ${names} } from "@google/genai";`,
        client: `new GoogleGenAI(${geminiOptions(sent)})`,
        call: `client.models.generateContentStream(${parameters})`,
        print: 'process.stdout.write(part.text ?? "");',
      });
    }
    case 'ollama':
      return program({
        sdk: 'ollama',
        imports: 'import { type ChatRequest, Ollama } from "ollama";',
        client: `new Ollama(${typescriptLiteral({ host: sent.baseUrl, ...headersOption('headers', addedHeaders(sent, 'authorization'), sent) })})`,
        call: `client.chat(${typescriptLiteral(sent.body)} as ChatRequest & { stream: true })`,
        print: 'process.stdout.write(part.message.content);',
      });
    default:
      return sent.api satisfies never;
  }
}

interface Parts {
  readonly sdk: string;
  readonly imports: string;
  readonly client: string;
  readonly call: string;
  readonly print: string;
}

function program({ sdk, imports, client, call, print }: Parts): string {
  return `// npm install ${sdk}
${imports}

const client = ${client};

const stream = await ${call};
for await (const part of stream) {
  ${print}
}
`;
}

/** The body as an argument. Fields that the SDK's types do not know pass the compiler by a cast. */
function cast({ body }: SentRequest, type: string, known: ReadonlySet<string>): string {
  const isTyped = Object.keys(body).every((name) => known.has(name));
  return typescriptLiteral(body) + (isTyped ? '' : ` as ${type}`);
}

function openAiOptions(sent: SentRequest): string {
  const isOpenAi = sent.baseUrl === 'https://api.openai.com/v1';
  return typescriptLiteral({
    apiKey: keyCode(sent),
    ...(isOpenAi ? {} : { baseURL: sent.baseUrl }),
    ...headersOption('defaultHeaders', addedHeaders(sent, 'api-key'), sent),
  });
}

function anthropicOptions(sent: SentRequest): string {
  const isAnthropic = sent.baseUrl === 'https://api.anthropic.com';
  return typescriptLiteral({
    apiKey: keyCode(sent),
    ...(isAnthropic ? {} : { baseURL: sent.baseUrl }),
    ...headersOption('defaultHeaders', addedHeaders(sent, 'x-api-key'), sent),
  });
}

function geminiOptions(sent: SentRequest): string {
  const isGoogle = sent.baseUrl === 'https://generativelanguage.googleapis.com';
  return typescriptLiteral({
    apiKey: keyCode(sent),
    httpOptions: {
      apiVersion: 'v1beta',
      ...(isGoogle ? {} : { baseUrl: sent.baseUrl }),
      ...headersOption('headers', addedHeaders(sent, ''), sent),
    },
  });
}

/** The SDK's type of a level is an enum of its own. */
function withLevel({ contents, config }: GeminiParameters): object {
  const { thinkingConfig: thinking } = config;
  if (!isRecord(thinking) || typeof thinking['thinkingLevel'] !== 'string') return { contents, config };
  const thinkingLevel = new Code(`ThinkingLevel.${thinking['thinkingLevel']}`);
  return { contents, config: { ...config, thinkingConfig: { ...thinking, thinkingLevel } } };
}

/** The version that the adapter asks for where the SDK's own has no such settings. */
function versionOption({ headers }: SentRequest): string {
  const version = headers.get('anthropic-version');
  return version === '2023-06-01' ? ', { headers: { "anthropic-version": "2023-06-01" } }' : '';
}

/** The SDKs want a key even for servers that ask for none. */
function keyCode({ keyVariable }: SentRequest): unknown {
  return keyVariable === undefined ? 'none' : new Code(`process.env.${keyVariable}`);
}

function headersOption(
  option: string,
  names: readonly string[],
  { headers }: SentRequest,
): Record<string, unknown> {
  if (names.length === 0) return {};
  return { [option]: Object.fromEntries(names.map((name) => [name, headerCode(headers.get(name) ?? '')])) };
}

function headerCode(value: string): Code {
  const pieces = markedPieces(value).map((piece) =>
    'variable' in piece ? `(process.env.${piece.variable} ?? "")` : textLiteral(piece.text),
  );
  return new Code(pieces.length === 0 ? '""' : pieces.join(' + '));
}

const messagesNames: ReadonlySet<string> = new Set([
  ...[
    'model',
    'max_tokens',
    'messages',
    'stream',
    'system',
    'stop_sequences',
    'thinking',
    'output_config',
    'tools',
  ],
]);
