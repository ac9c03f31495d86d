import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { getLlama, getLlamaGpuTypes, type Llama, type LlamaOptions } from 'node-llama-cpp';
import { LlmError, messageOf } from '../core/errors.ts';
import { addedPackage, useAddedPackages } from './addedPackages.ts';
import type { Backend, RuntimeSettings } from './protocol.ts';

/** llama.cpp, started. */
export interface StartedBackend {
  readonly llama: Llama;
  /** What computes in fact. */
  readonly backend: Backend;
  readonly devices: readonly string[];
  /** Why it is not what was asked for, or not what has failed, in sentences; `undefined` where it is. */
  readonly fallback: string | undefined;
  /** Why the processor computes where any backend would do; `undefined` where none was looked for or one was found. */
  readonly whyNotGpu: string | undefined;
}

export type BackendSettings = Pick<RuntimeSettings, 'backend' | 'broken' | 'addedBackends'>;

/**
 * Starts llama.cpp on the backend of the user's choice, or on the processor where that does not work or has failed in
 * this session.
 * @param tell told of each backend before it is started, and of the one that computes in the end.
 * @throws LlmError `provider` when not even the processor works.
 */
export async function startBackend(
  settings: BackendSettings,
  tell: (backend: Backend) => void,
  options: LlamaOptions,
): Promise<StartedBackend> {
  const { backend: choice, broken, addedBackends } = settings;
  useAddedPackages(addedBackends);
  const failed: string[] = [];
  const missing: string[] = [];
  let spare: Llama | undefined;
  for (const backend of await graphicsBackends(choice, addedBackends)) {
    const known = broken.find((one) => one.backend === backend);
    if (known) {
      failed.push(known.why);
      continue;
    }
    tell(backend);
    const llama = canExist(backend) ? await start(backend, options).catch(() => undefined) : undefined;
    // With a driver but without a device the library names the interface while the processor computes.
    const devices = llama?.supportsGpuOffloading ? await llama.getGpuDeviceNames() : [];
    if (llama && devices.length > 0) {
      await spare?.dispose();
      return { llama, backend, devices, fallback: sentences(failed), whyNotGpu: undefined };
    }
    missing.push(whyNot(backend, llama !== undefined, addedBackends));
    // A second start would take a second, and this one computes on the processor already.
    if (choice === 'auto' && !spare) spare = llama;
    else await llama?.dispose();
  }
  tell('cpu');
  try {
    const llama = spare ?? (await start('cpu', options));
    const instead = choice === 'auto' ? failed : [...failed, ...missing];
    return {
      llama,
      backend: 'cpu',
      devices: [],
      fallback: instead.length === 0 ? undefined : sentences([...instead, 'The processor computes instead.']),
      whyNotGpu: choice === 'auto' ? sentences(missing.length > 0 ? missing : [noBackend()]) : undefined,
    };
  } catch (cause) {
    const message = `llama.cpp does not start on this machine: ${messageOf(cause)}. Install the extension for ${platform}-${process.arch}.`;
    throw new LlmError('provider', message, { retryable: false, cause });
  }
}

function start(backend: Backend, options: LlamaOptions): Promise<Llama> {
  return getLlama({
    ...options,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    gpu: backend === 'cpu' ? processorBuild : backend,
  });
}

/** What to try before the processor, the fastest first. NODE_LLAMA_CPP_GPU decides for the library's own `auto`. */
async function graphicsBackends(
  choice: RuntimeSettings['backend'],
  addedBackends: string | undefined,
): Promise<readonly Exclude<Backend, 'cpu'>[]> {
  if (choice === 'cpu') return [];
  if (choice !== 'auto') return [choice];
  const forced = process.env['NODE_LLAMA_CPP_GPU'];
  if (forced !== undefined && forced !== 'auto') return isGraphics(forced) ? [forced] : [];
  const found = await getLlamaGpuTypes('supported');
  return found.filter(isGraphics).filter((type) => isPackaged(type, addedBackends));
}

function isGraphics(name: unknown): name is Exclude<Backend, 'cpu'> {
  return name === 'vulkan' || name === 'cuda' || name === 'metal';
}

/** The library takes a backend that a system cannot have for `auto`. */
function canExist(backend: Backend): boolean {
  if (backend === 'metal') return isAppleChip;
  return process.platform !== 'darwin';
}

/** @param isLoaded whether the library's part for it loaded and only the device is missing. */
function whyNot(
  backend: Exclude<Backend, 'cpu'>,
  isLoaded: boolean,
  addedBackends: string | undefined,
): string {
  const name = backendNames[backend];
  if (backend === 'metal' && !canExist('metal')) return 'Metal is only on Macs with an Apple chip.';
  if (!canExist(backend)) return `${name} is not on Macs; Metal is.`;
  if (isLoaded) return `${name} finds no graphics device. Install the driver of your graphics card.`;
  if (!isPackaged(backend, addedBackends)) {
    return backend === 'cuda' && process.arch === 'x64'
      ? 'CUDA is not installed. Add it with "LLM Playground: Add CUDA Support…".'
      : `This extension has no ${name} build for ${platform}-${process.arch}.`;
  }
  return `${name} does not load: ${needs[backend]}`;
}

/** Why there is nothing to try before the processor. */
function noBackend(): string {
  if (process.platform === 'darwin') return 'Macs with an Intel chip compute on the processor.';
  if (!isPackaged('vulkan')) return `This extension has no Vulkan build for ${platform}-${process.arch}.`;
  return 'No driver with Vulkan is installed; a graphics card needs one.';
}

/** Whether the binaries for it came along or were added. An empty package can stand in for one that did not. */
function isPackaged(backend: Exclude<Backend, 'cpu'>, addedBackends?: string): boolean {
  const name = `@node-llama-cpp/${platform}-${process.arch}-${backend}`;
  if (addedPackage(name, addedBackends) !== undefined) return true;
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return folders.some((folder) => existsSync(join(folder, name, 'bins')));
}

function sentences(parts: readonly string[]): string | undefined {
  return parts.length === 0 ? undefined : [...new Set(parts)].join(' ');
}

const platform = { darwin: 'mac', win32: 'win' }[process.platform as string] ?? process.platform;

const isAppleChip = process.platform === 'darwin' && process.arch === 'arm64';

/** For Apple's chips there is one build for both; with no layer on the card the processor computes in it. */
const processorBuild = isAppleChip ? 'metal' : false;

const backendNames = { vulkan: 'Vulkan', cuda: 'CUDA', metal: 'Metal' } as const;

const needs = {
  vulkan: 'the driver of your graphics card with Vulkan is missing or too old. Install or update it.',
  cuda: "NVIDIA's driver or the CUDA 12.4 runtime (cudart, cublas) is missing or too old. Install or update them.",
  metal: 'the system is too old. Update it.',
} as const;
