import { commands, ProgressLocation, window } from 'vscode';
import { asLlmError } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import type { AddedPackages } from '../node/addedPackages.ts';
import type { LocalRuntime } from '../node/localRuntime.ts';

/** Says what comes, and gets it. */
export async function addCuda(packages: AddedPackages): Promise<void> {
  if (packages.folder !== undefined) {
    void window.showInformationMessage(
      'CUDA support is installed. The next run of a local model tries it first.',
    );
    return;
  }
  const { packedBytes, hereBytes, unpackedBytes } = await packages.sizes();
  const rest = hereBytes > 0 ? `, of which ${formatBytes(hereBytes)} are here already` : '';
  const yes = hereBytes > 0 ? 'Go On' : 'Add';
  const answer = await window.showInformationMessage(
    'Add CUDA support for NVIDIA cards?',
    {
      modal: true,
      detail:
        `It downloads ${formatBytes(packedBytes)}${rest}, and takes ${formatBytes(unpackedBytes)} on the disk. ` +
        'It needs NVIDIA’s driver and the CUDA runtime, 12.4 or later (cudart and cublas), which do not come with it. ' +
        'Without them the card is used through Vulkan.',
    },
    yes,
  );
  if (answer === yes) await download(packages);
}

async function download(packages: AddedPackages): Promise<void> {
  const abort = new AbortController();
  try {
    await window.withProgress(
      { location: ProgressLocation.Notification, title: 'Adding CUDA support', cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => abort.abort());
        let percent = 0;
        let lastReport = 0;
        await packages.add(({ phase, doneBytes, totalBytes }) => {
          if (phase === 'downloading' && performance.now() - lastReport < reportMs) return;
          lastReport = performance.now();
          const now = (doneBytes / totalBytes) * 100;
          const message =
            phase === 'unpacking' ? 'unpacking' : `${Math.floor(now)} % of ${formatBytes(totalBytes)}`;
          progress.report({ message, increment: now - percent });
          percent = now;
        }, abort.signal);
      },
    );
    const check = 'Check Acceleration';
    const message = 'CUDA support is installed. The next run of a local model tries it first.';
    if ((await window.showInformationMessage(message, check)) === check)
      await commands.executeCommand('llmPlayground.checkAcceleration');
  } catch (thrown) {
    const error = asLlmError(thrown);
    if (error.kind === 'cancelled') return;
    const again = 'Try Again';
    if ((await window.showErrorMessage(error.message, ...(error.retryable ? [again] : []))) === again)
      await download(packages);
  }
}

/** Takes the binaries off the disk, after asking. */
export async function removeCuda(packages: AddedPackages, runtime: LocalRuntime): Promise<void> {
  const { hereBytes } = await packages.sizes();
  if (packages.folder === undefined && hereBytes === 0) {
    void window.showInformationMessage('CUDA support is not installed.');
    return;
  }
  const yes = 'Remove';
  const question = 'Remove CUDA support? The card is used through Vulkan then, where that works.';
  if ((await window.showWarningMessage(question, { modal: true }, yes)) !== yes) return;
  try {
    // A program's libraries cannot be deleted under it on every system.
    await runtime.rest();
    await packages.remove();
    void window.showInformationMessage('CUDA support was removed.');
  } catch (error) {
    void window.showErrorMessage(asLlmError(error).message);
  }
}

const reportMs = 200;
