import * as vscode from 'vscode';
import { plainText } from '../text/plainText';

/**
 * Shows progress in a notification, with a Cancel button that aborts the signal.
 * @param work may report how far it is
 */
export function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, say: (message: string) => void) => Promise<T>,
): Promise<T> {
  return Promise.resolve(
    vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: plainText(title),
        cancellable: true,
      },
      async (progress, cancellation) => {
        const controller = new AbortController();
        const subscription = cancellation.onCancellationRequested(() => {
          controller.abort();
        });
        try {
          return await work(controller.signal, (message) => {
            progress.report({ message: plainText(message) });
          });
        } finally {
          subscription.dispose();
        }
      },
    ),
  );
}
