import { ProgressLocation, window } from 'vscode';

/** Shows in a notification that a summary is being written; its Cancel aborts the signal that `action` gets. */
export async function withSummaryProgress<Result>(
  action: (cancelled: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return window.withProgress(
    {
      location: ProgressLocation.Notification,
      title: 'Summarising what was said before…',
      cancellable: true,
    },
    async (_, token) => {
      const cancel = new AbortController();
      token.onCancellationRequested(() => cancel.abort());
      return action(cancel.signal);
    },
  );
}
