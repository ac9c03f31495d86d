import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { partialFileName, type PartialLoader } from '../core/prompt/partials.ts';
import type { PromptSource } from '../core/run/prepareRun.ts';

/**
 * Reads a prompt file from disk. Its partials are the files beside it; see `partialFileName`.
 * @throws Error of the file system when the file cannot be read.
 */
export async function readPromptFile(path: string): Promise<PromptSource> {
  const file = resolve(path);
  return {
    uri: pathToFileURL(file).href,
    name: basename(file),
    text: await readFile(file, 'utf8'),
    partials: partialsBeside(dirname(file)),
  };
}

function partialsBeside(folder: string): PartialLoader {
  return async (name) => {
    const file = partialFileName(name);
    if (file === undefined) return undefined;
    try {
      return await readFile(join(folder, file), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
}
