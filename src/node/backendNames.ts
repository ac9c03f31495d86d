import type { Backend } from '../runtime/protocol.ts';

/** The names of backends, for people. */
export const backendNames: Readonly<Record<Backend, string>> = {
  cpu: 'CPU',
  vulkan: 'Vulkan',
  cuda: 'CUDA',
  metal: 'Metal',
};
