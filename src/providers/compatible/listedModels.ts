import { LlmError } from '../../core/errors.ts';
import type { ModelCapabilities, ModelInfo } from '../../core/provider.ts';

/**
 * The models of a server's `/models`: `{data: […]}`, or Together's bare list. What an entry says beyond its id differs:
 * OpenRouter and Together `context_length`, Groq `context_window` and `max_completion_tokens`, Mistral
 * `max_context_length`, vLLM `max_model_len`, llama-server `meta.n_ctx`.
 * @throws LlmError `provider` when it is no list.
 */
export function listedModels(list: unknown, capabilities: ModelCapabilities): readonly ModelInfo[] {
  const entries = Array.isArray(list) ? (list as unknown[]) : recordOf(list)['data'];
  if (!Array.isArray(entries)) {
    throw new LlmError('provider', 'The server answered with no list of models. Check its base URL.', {
      retryable: false,
    });
  }
  return entries
    .map(recordOf)
    .filter((entry) => typeof entry['id'] === 'string' && answers(entry))
    .map((entry) => infoOf(entry, capabilities))
    .sort((a, b) => a.id.localeCompare(b.id));
}

function infoOf(entry: Entry, capabilities: ModelCapabilities): ModelInfo {
  const id = entry['id'] as string;
  const contextWindow = firstNumber(
    entry['context_length'],
    entry['context_window'],
    entry['max_context_length'],
    entry['max_model_len'],
    recordOf(entry['meta'])['n_ctx'],
    recordOf(entry['meta'])['n_ctx_train'],
  );
  const maxOutputTokens = firstNumber(
    entry['max_completion_tokens'],
    recordOf(entry['top_provider'])['max_completion_tokens'],
  );
  return {
    id,
    name: typeof entry['name'] === 'string' ? entry['name'] : id,
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    capabilities: capabilitiesIn(entry, capabilities),
  };
}

/** OpenRouter and Mistral say of each model what it takes. */
function capabilitiesIn(entry: Entry, capabilities: ModelCapabilities): ModelCapabilities {
  const parameters = entry['supported_parameters'];
  if (Array.isArray(parameters)) {
    const takes = new Set<unknown>(parameters);
    const modalities = recordOf(entry['architecture'])['input_modalities'];
    return {
      ...capabilities,
      logprobs: takes.has('logprobs'),
      tools: takes.has('tools'),
      images: Array.isArray(modalities) && modalities.includes('image'),
      reasoning: takes.has('reasoning'),
      reasoningEffort: takes.has('reasoning'),
      jsonSchema: takes.has('structured_outputs') || takes.has('response_format'),
      temperature: takes.has('temperature'),
      topP: takes.has('top_p'),
      topK: takes.has('top_k'),
      minP: takes.has('min_p'),
      seed: takes.has('seed'),
      penalties: takes.has('frequency_penalty'),
      repeatPenalty: takes.has('repetition_penalty'),
      stop: takes.has('stop'),
      logitBias: takes.has('logit_bias'),
    };
  }
  const said = recordOf(entry['capabilities']);
  return {
    ...capabilities,
    ...(typeof said['function_calling'] === 'boolean' ? { tools: said['function_calling'] } : {}),
    ...(typeof said['vision'] === 'boolean' ? { images: said['vision'] } : {}),
  };
}

/** Whether the model answers a chat, as far as its entry tells; most say nothing of it. */
function answers(entry: Entry): boolean {
  const type = entry['type'];
  if (typeof type === 'string' && /embedding|image|audio|moderation|rerank|transcribe/.test(type))
    return false;
  return recordOf(entry['capabilities'])['completion_chat'] !== false;
}

type Entry = Readonly<Record<string, unknown>>;

function recordOf(value: unknown): Entry {
  return typeof value === 'object' && value !== null ? (value as Entry) : {};
}

function firstNumber(...candidates: readonly unknown[]): number | undefined {
  return candidates.find((candidate): candidate is number => typeof candidate === 'number' && candidate > 0);
}
