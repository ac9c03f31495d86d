import { statSync } from 'node:fs';
import { LlmError } from '../core/errors.ts';
import type { Encoding } from '../core/tokens/encoding.ts';
import { encodingNames, openAiEncoding, type EncodingName } from '../core/tokens/encodings.ts';
import { modelEncoding } from '../core/tokens/modelEncoding.ts';
import type { RankData } from '../core/tokens/ranks.ts';
import { readGgufHeader } from './tokenizerGguf.ts';
import type { TokenizerSource } from './tokenizerProtocol.ts';

/** Loads each encoding when it is first used and keeps it. */
export class EncodingLibrary {
  readonly #encodings = new Map<EncodingName, Promise<Encoding>>();
  /** The model files' encodings, the one used last at the end. */
  readonly #models = new Map<string, Encoding>();

  /**
   * @throws LlmError `bad-request` when there is no such encoding, or a model file cannot be counted with; it is
   *   read again the next time.
   */
  async encoding(source: TokenizerSource): Promise<Encoding> {
    if (typeof source === 'object') return this.#model(source.gguf);
    if (!Object.hasOwn(ranks, source))
      throw new LlmError('bad-request', `There is no encoding "${source}". Use ${encodingNames.join(', ')}.`);
    let encoding = this.#encodings.get(source);
    if (!encoding) {
      encoding = ranks[source]().then((module) => openAiEncoding(source, module.default));
      this.#encodings.set(source, encoding);
    }
    return encoding;
  }

  #model(path: string): Encoding {
    const key = identityOf(path);
    const encoding = this.#models.get(key) ?? modelEncoding(readGgufHeader(path).vocabulary);
    this.#models.delete(key);
    this.#models.set(key, encoding);
    const [oldest] = this.#models.keys();
    if (this.#models.size > keptModels && oldest !== undefined) this.#models.delete(oldest);
    return encoding;
  }
}

/** A model's tables take 10 to 30 MB. */
const keptModels = 4;

/** What tells a file from the one that stood at its path before; of a missing one, its path. */
function identityOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${path}\n${stat.size}\n${stat.mtimeMs}` : path;
}

const ranks: Record<EncodingName, () => Promise<{ readonly default: RankData }>> = {
  o200k_base: () => import('js-tiktoken/ranks/o200k_base'),
  cl100k_base: () => import('js-tiktoken/ranks/cl100k_base'),
  p50k_base: () => import('js-tiktoken/ranks/p50k_base'),
  r50k_base: () => import('js-tiktoken/ranks/r50k_base'),
};
