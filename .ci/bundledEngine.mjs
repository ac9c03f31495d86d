import { readFile } from 'node:fs/promises';

/**
 * The entry that must be bundled with whatever bundles the engine: node-llama-cpp tries a binary in a process of its
 * own, for which it forks this file, by this name, beside the bundle.
 */
export const engineEntries = {
  testBindingBinary: 'node_modules/node-llama-cpp/dist/bindings/utils/testBindingBinary.js',
};

/**
 * Lets esbuild bundle node-llama-cpp, whose hundreds of files take longer to import than the demo model to load.
 *
 * Its modules look for files of their package, such as package.json, from where they lie themselves. In the bundle each
 * is told the address that it would have in the package, which is found at run time: in the repository's node_modules or
 * in those that are packed beside the bundle. Of the package nothing else than these files has to be there.
 */
export const bundledEngine = {
  name: 'bundled-engine',
  setup({ onLoad, onResolve, resolve }) {
    // Native, each for one platform only, or there in some processes only: imported when they are there.
    onResolve({ filter: /^(@node-llama-cpp\/.*|@reflink\/reflink|electron)$/ }, ({ path }) => ({
      path,
      external: true,
    }));

    onResolve({ filter: notNeeded }, ({ path, importer }) =>
      modules.test(importer) ? { path, namespace: 'not-needed' } : undefined,
    );
    onLoad({ filter: /^/, namespace: 'not-needed' }, () => ({ contents: 'module.exports = {};' }));

    // A module of it whose exports nobody uses can go, with all that it imports. Its package.json does not say so.
    onResolve({ filter: /^(node-llama-cpp$|\.)/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === isResolved || (path.startsWith('.') && !modules.test(from.importer)))
        return undefined;
      const found = await resolve(path, { ...from, pluginData: isResolved });
      return { ...found, sideEffects: false };
    });

    onResolve({ filter: /^bundled-engine:package$/ }, ({ path }) => ({ path, namespace: 'bundled-engine' }));
    onLoad({ filter: /^/, namespace: 'bundled-engine' }, () => ({ contents: packageAddress }));
    onLoad({ filter: modules }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const [, file] = modules.exec(path.replaceAll('\\', '/'));
      if (file === testFile) return { contents: text.replaceAll('import.meta.url', testAddress) };
      const address = `new URL(${JSON.stringify(file)}, packageAddress).href`;
      return {
        contents: `import { packageAddress } from 'bundled-engine:package';\n${text.replaceAll('import.meta.url', address)}`,
      };
    });
  },
};

/**
 * What draws progress in a terminal and fetches llama.cpp's source to build it, neither of which the runtime asks the
 * library for. Setting it up takes 60 ms, most of them for tables of Unicode.
 */
const notNeeded = /^(simple-git|ora|stdout-update|slice-ansi|log-symbols)$/;

const modules = /node_modules[\\/]node-llama-cpp[\\/](dist[\\/].*\.js)$/;
const isResolved = Symbol('resolved by the others');

const packageAddress = `
import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';
export const packageAddress = pathToFileURL(findPackageJSON('node-llama-cpp', import.meta.url)).href;
`;

const testFile = 'dist/bindings/utils/testBindingBinary.js';
const testAddress = 'new URL("testBindingBinary.mjs", import.meta.url).href';
