import { isAbsolute } from 'node:path';
import type { ChatRequest } from '../core/chat.ts';
import { LlmError } from '../core/errors.ts';

/** What only the local runtime takes: the `providerOptions` of a request. */
export interface LocalOptions {
  /** Leaves the chat template out, as Ollama's option of that name does. */
  readonly raw: boolean;
  /**
   * Whether tokens are guessed ahead from what was said before and checked several at a time, which changes how fast an
   * answer comes and not what it says; or the path of a smaller model with the same tokens, which guesses them.
   */
  readonly speculative: boolean | string;
  /** Adapters over the weights, in this order. */
  readonly lora: readonly LoraAdapter[];
}

export interface LoraAdapter {
  /** Absolute path of a GGUF file. */
  readonly path: string;
  /** How strongly it applies; 1 is as it was trained. */
  readonly scale: number;
}

/**
 * The options of a request; what it leaves out has its usual value.
 * @throws LlmError `bad-request` for a value that an option cannot have.
 */
export function localOptionsOf({ providerOptions = {} }: ChatRequest): LocalOptions {
  const { raw = false, speculative = false, lora = [] } = providerOptions;
  if (typeof raw !== 'boolean') throw wrong('raw', 'true or false');
  if (typeof speculative !== 'boolean' && !(typeof speculative === 'string' && isAbsolute(speculative)))
    throw wrong('speculative', 'true, false, or the absolute path of a smaller model with the same tokens');
  return { raw, speculative, lora: (Array.isArray(lora) ? lora : [lora]).map(adapterOf) };
}

/** The names of provider options that mean nothing here. */
export function unknownOptions({ providerOptions = {} }: ChatRequest): readonly string[] {
  return Object.keys(providerOptions).filter((name) => !known.has(name));
}

const known: ReadonlySet<string> = new Set<keyof LocalOptions>(['raw', 'speculative', 'lora']);

function adapterOf(value: unknown): LoraAdapter {
  const { path, scale = 1 } =
    typeof value === 'object' && value !== null
      ? (value as { readonly path?: unknown; readonly scale?: unknown })
      : { path: value };
  if (typeof path !== 'string' || !isAbsolute(path) || typeof scale !== 'number' || !Number.isFinite(scale))
    throw wrong('lora', 'the absolute path of an adapter, {path, scale}, or a list of these');
  return { path, scale };
}

function wrong(name: keyof LocalOptions, expected: string): LlmError {
  return new LlmError('bad-request', `The provider option "${name}" of the local runtime is ${expected}.`);
}
