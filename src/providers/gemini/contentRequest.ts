import type { GenerateContentConfig, GenerateContentParameters, Part } from '@google/genai/web';
import { argumentsOf, type ChatRequest, type Message, textOf, type ToolCallPart } from '../../core/chat.ts';
import { LlmError } from '../../core/errors.ts';
import { inlineData } from '../dataUrl.ts';
import { familyOf } from './models.ts';
import { thinkingOf } from './thinking.ts';

/**
 * The parameters of `streamGenerateContent` (Gemini API reference v1beta, read 2026-11-24). Provider options are merged
 * into the body as the REST reference writes it, such as `{"generationConfig": {"mediaResolution": …}}`.
 *
 * @throws LlmError `bad-request` when no message but the system's is there.
 */
export function contentRequestOf(request: ChatRequest, signal: AbortSignal): GenerateContentParameters {
  const { model, providerOptions } = request;
  const family = familyOf(model);
  const system = systemOf(request.messages);
  const messages = request.messages.filter(({ role }) => role !== 'system');
  const contents = contentsOf(messages, family.thinking.by === 'level');
  if (contents.length === 0) {
    throw new LlmError(
      'bad-request',
      'The prompt has no message for the model to answer. Add one of the user.',
    );
  }
  const instructs = system !== '' && family.systemInstruction;
  if (system !== '' && !instructs) contents.unshift({ role: 'user', parts: [{ text: system }] });
  return {
    model,
    contents,
    config: {
      abortSignal: signal,
      // On by default: the SDK would send an answer that broke off once more, and hide that it did.
      automaticContinuation: false,
      ...(instructs ? { systemInstruction: { parts: [{ text: system }] } } : {}),
      ...settingsOf(request),
      ...(providerOptions ? { httpOptions: { extraBody: { ...providerOptions } } } : {}),
    },
  };
}

function settingsOf({ model, settings, tools, responseFormat }: ChatRequest): GenerateContentConfig {
  const { logprobs, stop } = settings;
  const config: { readonly [K in keyof GenerateContentConfig]: unknown } = {
    thinkingConfig: thinkingOf(model, familyOf(model), settings.reasoningEffort).config,
    temperature: settings.temperature,
    topP: settings.topP,
    topK: settings.topK,
    maxOutputTokens: settings.maxOutputTokens,
    stopSequences: stop && [...stop],
    seed: settings.seed,
    frequencyPenalty: settings.frequencyPenalty,
    presencePenalty: settings.presencePenalty,
    responseLogprobs: logprobs === undefined ? undefined : true,
    // The service refuses 0; then it reports the chosen token alone.
    logprobs: logprobs || undefined,
    responseMimeType: responseFormat && 'application/json',
    responseJsonSchema: responseFormat?.type === 'json-schema' ? responseFormat.schema : undefined,
    tools: tools && [
      {
        functionDeclarations: tools.map(({ name, description, parameters }) => ({
          name,
          ...(description === undefined ? {} : { description }),
          parametersJsonSchema: parameters,
        })),
      },
    ],
  };
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}

function systemOf(messages: readonly Message[]): string {
  return messages
    .filter(({ role }) => role === 'system')
    .map(textOf)
    .join('\n\n');
}

/** The SDK's type of a part, without the class that it has for plain data. */
type SentPart = Omit<Part, 'functionResponse'> & {
  readonly functionResponse?: {
    readonly id: string;
    readonly name: string;
    readonly response: Record<string, unknown>;
  };
};

interface Turn {
  readonly role: 'user' | 'model';
  readonly parts: SentPart[];
}

/**
 * The turns. Results of tools that were called together must come back together, so messages that follow each other in
 * one role are one turn.
 */
function contentsOf(messages: readonly Message[], needsSignatures: boolean): Turn[] {
  const contents: Turn[] = [];
  const toolNames = new Map<string, string>();
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'model' : 'user';
    const parts = partsOf(message, toolNames);
    const [firstCall] = parts.filter(({ functionCall }) => functionCall);
    if (firstCall && needsSignatures) firstCall.thoughtSignature = noSignature;
    const last = contents.at(-1);
    if (parts.length === 0) continue;
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts });
  }
  return contents;
}

/**
 * From the third generation on, the service refuses a call of its own that comes back without the signature of the
 * thoughts behind it. A conversation here may come from any model, so it keeps none; this is Google's word for such.
 */
const noSignature = 'skip_thought_signature_validator';

function partsOf({ content }: Message, toolNames: Map<string, string>): SentPart[] {
  return content.flatMap((part): SentPart[] => {
    switch (part.type) {
      case 'text':
        // The service refuses an empty part.
        return part.text === '' ? [] : [{ text: part.text }];
      case 'image':
        return [imagePart(part.url, part.mediaType)];
      case 'tool-call':
        toolNames.set(part.id, part.name);
        return [callPart(part)];
      case 'tool-result':
        return [
          {
            functionResponse: {
              id: part.callId,
              name: toolNames.get(part.callId) ?? part.callId,
              response: part.isError ? { error: part.result } : { output: part.result },
            },
          },
        ];
      default:
        return part satisfies never;
    }
  });
}

function callPart(call: ToolCallPart): SentPart {
  return { functionCall: { id: call.id, name: call.name, args: { ...argumentsOf(call) } } };
}

function imagePart(url: string, mediaType: string | undefined): SentPart {
  const inline = inlineData(url);
  if (inline) return { inlineData: { mimeType: mediaType ?? inline.mediaType, data: inline.base64 } };
  return { fileData: { fileUri: url, mimeType: mediaType ?? typeByEnding(url) } };
}

/** The service wants a type for every address. */
function typeByEnding(url: string): string {
  const [, ending = ''] = /\.(\w+)(?:[?#].*)?$/.exec(url) ?? [];
  return imageTypes.get(ending.toLowerCase()) ?? 'image/jpeg';
}

const imageTypes: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['heic', 'image/heic'],
  ['heif', 'image/heif'],
]);
