/**
 * Everything a bare machine lacks, fetched when it is first needed and never twice. Plain JavaScript without
 * imports from npm: this is what runs before anything is installed, on whatever node (>= 20) is there.
 *
 * Each `ensure…` returns where the thing is, prints one line if that takes time, and is silent otherwise.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

export const root = dirname(import.meta.dirname);
export const tools = join(root, '.tools');

const NODE_VERSION = '24.21.0';
const CODE_SERVER_VERSION = '4.139.1';

/** The packages of package-lock.json in node_modules. */
export function ensureDependencies() {
  if (dependenciesAreInstalled()) return;
  step('Installing npm packages', () => npm(['ci'], root));
}

/** A node that has node:sqlite and runs .ts files: this one, or the release that npm ships as a package. */
export function ensureNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;

  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = join(tools, 'node');
  installInto(folder, name, NODE_VERSION);
  const bin = join(folder, 'node_modules', name, 'bin');
  return join(bin, process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Up-to-date bundles in dist/. esbuild takes less time than finding out whether it is needed. */
export function ensureBuild(...args) {
  run(ensureNode(), [join(root, 'esbuild.mjs'), ...args], root);
}

/** VS Code for the browser; returns the script that starts its server (with `ensureNode`). */
export function ensureCodeServer() {
  const folder = join(tools, 'code-server');
  const home = join(folder, 'node_modules', 'code-server');
  installInto(folder, 'code-server', CODE_SERVER_VERSION, (draft) => {
    // Its own install script does these two with native builds, of which none is needed to edit and run
    // extensions. Not `npm ci`: the shrinkwrap lacks a package.
    const vscode = join(draft, 'node_modules', 'code-server', 'lib', 'vscode');
    npm(['install', '--omit=dev'], vscode);
    npm(['install', '--omit=dev'], join(vscode, 'extensions'));
  });
  return join(home, 'out', 'node', 'entry.js');
}

/** A Chromium to drive; `$CHROMIUM` wins over what is on the PATH. */
export function ensureChromium() {
  const find = () =>
    process.env.CHROMIUM ?? ['chromium', 'chromium-browser', 'google-chrome'].map(onPath).find(Boolean);
  if (!find() && process.getuid?.() === 0 && onPath('apt-get')) {
    step('Installing Chromium', () => {
      run('apt-get', ['update', '-qq'], root);
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], root, {
        stdio: 'ignore',
      });
    });
  }
  const found = find();
  if (!found)
    throw new SetupError('Tests in a real editor need Chromium. Install it, or set CHROMIUM to its path.');
  return found;
}

/** Mesa's Vulkan driver in software, where it can be installed; tests that need it are skipped without. */
export function ensureVulkan() {
  const packages = ['mesa-vulkan-drivers', 'libvulkan1'];
  if (existsSync('/usr/share/vulkan/icd.d/lvp_icd.x86_64.json')) return;
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !onPath('apt-get')) return;
  try {
    step('Installing a software Vulkan', () => {
      run('apt-get', ['update', '-qq'], root);
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], root, {
        stdio: 'ignore',
      });
    });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
  }
}

/** The full path of a program on the PATH, or undefined. */
export function onPath(name) {
  const suffixes = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => suffixes.map((suffix) => join(folder, name + suffix)))
    .find(isExecutable);
}

/** Something that set-up cannot do; its message is the whole story. */
export class SetupError extends Error {}

/** Runs `action`; a SetupError ends this process with its message instead of a stack. */
export function reportSetupErrors(action) {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

function dependenciesAreInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = packagesOf(installed);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    ([path, { version, optional }]) =>
      path === '' || (have[path] ? have[path].version === version : optional),
  );
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/**
 * Installs one package with its dependencies into a folder of its own, unless that version is there. It is
 * put together beside the folder and moved into place last, so an interrupted or parallel set-up leaves
 * nothing half done.
 */
function installInto(folder, name, version, finish = () => {}) {
  const manifest = join(folder, 'node_modules', name, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version) return;

  const draft = `${folder}.${process.pid}`;
  step(`Installing ${name} ${version}`, () => {
    mkdirSync(draft, { recursive: true });
    npm(['install', '--no-save', '--no-package-lock', '--prefix', draft, `${name}@${version}`], draft);
    finish(draft);
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  });
}

/** Runs npm without anything that it says by itself. */
export function npm(args, cwd) {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run(onPath('npm') ?? 'npm', [...args, ...options], cwd, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Says what is going on and how long it took. */
export function step(what, action) {
  const start = performance.now();
  process.stderr.write(`${what} … `);
  action();
  process.stderr.write(`${((performance.now() - start) / 1000).toFixed(1)} s\n`);
}

function run(command, args, cwd, { stdio = 'inherit' } = {}) {
  // A .cmd file is a script for Windows' shell.
  const { error, status } = spawnSync(command, args, { cwd, stdio, shell: command.endsWith('.cmd') });
  if (error || status !== 0) {
    throw new SetupError(
      `\`${[command, ...args].join(' ')}\` failed in ${cwd}: ${error?.message ?? `exit ${status}`}`,
    );
  }
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
