/**
 * `npm run package [-- --target NAME…|all]`: the extension as one file a platform, with the local runtime and its
 * binaries inside; without a name, for this one. Prints what each takes.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { binaryPackage } from './binaries.ts';
import { ensureBuild, root, SetupError } from './setup.mjs';
import { binariesOf, isTarget, ownTarget, type Target, targets } from './targets.ts';
import { engine, engineFiles, packedFiles, problemsOf } from './vsixContents.ts';

/** Where the VSIX for this machine goes. */
export function ownVsix(): string {
  return vsixOf(requiredOwnTarget());
}

/** Builds and packs the extension for this machine. @returns the path of the VSIX. */
export async function packageExtension(): Promise<string> {
  ensureBuild('--production');
  return packFor(requiredOwnTarget());
}

/** Packs what has been built. @throws SetupError when the VSIX lacks a file or has one too many. */
async function packFor(target: Target): Promise<string> {
  const vsix = vsixOf(target);
  // Beside the runtime, because vsce leaves the top-level node_modules out. Only while packing, so that a later
  // `npm install` cannot leave an old copy in front of the new one.
  const runtimePackages = join(root, 'dist', 'runtime', 'node_modules');
  rmSync(runtimePackages, { recursive: true, force: true });
  try {
    for (const file of engineFiles)
      copy(join(root, 'node_modules', engine, file), join(runtimePackages, engine, file));
    for (const name of binariesOf(target)) copy(binaryPackage(name), join(runtimePackages, name));
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
  const problems = problemsOf(target, await packedFiles(vsix));
  if (problems.length > 0) throw new SetupError(`The VSIX for ${target} is wrong:\n${problems.join('\n')}`);
  return vsix;
}

function vsixOf(target: Target): string {
  return join(root, `llm-playground-${target}.vsix`);
}

/** Types and maps stay behind. */
function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !/\.(map|d\.[cm]?ts|tsbuildinfo|md)$/.test(path) });
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

function requiredOwnTarget(): Target {
  const target = ownTarget();
  if (!target)
    throw new SetupError(
      `There are no binaries for ${process.platform}-${process.arch}, only for ${Object.keys(targets).join(', ')}.`,
    );
  return target;
}

function targetsIn(args: string[]): readonly Target[] {
  const { values } = parseArgs({ args, options: { target: { type: 'string', multiple: true } } });
  const named = values.target?.flatMap((names) => names.split(','));
  if (!named) return [requiredOwnTarget()];
  if (named.includes('all')) return Object.keys(targets).filter(isTarget);
  return named.map((name) => {
    if (isTarget(name)) return name;
    throw new SetupError(
      `There is no target "${name}". Name some of ${Object.keys(targets).join(', ')}, or all.`,
    );
  });
}

if (import.meta.main) {
  try {
    const wanted = targetsIn(process.argv.slice(2));
    ensureBuild('--production');
    const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1).padStart(8);
    console.log(`${'Target'.padEnd(14)}VSIX MB  unpacked  of it binaries`);
    for (const target of wanted) {
      const vsix = await packFor(target);
      const files = await packedFiles(vsix);
      const sum = (part: typeof files): number => part.reduce((total, { bytes }) => total + bytes, 0);
      const binaries = files.filter(({ path }) => path.includes('/bins/'));
      console.log(
        `${target.padEnd(12)} ${megabytes(statSync(vsix).size)}  ${megabytes(sum(files))}  ${megabytes(sum(binaries))}  ${binariesOf(target).join(', ')}`,
      );
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
