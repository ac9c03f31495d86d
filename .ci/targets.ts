import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

/**
 * The platforms that a VSIX is made for, by VS Code's names, with the packages of llama.cpp's binaries that go into it.
 * Metal's computes on the processor too. CUDA's are hundreds of megabytes and come by a command of the extension.
 */
export const targets = {
  'win32-x64': ['win-x64', 'win-x64-vulkan'],
  'win32-arm64': ['win-arm64'],
  'darwin-arm64': ['mac-arm64-metal'],
  'darwin-x64': ['mac-x64'],
  'linux-x64': ['linux-x64', 'linux-x64-vulkan'],
  'linux-arm64': ['linux-arm64'],
} as const;

export type Target = keyof typeof targets;

export function isTarget(name: string): name is Target {
  return Object.hasOwn(targets, name);
}

/** This machine's; `undefined` where there are no binaries for it. */
export function ownTarget(): Target | undefined {
  const name = `${process.platform}-${process.arch}`;
  return isTarget(name) ? name : undefined;
}

/** The packages of a target's binaries by their whole names. */
export function binariesOf(target: Target): readonly string[] {
  return targets[target].map((name) => `@node-llama-cpp/${name}`);
}

export interface LockedPackage {
  readonly version: string;
  /** `sha512-` and the hash in base64. */
  readonly integrity?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

/** What package-lock.json says of each package, by its path in the working tree. */
export function lockedPackages(): Readonly<Record<string, LockedPackage>> {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
  return (JSON.parse(text) as { packages: Readonly<Record<string, LockedPackage>> }).packages;
}
