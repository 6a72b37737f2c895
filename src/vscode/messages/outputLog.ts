import * as vscode from 'vscode';
import type { Disposable } from '../../accounts/emitter';
import type { Log } from '../../accounts/log';
import { oneLine } from '../../looker/inert';

/** The log that the user can open. What is still to be said once it is gone, is not: VS Code throws at whoever tries. */
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
