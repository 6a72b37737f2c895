import * as vscode from 'vscode';
import type { Accounts } from '../accounts/accounts';
import type { Disposable } from '../accounts/emitter';
import { statusBarContent, type StatusBarContent } from './statusBarContent';

/** The status bar item: who is logged in where, and for how long. Painted when the accounts announce something. */
export class StatusBar implements Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'lookerAuth.account',
    vscode.StatusBarAlignment.Left,
  );
  private readonly subscription: Disposable;

  constructor(private readonly accounts: Accounts) {
    this.item.name = 'Looker Account';
    this.subscription = accounts.onDidChange(() => {
      this.paint();
    });
    this.paint();
    this.item.show();
  }

  dispose(): void {
    this.subscription.dispose();
    this.item.dispose();
  }

  private paint(): void {
    const { active, isLoggingIn } = this.accounts;
    const accounts = this.accounts.all();
    const content = statusBarContent({ accounts, active, isLoggingIn });
    this.item.text = content.text;
    this.item.tooltip = tooltipOf(content);
    this.item.command = `lookerAuth.${content.click}`;
    this.item.accessibilityInformation = { label: content.spoken, role: 'button' };
    this.item.backgroundColor = backgroundOf(content);
  }
}

/** Names come from servers: `appendText` escapes what Markdown would make of them. */
function tooltipOf({ tooltip }: StatusBarContent): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  for (const line of tooltip) markdown.appendText(line).appendMarkdown('\n\n');
  return markdown;
}

function backgroundOf({ background }: StatusBarContent): vscode.ThemeColor | undefined {
  return background === 'none'
    ? undefined
    : new vscode.ThemeColor(`statusBarItem.${background}Background`);
}
