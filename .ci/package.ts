/**
 * `npm run package`: the extension as one file, with the local runtime and its binaries inside.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ensureBuild, root, SetupError } from './setup.mjs';

const target = 'linux-x64';

/** The binaries of llama.cpp; the loader takes the first that works on the user's machine. */
const binaries = ['@node-llama-cpp/linux-x64'];

/** What node-llama-cpp needs to compile llama.cpp itself, which the extension never does. */
const compilers = ['cmake-js', 'node-addon-api', 'tar', 'yargs'];

export const vsix = join(root, `llm-playground-${target}.vsix`);

/** Builds, packs and returns the path of the VSIX. */
export function packageExtension(): string {
  ensureBuild('--production');
  // Beside the runtime, because vsce leaves the top-level node_modules out. Only while packing, so that a later
  // `npm install` cannot leave an old copy in front of the new one.
  const runtimePackages = join(root, 'dist', 'runtime', 'node_modules');
  rmSync(runtimePackages, { recursive: true, force: true });
  try {
    for (const path of packagesFor('node-llama-cpp')) {
      cpSync(join(root, path), join(root, 'dist', 'runtime', path), { recursive: true, filter: isNeeded });
    }
    vsce(
      'package',
      '--target',
      target,
      '--no-dependencies',
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      '--out',
      vsix,
    );
  } finally {
    rmSync(runtimePackages, { recursive: true, force: true });
  }
  return vsix;
}

type Packages = Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>;

/** A package and everything it depends on at run time, as the paths that package-lock.json has for them. */
function packagesFor(name: string): Set<string> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Packages;
  };
  const found = new Set([`node_modules/${name}`, ...binaries.map((binary) => `node_modules/${binary}`)]);
  for (const path of found) {
    for (const dependency of Object.keys(packages[path]?.dependencies ?? {})) {
      if (!compilers.includes(dependency)) found.add(locate(dependency, path, packages));
    }
  }
  return found;
}

/** Where node would find a dependency of the package at `path`: in its own node_modules, or in one further up. */
function locate(dependency: string, path: string, packages: Packages): string {
  const own = `${path}/node_modules/${dependency}`;
  if (own in packages) return own;
  const parent = path.lastIndexOf('/node_modules/');
  return parent < 0 ? `node_modules/${dependency}` : locate(dependency, path.slice(0, parent), packages);
}

/** Types, maps and llama.cpp's sources stay behind, and so do nested packages: they are listed by themselves. */
function isNeeded(source: string): boolean {
  const path = source.slice(source.lastIndexOf('node_modules/'));
  if (/\.(map|d\.[cm]?ts|tsbuildinfo|md)$|\/node_modules$/.test(path)) return false;
  if (!path.startsWith('node_modules/node-llama-cpp/')) return true;
  const [, , top, file] = path.split('/');
  return (
    top === undefined ||
    top === 'package.json' ||
    top === 'LICENSE' ||
    top === 'dist' ||
    (top === 'llama' && [undefined, 'binariesGithubRelease.json', 'package.json'].includes(file))
  );
}

function vsce(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/@vscode/vsce/vsce', ...args],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new SetupError(`vsce package failed:\n${stdout}${stderr}`);
}

if (import.meta.main) {
  const file = packageExtension();
  console.log(`${basename(file)} (${(statSync(file).size / 1e6).toFixed(1)} MB)`);
}
