import { commands, type Disposable, window } from 'vscode';
import type { AddedPackages } from '../node/addedPackages.ts';
import type { LocalRuntime } from '../node/localRuntime.ts';
import { registerHandlers } from './registerHandlers.ts';

/** The commands about CUDA's binaries, which are too large to come with the extension. */
export type CudaCommandId = 'llmPlayground.addCuda' | 'llmPlayground.removeCuda';

/** @param packages absent where there are none for this system. */
export function registerCudaCommands(packages: AddedPackages | undefined, runtime: LocalRuntime): Disposable {
  const handlers: Record<CudaCommandId, () => unknown> = {
    'llmPlayground.addCuda': async () => {
      if (!packages) {
        tellNone();
        return;
      }
      const { addCuda } = await import('./cudaActions.ts');
      return addCuda(packages);
    },
    'llmPlayground.removeCuda': async () => {
      if (!packages) {
        tellNone();
        return;
      }
      const { removeCuda } = await import('./cudaActions.ts');
      return removeCuda(packages, runtime);
    },
  };
  void commands.executeCommand('setContext', 'llmPlayground.hasCuda', packages !== undefined);
  return registerHandlers(handlers);
}

function tellNone(): void {
  void window.showInformationMessage(
    'CUDA is for Windows and Linux on x64. Here the runtime uses what came with it.',
  );
}
