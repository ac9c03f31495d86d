import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decodeText, NotTextError } from '../core/decodeText.ts';
import { longestPrompt, tooLongToRun } from '../core/prompt/parse.ts';
import { partialFileName, type PartialLoader } from '../core/prompt/partials.ts';
import { PromptError, wholeFile } from '../core/prompt/problems.ts';
import type { PromptSource } from '../core/run/prepareRun.ts';
import { throwIfOutside } from './linkedFiles.ts';

/** Four bytes a character is the most that text takes: what is longer is not read for nothing. */
export const longestFile = longestPrompt * 4;

/**
 * Reads a prompt file from disk. Its partials are the files beside it; see `partialFileName`.
 * @throws Error of the file system when the file cannot be read.
 * @throws PromptError at its start when it is too long, or no text.
 */
export async function readPromptFile(path: string): Promise<PromptSource> {
  const file = resolve(path);
  if ((await stat(file)).size > longestFile) throw new PromptError(tooLongToRun, wholeFile);
  return {
    uri: pathToFileURL(file).href,
    name: basename(file),
    text: promptText(await readFile(file)),
    partials: partialsBeside(dirname(file)),
  };
}

/** The text of a prompt's bytes. @throws PromptError at its start when they are no text. */
export function promptText(bytes: Uint8Array): string {
  try {
    return decodeText(bytes);
  } catch (error) {
    if (!(error instanceof NotTextError)) throw error;
    throw new PromptError(`The prompt cannot be read. ${error.message}`, wholeFile, { cause: error });
  }
}

/** A link may lead anywhere below the prompt's folder or the one that the command was called in. */
function partialsBeside(folder: string): PartialLoader {
  return async (name) => {
    const fileName = partialFileName(name);
    if (fileName === undefined) return undefined;
    const file = join(folder, fileName);
    try {
      await throwIfOutside(file, [folder, process.cwd()]);
      return decodeText(await readFile(file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
}
