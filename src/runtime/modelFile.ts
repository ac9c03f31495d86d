import { open, type FileHandle } from 'node:fs/promises';
import { LlmError, messageOf } from '../core/errors.ts';

/**
 * What tells one model file from another, and from what stood at its path before.
 * @throws LlmError `bad-request` when there is no readable GGUF file at `path`.
 */
export async function identify(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { size, mtimeMs } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    if (buffer.toString('latin1') !== magic) throw notGguf(path);
    return `${path}\n${size}\n${mtimeMs}`;
  } catch (error) {
    throw error instanceof LlmError ? error : unreadable(path, error);
  } finally {
    await file?.close();
  }
}

const magic = 'GGUF';

function notGguf(path: string): LlmError {
  return new LlmError(
    'bad-request',
    `"${path}" is not a GGUF file, the one format that the local runtime loads. Download the model as .gguf.`,
  );
}

function unreadable(path: string, cause: unknown): LlmError {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  const what = isMissing
    ? `There is no model file "${path}".`
    : `"${path}" cannot be read (${messageOf(cause)}).`;
  return new LlmError('bad-request', `${what} Correct the path after "local/" in the model id.`, { cause });
}
