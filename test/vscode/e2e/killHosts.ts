import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackedEditor } from '../packedEditor.ts';

/**
 * Ends the extension host of a test's server, without a word to it, and those of windows that were closed, which the
 * server keeps for a while. VS Code starts another by itself. Linux tells whose processes are whose.
 */
export function killExtensionHosts({ server }: Pick<PackedEditor, 'server'>): void {
  const home = `HOME=${join(server.profile, 'home')}`;
  const ids = readdirSync('/proc').filter((id) => {
    try {
      const words = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
      return (
        words.includes('--type=extensionHost') && readFileSync(`/proc/${id}/environ`, 'utf8').includes(home)
      );
    } catch {
      // Not a process, or one that has just ended, or another user's.
      return false;
    }
  });
  assert.notEqual(ids.length, 0);
  for (const id of ids) process.kill(Number(id), 'SIGKILL');
}
