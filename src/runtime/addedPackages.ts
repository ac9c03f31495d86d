import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The folder of a package of binaries that was added after the extension was installed; `undefined` where it was not.
 * @param folder with the packages by their names.
 */
export function addedPackage(name: string, folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined;
  const path = join(folder, name);
  return existsSync(join(path, 'bins')) ? path : undefined;
}

/**
 * Has the engine's library find such packages. It imports them by name and looks nowhere else than beside itself,
 * where the extension's own folder is not to be written to.
 */
export function useAddedPackages(folder: string | undefined): void {
  if (folder === undefined) return;
  registerHooks({
    resolve(specifier, context, next) {
      const path = specifier.startsWith('@node-llama-cpp/') ? addedPackage(specifier, folder) : undefined;
      if (path === undefined) return next(specifier, context);
      return { url: pathToFileURL(join(path, 'dist', 'index.js')).href, shortCircuit: true };
    },
  });
}
