import type { ModelLimits } from '../core/provider.ts';

/**
 * What neither the services' lists nor the table of prices say: OpenAI's list is of bare names, and the table has no
 * longest answers and lacks some windows. What is generally published on these models, of which some rows were compared
 * with the catalogue of Vercel's AI Gateway, 2026-11-27; none was read from the service itself. The first row whose pattern
 * fits counts; a model that none fits is unknown.
 */
const rows: readonly (readonly [pattern: RegExp, limits: ModelLimits])[] = [
  [/^openai\/(gpt-5(\.\d)?-chat|gpt-5\.3-chat)/, { contextWindow: 128_000, maxOutputTokens: 16_384 }],
  [/^openai\/gpt-5-pro/, { contextWindow: 400_000, maxOutputTokens: 272_000 }],
  [
    /^openai\/gpt-5(\.[1-4])?(-(mini|nano|pro|codex|codex-mini|codex-max))?(-\d{4}-\d\d-\d\d)?$/,
    { maxOutputTokens: 128_000 },
  ],
  [/^openai\/gpt-4\.1/, { contextWindow: 1_047_576, maxOutputTokens: 32_768 }],
  [/^openai\/gpt-4o-2024-05-13/, { contextWindow: 128_000, maxOutputTokens: 4096 }],
  [/^openai\/(chatgpt-4o|gpt-4o)/, { contextWindow: 128_000, maxOutputTokens: 16_384 }],
  [/^openai\/gpt-4-(turbo|\d{4}-preview|vision)/, { contextWindow: 128_000, maxOutputTokens: 4096 }],
  [/^openai\/gpt-4(-0613|-0314)?$/, { contextWindow: 8192, maxOutputTokens: 8192 }],
  [/^openai\/gpt-3\.5-turbo/, { contextWindow: 16_385, maxOutputTokens: 4096 }],
  [/^openai\/o1-mini/, { contextWindow: 128_000, maxOutputTokens: 65_536 }],
  [/^openai\/o1-preview/, { contextWindow: 128_000, maxOutputTokens: 32_768 }],
  [/^openai\/(o1|o3|o4-mini|codex-mini)/, { contextWindow: 200_000, maxOutputTokens: 100_000 }],
  [
    /^gemini\/gemini-2\.5-(pro|flash)(-lite)?(-preview)?(-\d{2}-\d{2,4})?$/,
    { contextWindow: 1_048_576, maxOutputTokens: 65_536 },
  ],
  [/^gemini\/gemini-3(\.1)?-pro-preview$/, { contextWindow: 1_048_576, maxOutputTokens: 65_536 }],
];

/** The limits of `provider/model` that are known here; what is not is absent. */
export function knownLimitsOf(modelId: string): ModelLimits {
  return rows.find(([pattern]) => pattern.test(modelId))?.[1] ?? {};
}
