import { glob, readFile, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { decodeText } from '../core/decodeText.ts';

/**
 * The files that a command line names, each once and in its order: `-` for standard input, paths, and patterns such
 * as `src/**` that no shell has expanded, whose files come sorted. What nothing is found for stays as it was named.
 */
export async function* filesFor(named: readonly string[]): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (const name of named) {
    for (const file of await filesNamed(name)) {
      if (!seen.has(file)) yield file;
      seen.add(file);
    }
  }
}

/**
 * The text of a file, or of standard input for `-`, without a byte order mark.
 * @throws Error for what cannot be read, and for what is not text in UTF-8.
 */
export async function readText(file: string): Promise<string> {
  if (file === '-') return decodeText(await buffer(process.stdin));
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new Error(problems[(error as NodeJS.ErrnoException).code ?? ''] ?? 'It cannot be read.', {
      cause: error,
    });
  });
  return decodeText(bytes);
}

async function filesNamed(name: string): Promise<readonly string[]> {
  const isThere = await stat(name).catch(() => undefined);
  if (isThere || !/[*?[{]/.test(name)) return [name];
  const files: string[] = [];
  for await (const path of glob(name)) if ((await stat(path)).isFile()) files.push(path);
  return files.length > 0 ? files.sort() : [name];
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  EISDIR: 'It is a folder. Name its files, such as "folder/**/*.md".',
  EACCES: 'It may not be read. Change its permissions.',
  ERR_FS_FILE_TOO_LARGE: 'It is too large: files of up to 2 GiB can be read.',
};
