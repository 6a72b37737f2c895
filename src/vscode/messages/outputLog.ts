import * as vscode from 'vscode';
import type { Disposable } from '../../base/emitter';
import type { Log } from '../../base/log';
import { oneLine } from '../../looker/inert';

/** The log in VS Code's Output view. It ignores messages after it was disposed, since VS Code would throw. */
export class OutputLog implements Log, Disposable {
  private readonly channel = vscode.window.createOutputChannel('Looker Auth', { log: true });
  private isDisposed = false;

  info(message: string): void {
    if (!this.isDisposed) this.channel.info(oneLine(message));
  }

  warn(message: string): void {
    if (!this.isDisposed) this.channel.warn(oneLine(message));
  }

  error(message: string): void {
    if (!this.isDisposed) this.channel.error(oneLine(message));
  }

  show(): void {
    this.channel.show();
  }

  dispose(): void {
    this.isDisposed = true;
    this.channel.dispose();
  }
}
