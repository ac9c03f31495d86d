import { type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { partsOf } from '../core/modelParts.ts';

/** A model file, or the parts that one was split into. */
export interface ModelFiles {
  /** The file that names the model: the only one, or the first part. */
  readonly path: string;
  /** Of all parts, in bytes. */
  readonly bytes: number;
  /** Changes with every change of the file at `path`. */
  readonly version: string;
  /** Tells a file from every other, by whichever path it was reached. */
  readonly identity: string;
}

/**
 * Finds GGUF files in folders. It remembers what lies in a folder until the folder's time of change says otherwise, so
 * that looking again costs one call for each folder and each model.
 */
export class ModelWalk {
  readonly #log: (line: string) => void;
  readonly #folders = new Map<string, { readonly changed: bigint; readonly entries: readonly Dirent[] }>();
  /** What was logged already: the same folder is looked into again and again. */
  readonly #told = new Set<string>();

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /**
   * The models in `root` and the folders below it; `root` itself when it is a file. What cannot be read is passed over
   * with a line in the log, what is not there in silence.
   * @throws the signal's reason when it aborts.
   */
  async *filesIn(root: string, signal: AbortSignal): AsyncGenerator<ModelFiles> {
    if (root.toLowerCase().endsWith('.gguf')) yield* this.fileAt(root);
    else yield* this.#filesIn(root, 0, new Set(), signal);
  }

  /** The model that the file at `path` is or begins; nothing when it is not there. */
  async *fileAt(path: string): AsyncGenerator<ModelFiles> {
    const files = await this.#modelAt(path, undefined);
    if (files) yield files;
  }

  async *#filesIn(
    folder: string,
    depth: number,
    seen: Set<string>,
    signal: AbortSignal,
  ): AsyncGenerator<ModelFiles> {
    signal.throwIfAborted();
    const entries = await this.#entriesOf(folder, seen);
    const names = new Set(entries.map(({ name }) => name));
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (/\.gguf$/i.test(entry.name)) {
        const files = isMainFile(entry.name) ? await this.#modelAt(path, names) : undefined;
        if (files) yield files;
      } else if (depth < deepest && !passedOver.test(entry.name) && !entry.isFile()) {
        yield* this.#filesIn(path, depth + 1, seen, signal);
      }
    }
  }

  /** What is in a folder, by name; nothing when it was seen already, which is how a loop of links ends. */
  async #entriesOf(folder: string, seen: Set<string>): Promise<readonly Dirent[]> {
    try {
      // In whole numbers: a disk's numbers for its files can be larger than what a float can tell apart.
      const { dev, ino, mtimeNs, isFolder } = await statOf(folder);
      const identity = `${dev}:${ino}`;
      if (!isFolder || seen.has(identity)) return [];
      seen.add(identity);
      const known = this.#folders.get(folder);
      if (known?.changed === mtimeNs) return known.entries;
      const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) =>
        a.name < b.name ? -1 : 1,
      );
      // Clocks of disks tick slowly: a folder that has just changed can change again within the same tick.
      if (BigInt(Date.now()) * 1_000_000n - mtimeNs > settledNs)
        this.#folders.set(folder, { changed: mtimeNs, entries });
      return entries;
    } catch (error) {
      if (!isMissing(error)) this.#tell(`"${folder}" is not searched for models: ${messageOf(error)}`);
      return [];
    }
  }

  /** @param names of the files in the folder; absent when they are not known, and the parts are looked for. */
  async #modelAt(path: string, names: ReadonlySet<string> | undefined): Promise<ModelFiles | undefined> {
    try {
      const parts = partsOf(path);
      const missing = names && parts.filter((part) => !names.has(basename(part))).length;
      if (missing) {
        this.#tell(`"${path}" is not listed: ${missing} of its ${parts.length} parts are missing.`);
        return undefined;
      }
      const stats = await Promise.all(parts.map(statOf));
      const [first] = stats;
      if (!first || stats.some(({ isFile }) => !isFile)) return undefined;
      return {
        path,
        bytes: stats.reduce((sum, { size }) => sum + Number(size), 0),
        version: `${first.size} ${first.mtimeNs}`,
        identity: `${first.dev}:${first.ino}`,
      };
    } catch (error) {
      this.#tell(`"${path}" is not listed: ${messageOf(error)}`);
      return undefined;
    }
  }

  #tell(line: string): void {
    if (!this.#told.has(line)) this.#log(line);
    this.#told.add(line);
  }
}

/** Neither a later part of a model nor, by its name, the part that reads images. */
function isMainFile(name: string): boolean {
  const [, part] = /-(\d{5})-of-\d{5}\.gguf$/i.exec(name) ?? [];
  return (part === undefined || part === '00001') && !/mmproj/i.test(name);
}

interface Stat {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly isFolder: boolean;
  readonly isFile: boolean;
}

async function statOf(path: string): Promise<Stat> {
  const stats = await stat(path, { bigint: true });
  const { dev, ino, size, mtimeNs } = stats;
  return { dev, ino, size, mtimeNs, isFolder: stats.isDirectory(), isFile: stats.isFile() };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** LM Studio nests by two, the Hugging Face cache by three and the folders of a repository. */
const deepest = 8;

/** Folders without models of their own, which can be large: hidden ones, and where the Hugging Face cache keeps its content. */
const passedOver = /^(\.|node_modules$|blobs$|refs$)/;

const settledNs = 2_000_000_000n;
