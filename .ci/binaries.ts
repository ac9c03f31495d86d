import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from 'tar';
import { npm, root, SetupError, step, tools } from './setup.mjs';
import { lockedPackages } from './targets.ts';

/**
 * The folder of a package of binaries in the version of package-lock.json. npm installs those of this machine only; the
 * others come from the registry once, and are what the lock file says to the last bit.
 */
export function binaryPackage(name: string): string {
  const path = `node_modules/${name}`;
  const locked = lockedPackages()[path];
  if (!locked?.integrity) throw new SetupError(`package-lock.json does not name ${name}.`);
  const { version, integrity } = locked;
  if (versionIn(join(root, path)) === version) return join(root, path);

  const folder = join(tools, 'binaries', `${name}-${version}`);
  if (versionIn(folder) === version) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    step(`Fetching ${name} ${version}`, () =>
      npm(['pack', `${name}@${version}`, '--pack-destination', draft], draft),
    );
    const file = join(draft, `${name.slice(1).replace('/', '-')}-${version}.tgz`);
    assertIsLocked(name, file, integrity);
    extract({ file, cwd: draft, strip: 1, sync: true });
    rmSync(file);
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

/** @throws SetupError when the file is not what the lock file names. */
export function assertIsLocked(name: string, file: string, integrity: string): void {
  const hash = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  if (hash !== integrity)
    throw new SetupError(
      `The registry's ${name} is not the one of package-lock.json: ${hash}, not ${integrity}.`,
    );
}

function versionIn(folder: string): string | undefined {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return undefined;
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
