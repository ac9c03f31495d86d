import { GgufInsights, type Llama, readGgufFileInfo } from 'node-llama-cpp';
import type { StartedBackend } from './backend.ts';
import { fits, freeRam, freeVram, type Memory, sizeThatFits } from './memory.ts';
import type { Plan } from './protocol.ts';

/**
 * What the model at `path` would take if it were loaded now. Reads its header and nothing more.
 * @param contextSize in tokens; absent means what a run takes that does not say.
 * @param idle what models hold that would be given up for it.
 */
export async function planFor(
  { llama, backend }: StartedBackend,
  path: string,
  contextSize: number | undefined,
  idle: Memory,
): Promise<Plan> {
  const insights = await insightsOf(llama, path);
  const trained = insights.trainContextSize ?? defaultContextSize;
  const size = contextSize ?? Math.min(trained, defaultContextSize);
  const free = { ram: freeRam() + idle.ram, vram: (await freeVram(llama)) + idle.vram };
  const planned = async (tokens: number): Promise<Memory & { readonly gpuLayers: number }> => {
    const gpuLayers = backend === 'cpu' ? 0 : await layersOnCard(llama, insights, tokens, free.vram);
    return { ...(await needOf(insights, tokens, gpuLayers)), gpuLayers };
  };
  const wanted = await planned(size);
  const isRoom = fits(wanted, free);
  const most = Math.max(size, trained);
  const fittingContext =
    isRoom && fits(await planned(most), free)
      ? most
      : await sizeThatFits(most, Math.min(1, free.ram / (await planned(most)).ram), async (tokens) =>
          fits(await planned(tokens), free),
        );
  return {
    contextSize: size,
    layers: insights.totalLayers,
    gpuLayers: wanted.gpuLayers,
    ram: { wanted: wanted.ram, free: free.ram },
    ...(backend === 'cpu' ? {} : { vram: { wanted: wanted.vram, free: free.vram } }),
    fits: isRoom,
    ...(fittingContext === undefined ? {} : { fittingContext }),
  };
}

/** What it would take with all of its layers on the card. */
export async function wholeOnCard(llama: Llama, path: string): Promise<Memory> {
  const insights = await insightsOf(llama, path);
  const size = Math.min(insights.trainContextSize ?? defaultContextSize, defaultContextSize);
  return needOf(insights, size, insights.totalLayers);
}

async function insightsOf(llama: Llama, path: string): Promise<GgufInsights> {
  const info = await readGgufFileInfo(path, { sourceType: 'filesystem', logWarnings: false });
  return GgufInsights.from(info, llama);
}

async function needOf(insights: GgufInsights, contextSize: number, gpuLayers: number): Promise<Memory> {
  const [weights, context] = await Promise.all([
    insights.estimateModelResourceRequirementsV2({ gpuLayers }),
    insights.estimateContextResourceRequirementsV2({
      contextSize,
      sequences: 1,
      modelGpuLayers: gpuLayers,
    }),
  ]);
  return { ram: weights.cpuRam + context.cpuRam, vram: weights.gpuVram + context.gpuVram };
}

/** As many as the engine would put there. @returns 0 when not even one fits beside the context. */
async function layersOnCard(
  llama: Llama,
  insights: GgufInsights,
  contextSize: number,
  freeBytes: number,
): Promise<number> {
  const { total } = await llama.getVramState();
  try {
    const { gpuLayers } = await insights.configurationResolver.resolveModelGpuLayersV2(
      { fitContext: { contextSize } },
      {
        llamaVramPaddingSize: 0,
        llamaGpu: llama.gpu,
        llamaSupportsGpuOffloading: true,
        getVramState: () => Promise.resolve({ total, free: freeBytes }),
      },
    );
    return gpuLayers;
  } catch {
    // The library throws where it finds no way to load the model at all; without the card there may be one.
    return 0;
  }
}

/** A whole window is allocated at once, and that of a model trained for 128,000 tokens would take gigabytes. */
export const defaultContextSize = 8192;
