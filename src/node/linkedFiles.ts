import { realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';

/**
 * Refuses a file that a link takes out of the folders it may lie in, so that a repository's prompt cannot send what the
 * user never put there.
 * @throws Error that says so, and the file system's own for a file that is not there or links that go round in circles.
 */
export async function throwIfOutside(file: string, folders: readonly string[]): Promise<void> {
  const real = await realpath(file);
  for (const folder of folders) {
    const path = relative(await realpath(folder), real);
    if (path !== '..' && !path.startsWith(`..${sep}`) && !/^([A-Za-z]:|[\\/])/.test(path)) return;
  }
  throw new Error('it is a link that leads out of the workspace. Put a copy of the file in its place.');
}
