import { stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { basename } from 'node:path';
import type { Llama, LlamaModel } from 'node-llama-cpp';
import { LlmError } from '../core/errors.ts';
import { formatBytes, formatCount } from '../core/format.ts';
import { partsOf } from '../core/modelParts.ts';

/** An amount of both memories, in bytes. */
export interface Memory {
  readonly ram: number;
  readonly vram: number;
}

/** Of the memory of the machine: what this process can take, its share of a container's too. */
export function freeRam(): number {
  // macOS counts as free what nobody has ever used, which after an hour is next to nothing.
  return process.platform === 'darwin' ? totalmem() * 0.75 : process.availableMemory();
}

/** How large all files of the model that begins at `path` are, in bytes; 0 for what is not there. */
export async function modelBytes(path: string): Promise<number> {
  const sizes = await Promise.all(
    partsOf(path).map((part) =>
      stat(part).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** @throws LlmError `bad-request` when both memories together are too small for the weights. */
export async function assertWeightsFit(llama: Llama, path: string): Promise<void> {
  const bytes = await modelBytes(path);
  const free = freeRam() + (await freeVram(llama));
  if (bytes <= free) return;
  const message =
    `"${basename(path)}" takes ${formatBytes(bytes)} of memory, and ${formatBytes(free)} are free. ` +
    'Close other programs, unload other models, or take a smaller quantization of it.';
  throw new LlmError('bad-request', message);
}

/**
 * @param size of the context, in tokens.
 * @throws LlmError `bad-request` when a context of that size does not fit beside the model, with the size that would.
 */
export async function assertContextFits(model: LlamaModel, path: string, size: number): Promise<void> {
  const free: Memory = { ram: freeRam(), vram: await freeVram(model.llama) };
  const weights = (
    await model.fileInsights.estimateModelResourceRequirementsV2({ gpuLayers: model.gpuLayers })
  ).cpuRam;
  const takes = async (contextSize: number): Promise<Memory> => {
    const { cpuRam, gpuVram } = await model.fileInsights.estimateContextResourceRequirementsV2({
      contextSize,
      sequences: 1,
      modelGpuLayers: model.gpuLayers,
    });
    return { ram: cpuRam + weights, vram: gpuVram };
  };
  const wanted = await takes(size);
  if (fits(wanted, free)) return;
  const share = Math.min(1, free.ram / wanted.ram, wanted.vram === 0 ? 1 : free.vram / wanted.vram);
  const smaller = await sizeThatFits(size, share, async (tried) => fits(await takes(tried), free));
  throw doesNotFit(path, size, wanted, free, smaller);
}

/** Free graphics memory without what stays for the screen and other programs; 0 on the processor. */
export async function freeVram(llama: Llama): Promise<number> {
  if (llama.gpu === false) return 0;
  return Math.max(0, (await llama.getVramState()).free - llama.vramPaddingSize);
}

/** Whether both memories have room. */
export function fits(wanted: Memory, free: Memory): boolean {
  return wanted.ram <= free.ram && wanted.vram <= free.vram;
}

/**
 * A size that fits and is not much below the largest that does, in steps of 256 tokens; `undefined` when not even one
 * step fits. Few sizes are tried: the engine's estimate takes longer the larger the context is, for millions a second.
 */
export async function sizeThatFits(
  size: number,
  share: number,
  fitsAt: (size: number) => Promise<boolean>,
): Promise<number | undefined> {
  for (let tried = size * share * 0.95; tried >= stepTokens; tried *= 0.85) {
    const steps = Math.floor(tried / stepTokens) * stepTokens;
    if (await fitsAt(steps)) return steps;
  }
  return undefined;
}

function doesNotFit(
  path: string,
  size: number,
  wanted: Memory,
  free: Memory,
  smaller: number | undefined,
): LlmError {
  const isRam = wanted.ram > free.ram;
  const [needed, there, where] = isRam
    ? [wanted.ram, free.ram, 'memory']
    : [wanted.vram, free.vram, 'graphics memory'];
  const what = isRam ? `"${basename(path)}" with a context of` : 'A context of';
  const advice =
    smaller === undefined
      ? 'Close other programs, or take a smaller quantization.'
      : `Set "contextSize" to ${smaller} or less, or close other programs.`;
  return new LlmError(
    'bad-request',
    `${what} ${formatCount(size)} tokens needs ${formatBytes(needed)} of ${where}, and ${formatBytes(there)} are free. ${advice}`,
  );
}

const stepTokens = 256;
