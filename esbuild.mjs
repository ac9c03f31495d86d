/**
 * Builds dist/. `--production` minifies and holds the extension to its size; `--watch` rebuilds on every change.
 *
 *   extension.mjs     the part in the extension host, and
 *   cli.mjs           the command line; both share the lazily loaded chunks that lie beside them
 *   *Worker.mjs       a worker thread for each src/.../*Worker.ts
 *   runtime/main.mjs  the process of the local runtime, with node-llama-cpp; beside it download.mjs, the process of a
 *                     download, and testBindingBinary.mjs, in which node-llama-cpp tries its binaries
 *   webview/main.*    the panel, with highlight.js, which colours its code; beside it inspector.*, the token
 *                     inspector, and usage.*, the Usage view
 *   test/index.cjs    the integration tests, which run inside the extension host
 *   notices.txt       with `--production`, the licences of the packages in these, the tests apart
 */
import { globSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { bundledEngine, engineEntries } from './.ci/bundledEngine.mjs';
import { noticesOf } from './.ci/notices.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

process.chdir(import.meta.dirname);

const shared = {
  bundle: true,
  minify: production,
  sourcemap: !production,
  logLevel: watch ? 'silent' : 'warning',
  metafile: true,
};

const node = {
  ...shared,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // Unlike node, esbuild gives a lazily imported CommonJS package a default export and no named ones. dotprompt has an
  // ES module too, but its package.json does not say so.
  // jsonc-parser's other build cannot be bundled.
  alias: {
    dotprompt: './node_modules/dotprompt/dist/index.mjs',
    'jsonc-parser': './node_modules/jsonc-parser/lib/esm/main.js',
  },
  // Bundled CommonJS packages call `require` for node's own modules. An import of `createRequire` could stand here twice.
  banner: {
    js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);",
  },
};

const integration = 'test/vscode/integration';

const bundles = [
  {
    ...node,
    entryPoints: ['src/extension.ts', 'src/cli.ts', ...globSync('src/**/*Worker.ts')],
    // Only ES modules can be split; VS Code takes them as extensions. All lie in one folder, so that an address
    // relative to `import.meta.url` means the same in a chunk as in an entry.
    splitting: true,
    outdir: 'dist',
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    external: ['vscode'],
    plugins: [
      {
        name: 'tidy',
        setup: ({ onEnd }) => onEnd(({ metafile }) => metafile && removeStaleChunks(metafile)),
      },
    ],
  },
  {
    ...node,
    entryPoints: { main: 'src/runtime/main.ts', download: 'src/runtime/download.ts', ...engineEntries },
    outdir: 'dist/runtime',
    plugins: [bundledEngine],
  },
  {
    ...shared,
    entryPoints: {
      main: 'webview/main.tsx',
      highlight: 'webview/highlight/main.ts',
      inspector: 'webview/inspector/main.tsx',
      usage: 'webview/usage/main.tsx',
    },
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  },
  {
    ...shared,
    // Importing a test file registers its tests.
    stdin: {
      contents: [
        ...globSync('*.test.ts', { cwd: integration }).map((file) => `import './${file}';`),
        "export { run } from './index.ts';",
      ].join('\n'),
      resolveDir: integration,
    },
    outfile: 'dist/test/index.cjs',
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode'],
    minify: false,
  },
];

if (watch) await watchAll();
else await buildAll();

async function buildAll() {
  // esbuild has said what is wrong; what can be built is built.
  const results = await Promise.allSettled(bundles.map((bundle) => esbuild.build(bundle)));
  if (results.some(({ status }) => status === 'rejected')) process.exit(1);
  if (!production) return;
  const metafiles = results.map(({ value }) => value.metafile);
  checkExtensionSize(metafiles[0]);
  // The tests come last and are not packed.
  writeFileSync('dist/notices.txt', noticesOf(metafiles.slice(0, -1)));
}

/** Rebuilds until it is ended, and says so in the two lines that .vscode/tasks.json looks for. */
async function watchAll() {
  let running = 0;
  const report = {
    name: 'report',
    setup({ onStart, onEnd }) {
      onStart(() => void (running++ === 0 && console.log('[watch] build started')));
      onEnd(({ errors }) => {
        for (const { text, location } of errors) {
          const { file, line, column } = location ?? { file: 'esbuild.mjs', line: 1, column: 0 };
          console.error(`${file}:${line}:${column + 1}: error: ${text}`);
        }
        if (--running === 0) console.log('[watch] build finished');
      });
    },
  };
  for (const bundle of bundles) {
    const context = await esbuild.context({ ...bundle, plugins: [...(bundle.plugins ?? []), report] });
    await context.watch();
  }
}

/** A chunk's name holds the hash of its content, so every change leaves an old one behind. */
function removeStaleChunks({ outputs }) {
  for (const file of readdirSync('dist').filter((name) => /-[A-Z0-9]{8}\.mjs(\.map)?$/.test(name))) {
    if (!(`dist/${file}` in outputs)) rmSync(join('dist', file), { force: true });
  }
}

/** VS Code waits for everything that the extension imports before its first use: SDKs and tokenizers may not be in it. */
function checkExtensionSize({ outputs }) {
  const limit = 400_000;
  const loaded = new Set(['dist/extension.mjs']);
  for (const file of loaded) {
    for (const { path, kind } of outputs[file].imports)
      if (kind === 'import-statement' && path in outputs) loaded.add(path);
  }
  const bytes = [...loaded].reduce((sum, file) => sum + outputs[file].bytes, 0);
  if (bytes > limit)
    throw new Error(
      `The extension loads ${bytes} bytes at its start, more than ${limit}: ${[...loaded].join(', ')}`,
    );
}
