import { existsSync, renameSync, statSync } from 'node:fs';

/** Whether SQLite found that a file is no database or a damaged one. */
export function isDamaged(error: unknown): boolean {
  const code = resultCodeOf(error);
  return (code === 11 && !isIndexDamaged(error)) || code === 26;
}

/** Whether only the index of the search is damaged (SQLITE_CORRUPT_VTAB). */
export function isIndexDamaged(error: unknown): boolean {
  return (error as { readonly errcode?: unknown }).errcode === 267;
}

/** Whether another program holds the file for longer than was waited. */
export function isBusy(error: unknown): boolean {
  const code = resultCodeOf(error);
  return code === 5 || code === 6;
}

/**
 * Moves a damaged file out of the way, with its log, and answers with its new name. `undefined` when that is not the
 * file any more that was found damaged, because another window was faster.
 * @param inode of the file that was found damaged.
 * @throws Error when it cannot be moved, such as on Windows while another window has it open.
 */
export function setAside(path: string, inode: number | undefined, now: number): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.ino !== inode) return undefined;
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const aside = `${path}.damaged-${stamp}`;
  // The log first: left behind, it would be taken for the new file's.
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}

/** SQLite's primary result code, https://www.sqlite.org/rescode.html; `undefined` for other errors. */
function resultCodeOf(error: unknown): number | undefined {
  const { errcode } = error as { readonly errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}
