import { basename, dirname } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import type { LocalModel } from './localModel.ts';
import { knownFolders, type ModelFolder } from './localModelsFolders.ts';
import type { ModelHeader } from './localModelsHeader.ts';
import { ollamaFiles } from './localModelsOllama.ts';
import { HeaderReader } from './localModelsReader.ts';
import { type ModelFiles, ModelWalk } from './localModelsWalk.ts';
import { ollamaFolders } from './ollamaModels.ts';

export interface LocalModelsOptions {
  /** The folders beside those of other programs, or single files, as they are now. */
  readonly folders: () => readonly ModelFolder[];
  /** Absent means this machine's. */
  readonly knownFolders?: readonly ModelFolder[];
  /** Absent means this machine's. */
  readonly ollamaFolders?: readonly string[];
  /** How long a search may keep a caller waiting, in ms. Absent means 700: a view that waits longer feels stuck. */
  readonly budgetMs?: number;
  /** Told when a search ended that had been answered before it did: there may be more now. */
  readonly onLate?: () => void;
  /** Why a file is not listed. */
  readonly log: (line: string) => void;
}

/**
 * The models on this disk that other programs have downloaded, or that lie in the user's folders. Nothing is looked for
 * before the first `list`, and headers are read once.
 */
export class LocalModels {
  readonly #options: LocalModelsOptions;
  readonly #walk: ModelWalk;
  readonly #headers = new Map<string, ModelHeader | undefined>();
  #found = new Map<string, LocalModel>();
  #search: Promise<void> | undefined;

  constructor(options: LocalModelsOptions) {
    this.#options = options;
    this.#walk = new ModelWalk(options.log);
  }

  /**
   * What is on the disk now, by name. When the disk is slow, it answers in time with what has been found so far; the
   * search goes on and `onLate` is told of its end. An abort ends the waiting and not the search.
   */
  async list(signal: AbortSignal): Promise<readonly LocalModel[]> {
    const search = (this.#search ??= this.#searchAll().finally(() => (this.#search = undefined)));
    const isDone = await within(search, this.#options.budgetMs ?? 700, signal);
    if (!isDone) void search.then(this.#options.onLate);
    return [...this.#found.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  }

  /** The model that was found at `path`, or `undefined` when none was (yet). */
  at(path: string): LocalModel | undefined {
    return this.#found.get(path);
  }

  /**
   * Reads the header of a file of the user's choice.
   * @throws LlmError `bad-request` when it is no whole model.
   */
  async check(path: string, signal: AbortSignal): Promise<ModelHeader> {
    using reader = new HeaderReader();
    return await reader.read(path, signal);
  }

  async #searchAll(): Promise<void> {
    const { folders, log } = this.#options;
    const signal = AbortSignal.timeout(longestSearchMs);
    const known = this.#options.knownFolders ?? knownFolders();
    const seen = new Set<string>();
    const before = new Set(this.#found.keys());
    using reader = new HeaderReader();
    const take = async (files: ModelFiles, owner: string, name?: string): Promise<void> => {
      if (seen.has(files.identity)) return;
      seen.add(files.identity);
      const header = await this.#headerOf(files, reader, signal);
      if (!header) return;
      this.#found.set(files.path, modelOf(files, header, owner, name));
      before.delete(files.path);
    };
    try {
      for (const { path, owner } of [...folders(), ...known])
        for await (const files of this.#walk.filesIn(path, signal)) await take(files, owner);
      for (const folder of this.#options.ollamaFolders ?? ollamaFolders())
        for await (const { name, path } of ollamaFiles(folder))
          for await (const files of this.#walk.fileAt(path)) await take(files, 'Ollama', name);
      for (const path of before) this.#found.delete(path);
    } catch (error) {
      log(`The search for models was given up: ${messageOf(error)}`);
    }
  }

  /** @returns `undefined` for a file that is not a model that answers; the log says why. */
  async #headerOf(
    { path, version }: ModelFiles,
    reader: HeaderReader,
    signal: AbortSignal,
  ): Promise<ModelHeader | undefined> {
    const key = `${path}\n${version}`;
    if (this.#headers.has(key)) return this.#headers.get(key);
    let header: ModelHeader | undefined;
    try {
      header = await reader.read(path, signal);
      if (header.unfit !== undefined) {
        this.#options.log(`"${path}" is not listed: it ${header.unfit}.`);
        header = undefined;
      }
    } catch (error) {
      signal.throwIfAborted();
      this.#options.log(`Not listed: ${messageOf(error)}`);
    }
    this.#headers.set(key, header);
    return header;
  }
}

/** @returns false when `signal` or the time ended the waiting first. */
async function within(done: Promise<void>, ms: number, signal: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  const { promise: late, resolve } = Promise.withResolvers<false>();
  limit.addEventListener('abort', () => resolve(false), { once: true });
  if (limit.aborted) return false;
  return Promise.race([done.then(() => true), late]);
}

function modelOf(
  { path, bytes }: ModelFiles,
  header: ModelHeader,
  owner: string,
  ownName: string | undefined,
): LocalModel {
  const { name = stemOf(path), parameters, quantization, contextWindow, tools, reasoning, isBase } = header;
  // The name of the file knows mixtures, such as UD-Q4_K_XL, that the header has no number for.
  const quant = quantizationIn(path) ?? quantization;
  const isNamed = quant === undefined || name.toUpperCase().includes(quant);
  const facts = [parameters && `${parameters} parameters`, quant, formatBytes(bytes), `found in ${owner}`];
  return {
    id: path,
    name: ownName ?? (isNamed ? name : `${name} ${quant}`),
    description: `${facts.filter(Boolean).join(', ')}.${isBase ? ' It continues text and does not answer messages.' : ''}`,
    path,
    bytes,
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(tools ? { tools } : {}),
    ...(reasoning ? { reasoning } : {}),
  };
}

/** The name of a file without its ending, quantization and part; of its folder where that says nothing. */
function stemOf(path: string): string {
  const stem = basename(path)
    .replace(/\.gguf$/i, '')
    .replace(/-00001-of-\d{5}$/, '')
    .replace(quantizationPattern, '');
  return /^(model|ggml-model)?$/i.test(stem) ? basename(dirname(path)) : stem;
}

function quantizationIn(path: string): string | undefined {
  return quantizationPattern
    .exec(basename(path).replace(/(-00001-of-\d{5})?\.gguf$/i, ''))?.[1]
    ?.toUpperCase();
}

/** The quantization at the end of a file's name, as most makers write it. */
const quantizationPattern = /[-._]((?:UD-)?(?:I?Q\d(?:_[A-Z0-9]+)*|BF16|F16|F32|MXFP4(?:_MOE)?))$/i;

/** A folder on a network that hangs must not be searched for ever. */
const longestSearchMs = 30_000;
