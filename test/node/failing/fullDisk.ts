/** The process of a download on a disk that is full after `$FULL_AFTER` bytes. */
import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let left = Number(process.env['FULL_AFTER']);
const probe = join(tmpdir(), `full-disk-${process.pid}`);
const handle = await open(probe, 'w');
const prototype = Object.getPrototypeOf(handle) as {
  write: (buffer: Uint8Array, ...rest: unknown[]) => Promise<unknown>;
};
await handle.close();
rmSync(probe);
const { write } = prototype;
prototype.write = function (this: unknown, buffer, ...rest) {
  left -= buffer.byteLength;
  if (left < 0)
    return Promise.reject(Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC' }));
  return write.call(this, buffer, ...rest);
};
await import('../../../src/runtime/download.ts');
