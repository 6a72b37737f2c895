import * as vscode from 'vscode';

/** Shows that something takes a while, with a Cancel button that aborts the signal. */
export function withProgress<T>(
  title: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return Promise.resolve(
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (_progress, cancellation) => {
        const controller = new AbortController();
        const subscription = cancellation.onCancellationRequested(() => {
          controller.abort();
        });
        try {
          return await work(controller.signal);
        } finally {
          subscription.dispose();
        }
      },
    ),
  );
}
