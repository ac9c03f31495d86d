import { existsSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { getLlama, type Llama, type LlamaOptions } from 'node-llama-cpp';
import { LlmError, messageOf } from '../core/errors.ts';
import type { Backend, BackendChoice } from './protocol.ts';

/** llama.cpp, started. */
export interface StartedBackend {
  readonly llama: Llama;
  /** What computes in fact. */
  readonly backend: Backend;
  readonly devices: readonly string[];
  /** Why it is not what was asked for, in a sentence; `undefined` where it is. */
  readonly fallback: string | undefined;
}

/**
 * Starts llama.cpp on the backend of the user's choice, or on the processor where that does not work.
 * @throws LlmError `provider` when not even the processor works.
 */
export async function startBackend(choice: BackendChoice, options: LlamaOptions): Promise<StartedBackend> {
  const start = (gpu?: Exclude<Backend, 'cpu'> | false): Promise<Llama> =>
    getLlama({
      ...options,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      ...(gpu === undefined ? {} : { gpu }),
    });
  let fallback: string | undefined;
  try {
    if (choice === 'auto') return await told(await start(), undefined);
    if (choice !== 'cpu') {
      const llama = canExist(choice) ? await start(choice).catch(() => undefined) : undefined;
      const started = llama && (await told(llama, undefined));
      if (started?.backend === choice) return started;
      await llama?.dispose();
      fallback = `${whyNot(choice, llama !== undefined)} The processor computes instead.`;
    }
    return await told(await start(false), fallback);
  } catch (cause) {
    const message = `llama.cpp does not start on this machine: ${messageOf(cause)}. Install the extension for ${platform}-${process.arch}.`;
    throw new LlmError('provider', message, { retryable: false, cause });
  }
}

/** With a driver but without a device the library names the interface while the processor computes. */
async function told(llama: Llama, fallback: string | undefined): Promise<StartedBackend> {
  const { gpu } = llama;
  if (gpu === false) return { llama, backend: 'cpu', devices: [], fallback };
  const devices = await llama.getGpuDeviceNames();
  const computes = llama.supportsGpuOffloading && devices.length > 0;
  return { llama, backend: computes ? gpu : 'cpu', devices: computes ? devices : [], fallback };
}

/** The library takes a backend that a system cannot have for `auto`. */
function canExist(backend: Backend): boolean {
  if (backend === 'metal') return process.platform === 'darwin' && process.arch === 'arm64';
  return process.platform !== 'darwin';
}

/** @param isLoaded whether the library's part for it loaded and only the device is missing. */
function whyNot(backend: Exclude<Backend, 'cpu'>, isLoaded: boolean): string {
  const name = backendNames[backend];
  if (backend === 'metal' && !canExist('metal')) return 'Metal is only on Macs with an Apple chip.';
  if (!canExist(backend)) return `${name} is not on Macs; Metal is.`;
  if (isLoaded) return `${name} finds no graphics device. Install the driver of your graphics card.`;
  if (!isPackaged(backend)) return `This extension has no ${name} build for ${platform}-${process.arch}.`;
  return `${name} does not load: ${needs[backend]}`;
}

/** Whether the binaries for it came along. An empty package can stand in for one that did not. */
function isPackaged(backend: Backend): boolean {
  const name = `@node-llama-cpp/${platform}-${process.arch}-${backend}`;
  const folders = module.createRequire(import.meta.url).resolve.paths(name) ?? [];
  return folders.some((folder) => existsSync(join(folder, name, 'bins')));
}

const platform = { darwin: 'mac', win32: 'win' }[process.platform as string] ?? process.platform;

const backendNames = { vulkan: 'Vulkan', cuda: 'CUDA', metal: 'Metal' } as const;

const needs = {
  vulkan: 'the driver of your graphics card with Vulkan is missing or too old. Install or update it.',
  cuda: "NVIDIA's driver or the CUDA 12.4 runtime (cudart, cublas) is missing or too old. Install or update them.",
  metal: 'the system is too old. Update it.',
} as const;
