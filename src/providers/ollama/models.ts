import type { ShowResponse } from 'ollama/browser';
import type { ModelCapabilities, ModelInfo } from '../../core/provider.ts';
import { type Connection, withOverrides } from '../connection.ts';
import type { ModelTraits } from './chatRequest.ts';

/** What `/api/show` tells of a model. */
export interface ShownModel extends ModelTraits {
  readonly info: ModelInfo;
  /** Whether it answers a chat; others only make embeddings. */
  readonly answers: boolean;
}

/** A server that is asked too much leaves out what it does not know, and an older one knows less. */
export type Shown = Partial<Pick<ShowResponse, 'capabilities' | 'details' | 'model_info'>>;

/**
 * What is known of a model. Servers before 0.6.4 do not say what a model can do; then tools and images are left to be
 * refused by the server, which reasons with none.
 */
export function shownModel(
  name: string,
  shown: Shown,
  connection: Pick<Connection, 'capabilities'>,
): ShownModel {
  const { capabilities, details } = shown;
  const can = (what: string): boolean => capabilities?.includes(what) ?? what !== 'thinking';
  const contextWindow = contextWindowOf(shown);
  return {
    answers: can('completion'),
    namedEffort: /^gpt-?oss/.test(details?.family ?? ''),
    info: {
      id: name,
      name,
      ...(details?.parameter_size
        ? { description: [details.parameter_size, details.quantization_level].filter(Boolean).join(', ') }
        : {}),
      ...(contextWindow === undefined ? {} : { contextWindow }),
      capabilities: withOverrides(
        {
          ...everyModel,
          tools: can('tools'),
          images: can('vision'),
          reasoning: can('thinking'),
          reasoningEffort: can('thinking'),
        },
        connection,
      ),
    },
  };
}

/** The name with its tag: Ollama takes `qwen3` for `qwen3:latest` and lists it so. */
export function withTag(model: string): string {
  return /:[^/]*$/.test(model) ? model : `${model}:latest`;
}

/** What the server does with every model, because it runs the sampler itself. */
const everyModel: Omit<ModelCapabilities, 'tools' | 'images' | 'reasoning' | 'reasoningEffort'> = {
  logprobs: true,
  jsonSchema: true,
  temperature: true,
  topP: true,
  topK: true,
  minP: true,
  seed: true,
  penalties: true,
  repeatPenalty: true,
  xtc: false,
  dry: false,
  gbnf: false,
  stop: true,
  logitBias: false,
  contextSize: true,
  keepAlive: true,
};

/** The window that the model was trained for, `llama.context_length` and the like. The server may allocate less. */
function contextWindowOf({ model_info: info }: Shown): number | undefined {
  const length = Object.entries((info ?? {}) as Record<string, unknown>).find(([key]) =>
    key.endsWith('.context_length'),
  )?.[1];
  return typeof length === 'number' ? length : undefined;
}
