import type { ModelCapabilities } from '../../core/provider.ts';

/** Whether a model of OpenAI's list answers a chat; the list also holds models for sound, images and embeddings. */
export function answers(id: string): boolean {
  return (
    /^(gpt-|chatgpt-|o\d|codex-|ft:)/.test(id) &&
    !/(audio|realtime|transcribe|tts|image|search-api|instruct|embedding|moderation)/.test(id)
  );
}

/** Whether the model reasons; such models take no sampler settings, and Responses is their first interface. */
export function wantsResponses(id: string): boolean {
  const base = id.replace(/^ft:/, '');
  return /^(o\d|codex-|gpt-([5-9]|\d\d))/.test(base) && !/^gpt-[5-9](\.\d)?-chat/.test(base);
}

/** What a model of OpenAI takes (model pages of the API reference, read 2026-11-24). */
export function capabilitiesOf(id: string): ModelCapabilities {
  const reasons = wantsResponses(id);
  return {
    logprobs: !reasons,
    tools: !/^(o1-mini|o1-preview|chatgpt-)/.test(id),
    images: !/^(gpt-3|o1-mini|o3-mini|gpt-4$|gpt-4-\d{4}$)/.test(id),
    reasoning: reasons,
    reasoningEffort: reasons && !/^o1-(mini|preview)/.test(id),
    jsonSchema: !/^(gpt-3|gpt-4$|gpt-4-|o1-mini|o1-preview)/.test(id),
    temperature: !reasons,
    topP: !reasons,
    topK: false,
    minP: false,
    seed: !reasons,
    penalties: !reasons,
    repeatPenalty: false,
    xtc: false,
    dry: false,
    gbnf: false,
    stop: !reasons,
    logitBias: !reasons,
    contextSize: false,
    keepAlive: false,
  };
}
