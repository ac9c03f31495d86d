import { ProgressLocation, window } from 'vscode';
import type { LlmError } from '../core/errors.ts';
import { asLlmError } from '../core/errors.ts';
import {
  accelerationReport,
  type AccelerationOptions,
  measureBackend,
  type Measurement,
  possibleBackends,
} from '../node/acceleration.ts';
import { backendNames } from '../node/backendNames.ts';
import type { ReportPages } from './reportPages.ts';
import { readSettings } from './settings.ts';

/** Measures every backend that this machine can have and shows the figures as a page. */
export async function checkAcceleration(
  options: AccelerationOptions,
  model: string,
  pages: ReportPages,
): Promise<void> {
  const abort = new AbortController();
  try {
    const measurements = await window.withProgress(
      { location: ProgressLocation.Notification, title: 'Checking acceleration', cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => abort.abort());
        const done: Measurement[] = [];
        // One after another: they would take the cores from each other.
        for (const backend of possibleBackends()) {
          progress.report({ message: `measuring ${backendNames[backend]}…` });
          done.push(await measureBackend(backend, options, abort.signal));
        }
        return done;
      },
    );
    await pages.show(accelerationReport(measurements, readSettings().localBackend, model));
  } catch (thrown) {
    const error: LlmError = asLlmError(thrown);
    if (error.kind !== 'cancelled') void window.showErrorMessage(error.message);
  }
}
