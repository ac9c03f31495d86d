/**
 * How little `activate` does: the time from loading the extension's file to the end of `activate`, each in a fresh
 * process with a stand-in for the `vscode` module, against loading an empty file the same way; and the bytes that
 * are loaded by then.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from './median.ts';

const rounds = 15;
const dist = join(import.meta.dirname, '../../dist');
const folder = mkdtempSync(join(tmpdir(), 'activation-'));

// Every name is a class and a function and a namespace at once, which is all that registering needs.
writeFileSync(
  join(folder, 'vscode.mjs'),
  `const anything = () => new Proxy(function () {}, {
     get: (_, name) => (name === Symbol.toPrimitive ? () => '' : name === 'then' ? undefined : anything()),
     apply: () => anything(),
     construct: () => anything(),
     set: () => true,
   });
   ${importedNames()
     .map((name) => `export const ${name} = anything();`)
     .join('\n')}`,
);
writeFileSync(
  join(folder, 'hooks.mjs'),
  `import { registerHooks } from 'node:module';
   registerHooks({ resolve: (name, context, next) => name === 'vscode'
     ? { url: ${JSON.stringify(pathToFileURL(join(folder, 'vscode.mjs')).href)}, format: 'module', shortCircuit: true }
     : next(name, context) });`,
);
writeFileSync(join(folder, 'empty.mjs'), 'export function activate() {}');
writeFileSync(
  join(folder, 'measure.mjs'),
  `await import('./vscode.mjs');
   const { Uri: anything } = await import('./vscode.mjs');
   const context = {
     extensionPath: '/', extensionUri: {}, globalStorageUri: { fsPath: '/' }, subscriptions: [],
     secrets: anything, workspaceState: anything, globalState: anything,
   };
   const started = performance.now();
   const { activate } = await import(process.argv[2]);
   const loaded = performance.now();
   activate(context);
   console.log(JSON.stringify({ loadMs: loaded - started, activateMs: performance.now() - loaded }));
   process.exit();`,
);

interface Start {
  readonly loadMs: number;
  readonly activateMs: number;
}

const ours: Start[] = [];
const empty: Start[] = [];
for (let round = 0; round < rounds; round++) {
  ours.push(start(join(dist, 'extension.mjs')));
  empty.push(start(join(folder, 'empty.mjs')));
}
rmSync(folder, { recursive: true });

const of = (starts: readonly Start[], key: keyof Start): string =>
  median(starts.map((each) => each[key])).toFixed(1);
console.log(`  activate() ${of(ours, 'activateMs')} ms after loading for ${of(ours, 'loadMs')} ms (an empty extension: ${of(empty, 'loadMs')} ms)
  loads ${(bytesAtStart() / 1000).toFixed(0)} KB`);

function start(extension: string): Start {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', join(folder, 'hooks.mjs'), join(folder, 'measure.mjs'), pathToFileURL(extension).href],
    { encoding: 'utf8' },
  );
  if (stdout === '') throw new Error(`The extension did not start:\n${stderr.slice(-500)}`);
  return JSON.parse(stdout) as Start;
}

/** The extension's file and what it imports before it runs, directly or through others. */
function filesAtStart(): Set<string> {
  const files = new Set([join(dist, 'extension.mjs')]);
  for (const file of files) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/(?:from|^import)\s*"\.\/([^"]+\.mjs)"/gm)) {
      if (name !== undefined) files.add(join(dist, name));
    }
  }
  return files;
}

function bytesAtStart(): number {
  return [...filesAtStart()].reduce((sum, file) => sum + statSync(file).size, 0);
}

/** What the extension takes from `vscode`: an ES module only links when every name is there. */
function importedNames(): string[] {
  const names = new Set<string>();
  for (const file of filesAtStart()) {
    for (const [, list = ''] of readFileSync(file, 'utf8').matchAll(
      /import\s*\{([^}]*)\}\s*from\s*"vscode"/g,
    )) {
      for (const name of list.split(',')) names.add(name.trim().split(/\s+as\s+/)[0] ?? '');
    }
  }
  return [...names];
}
