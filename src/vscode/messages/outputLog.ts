import * as vscode from 'vscode';
import type { Disposable } from '../../accounts/emitter';
import type { Log } from '../../accounts/log';
import { oneLine } from '../../looker/inert';

/** The log that the user can open. */
export class OutputLog implements Log, Disposable {
  private readonly channel = vscode.window.createOutputChannel('Looker Auth', { log: true });

  info(message: string): void {
    this.channel.info(oneLine(message));
  }

  warn(message: string): void {
    this.channel.warn(oneLine(message));
  }

  error(message: string): void {
    this.channel.error(oneLine(message));
  }

  show(): void {
    this.channel.show();
  }

  dispose(): void {
    this.channel.dispose();
  }
}
