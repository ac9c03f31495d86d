import { ThemeIcon, TreeItem } from 'vscode';
import { formatBytes, formatCount } from '../core/format.ts';
import { backendNames } from '../node/backendNames.ts';
import type { Download } from '../node/downloads.ts';
import type { LoadedModelState, RuntimeState } from '../node/localRuntime.ts';
import { progressOf } from './downloadCommands.ts';

/** `Vulkan · NVIDIA RTX 4070`, `CPU · 7 threads`; empty while the runtime has not told. */
export function runtimeSummary(state: RuntimeState | undefined): string {
  if (!state) return '';
  const { backend, devices, threads } = state;
  const what = devices[0] ?? `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return [backendNames[backend], what].join(' · ');
}

/** What the runtime works with, in lines. */
export function runtimeDetails(state: RuntimeState | undefined): readonly string[] {
  if (!state) return ['It starts with the first run.'];
  const { backend, devices, fallback, whyNotGpu, vram, ram, threads, models } = state;
  const name = backendNames[backend];
  return [
    devices.length > 0
      ? `Computes with ${name} on ${devices.join(', ')}`
      : `Computes on the processor, with ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    ...(fallback === undefined ? [] : [`$(warning) ${fallback}`]),
    ...(whyNotGpu === undefined ? [] : [whyNotGpu]),
    ...(vram
      ? [
          `Graphics memory: ${formatBytes(vram.used)} of ${formatBytes(vram.total)} used, ${formatBytes(vram.own)} of it by the models of this window`,
        ]
      : []),
    `Memory: ${formatBytes(ram.free)} of ${formatBytes(ram.total)} free`,
    models.length === 0 ? 'No model is in memory.' : `Models in memory: ${models.length}`,
  ];
}

/** `loaded, 29 of 29 layers on the card, about 5.2 GB`. */
export function loadedSummary({ gpuLayers, layers, bytes }: LoadedModelState): string {
  const where = gpuLayers === 0 ? '' : `${Math.min(gpuLayers, layers)} of ${layers} layers on the card`;
  return ['loaded', where, `about ${formatBytes(bytes)}`].filter(Boolean).join(', ');
}

/** The window of a loaded model, as a sentence. */
export function loadedDetails({ contextSize, lanes }: LoadedModelState): string {
  return `In memory with a context of ${formatCount(contextSize)} tokens for ${lanes === 1 ? 'one run' : `each of ${lanes} runs`}.`;
}

/** A download that is not done. */
export function downloadItem(download: Download): TreeItem {
  const { id, name, source, state, problem } = download;
  const item = new TreeItem(name);
  const isRunning = state === 'downloading' || state === 'checking';
  item.id = `download ${id}`;
  item.description = [state === 'paused' ? 'paused' : '', progressOf(download)].filter(Boolean).join(' · ');
  item.iconPath = new ThemeIcon(isRunning ? 'sync~spin' : problem ? 'warning' : 'debug-pause');
  item.contextValue = `download ${isRunning ? 'running' : state}`;
  item.tooltip = [
    `${source}: ${state === 'elsewhere' ? 'another window downloads it' : state}.`,
    problem ?? '',
  ]
    .filter(Boolean)
    .join('\n\n');
  return item;
}
