import { isRecord } from '../../core/isRecord.ts';
/** The parameters of the SDK's `generateContentStream`, which sends them as another body. */
export interface GeminiParameters {
  readonly contents: unknown;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What the SDK is told to send this body of `streamGenerateContent`. What its parameters have no name for goes in beside. */
export function geminiParametersOf(body: Readonly<Record<string, unknown>>): GeminiParameters {
  const { contents, systemInstruction, tools, generationConfig, ...others } = body;
  const settings = Object.entries(isRecord(generationConfig) ? generationConfig : {});
  const own = settings.filter(([name]) => names.has(name));
  const rest = settings.filter(([name]) => !names.has(name));
  const extraBody = {
    ...others,
    ...(rest.length > 0 ? { generationConfig: Object.fromEntries(rest) } : {}),
  };
  return {
    contents,
    config: {
      ...(systemInstruction === undefined ? {} : { systemInstruction }),
      ...Object.fromEntries(own),
      ...(tools === undefined ? {} : { tools }),
      ...(Object.keys(extraBody).length > 0 ? { httpOptions: { extraBody } } : {}),
    },
  };
}

/** The settings that have the same name in the body and in the SDK. */
const names: ReadonlySet<string> = new Set([
  'thinkingConfig',
  'temperature',
  'topP',
  'topK',
  'maxOutputTokens',
  'stopSequences',
  'seed',
  'frequencyPenalty',
  'presencePenalty',
  'responseLogprobs',
  'logprobs',
  'responseMimeType',
  'responseJsonSchema',
]);
