import { open, type FileHandle } from 'node:fs/promises';
import { LlmError, messageOf } from '../core/errors.ts';

/**
 * What tells one model file from another, and from what stood at its path before.
 * @param asked what the file is and where its path stands, for the error.
 * @throws LlmError `bad-request` when there is no readable GGUF file at `path`.
 */
export async function identify(path: string, asked: AskedFile = modelOfId): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { size, mtimeMs } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    if (buffer.toString('latin1') !== magic) throw notGguf(path);
    return `${path}\n${size}\n${mtimeMs}`;
  } catch (error) {
    throw error instanceof LlmError ? error : unreadable(path, asked, error);
  } finally {
    await file?.close();
  }
}

/** What a file is for the user, and where its path was written. */
export interface AskedFile {
  readonly kind: string;
  readonly where: string;
}

const modelOfId: AskedFile = { kind: 'model file', where: 'after "local/" in the model id' };

const magic = 'GGUF';

function notGguf(path: string): LlmError {
  return new LlmError(
    'bad-request',
    `"${path}" is not a GGUF file, the one format that the local runtime loads. Download the model as .gguf.`,
  );
}

function unreadable(path: string, { kind, where }: AskedFile, cause: unknown): LlmError {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  const what = isMissing
    ? `There is no ${kind} "${path}".`
    : `"${path}" cannot be read (${messageOf(cause)}).`;
  return new LlmError('bad-request', `${what} Correct the path ${where}.`, { cause });
}
