import type { ModelCapabilities } from '../../core/provider.ts';
import type { KeyHeader } from '../openai/client.ts';
import type { MaxTokensField } from '../openai/chatRequest.ts';

/** What is known of a service or server that speaks another's protocol. */
export interface Preset {
  readonly name: string;
  readonly protocol: 'openai' | 'anthropic';
  /** Where its API begins; absent where every user has an address of their own. */
  readonly baseUrl?: string;
  /** False for servers on the user's own machine. */
  readonly needsKey: boolean;
  /** The environment variable that its own tools read the key from. */
  readonly keyVariable?: string;
  /** What of its API answers only to a right key, where its list of models answers to any. */
  readonly keyPath?: string;
  readonly keyHeader?: KeyHeader;
  readonly maxTokensField?: MaxTokensField;
  /** False where `stream_options` is refused; such services report usage without being asked. */
  readonly takesStreamOptions?: boolean;
  readonly capabilities: ModelCapabilities;
}

/** What nearly every server that speaks Chat Completions takes. */
const common: ModelCapabilities = {
  logprobs: false,
  tools: true,
  images: true,
  reasoning: true,
  reasoningEffort: false,
  jsonSchema: true,
  temperature: true,
  topP: true,
  topK: false,
  minP: false,
  seed: true,
  penalties: true,
  repeatPenalty: false,
  xtc: false,
  dry: false,
  gbnf: false,
  stop: true,
  logitBias: false,
  contextSize: false,
  keepAlive: false,
};

/** What the open servers take, which run the sampler themselves. */
const openServer: ModelCapabilities = {
  ...common,
  logprobs: true,
  topK: true,
  minP: true,
  repeatPenalty: true,
  xtc: false,
  dry: false,
  gbnf: false,
  logitBias: true,
};

/**
 * The services and servers with a name of their own; any other is `openai-compatible` or `anthropic-compatible`.
 * Addresses, variables and parameters are from their references, read 2026-11-24.
 */
export const presets = {
  openrouter: {
    name: 'OpenRouter',
    protocol: 'openai',
    baseUrl: 'https://openrouter.ai/api/v1',
    needsKey: true,
    keyVariable: 'OPENROUTER_API_KEY',
    keyPath: '/key',
    capabilities: { ...openServer, reasoningEffort: true },
  },
  groq: {
    name: 'Groq',
    protocol: 'openai',
    baseUrl: 'https://api.groq.com/openai/v1',
    needsKey: true,
    keyVariable: 'GROQ_API_KEY',
    maxTokensField: 'max_completion_tokens',
    capabilities: { ...common, penalties: false, reasoningEffort: true },
  },
  mistral: {
    name: 'Mistral',
    protocol: 'openai',
    baseUrl: 'https://api.mistral.ai/v1',
    needsKey: true,
    keyVariable: 'MISTRAL_API_KEY',
    takesStreamOptions: false,
    // Its seed is called random_seed; provider options can set it.
    capabilities: { ...common, seed: false },
  },
  deepseek: {
    name: 'DeepSeek',
    protocol: 'openai',
    baseUrl: 'https://api.deepseek.com/v1',
    needsKey: true,
    keyVariable: 'DEEPSEEK_API_KEY',
    capabilities: { ...common, logprobs: true, images: false, jsonSchema: false, seed: false },
  },
  xai: {
    name: 'xAI',
    protocol: 'openai',
    baseUrl: 'https://api.x.ai/v1',
    needsKey: true,
    keyVariable: 'XAI_API_KEY',
    capabilities: { ...common, logprobs: true, penalties: false, reasoningEffort: true },
  },
  together: {
    name: 'Together',
    protocol: 'openai',
    baseUrl: 'https://api.together.xyz/v1',
    needsKey: true,
    keyVariable: 'TOGETHER_API_KEY',
    capabilities: { ...openServer, logprobs: false },
  },
  azure: {
    name: 'Azure OpenAI',
    protocol: 'openai',
    needsKey: true,
    keyVariable: 'AZURE_OPENAI_API_KEY',
    keyHeader: 'api-key',
    maxTokensField: 'max_completion_tokens',
    capabilities: { ...common, logprobs: true, logitBias: true, reasoningEffort: true },
  },
  lmstudio: {
    name: 'LM Studio',
    protocol: 'openai',
    baseUrl: 'http://127.0.0.1:1234/v1',
    needsKey: false,
    capabilities: { ...openServer, logprobs: false, logitBias: false },
  },
  llamacpp: {
    name: 'llama-server',
    protocol: 'openai',
    baseUrl: 'http://127.0.0.1:8080/v1',
    needsKey: false,
    capabilities: openServer,
  },
  vllm: {
    name: 'vLLM',
    protocol: 'openai',
    baseUrl: 'http://127.0.0.1:8000/v1',
    needsKey: false,
    capabilities: { ...openServer, reasoningEffort: true },
  },
  sglang: {
    name: 'SGLang',
    protocol: 'openai',
    baseUrl: 'http://127.0.0.1:30000/v1',
    needsKey: false,
    capabilities: openServer,
  },
  'openai-compatible': {
    name: 'OpenAI-compatible server',
    protocol: 'openai',
    needsKey: false,
    capabilities: { ...common, logprobs: true, reasoningEffort: true },
  },
  'anthropic-compatible': {
    name: 'Anthropic-compatible server',
    protocol: 'anthropic',
    needsKey: false,
    // What a model takes is told by its name, as at Anthropic.
    capabilities: common,
  },
} as const satisfies Record<string, Preset>;
