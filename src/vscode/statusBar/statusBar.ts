import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Accounts } from '../../accounts/accounts';
import type { Disposable } from '../../base/emitter';
import { hostOf } from '../../looker/instance/host';
import type { Settings } from '../settings/settings';
import {
  LINKED_COMMANDS,
  statusBarContent,
  type StatusBarContent,
  type Tooltip,
} from './statusBarContent';
import { idOf, tooltipMarkdown } from './tooltipMarkdown';

/**
 * The status bar item: the active account, its instance, and the time left. It is updated when the accounts announce a
 * change, and when names of instances may have changed.
 */
export class StatusBar implements Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'lookerAuth.account',
    vscode.StatusBarAlignment.Left,
  );
  private readonly subscriptions: readonly Disposable[];
  private shown = '';

  /** @param settings loads the names of instances, if there are any; called once there is an account to show */
  constructor(
    private readonly accounts: Accounts,
    private readonly settings: () => Promise<Pick<Settings, 'nameOf'> | undefined>,
  ) {
    this.item.name = l10n.t('Looker Account');
    this.subscriptions = [
      this.item,
      accounts.onDidChange(() => {
        void this.update();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('lookerAuth.instances')) void this.update();
      }),
    ];
    void this.update();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async update(): Promise<void> {
    // If they can't be loaded, hosts are shown.
    const settings = this.accounts.active && (await this.settings().catch(() => undefined));
    const nameOf = (baseUrl: string) => settings?.nameOf(baseUrl) ?? hostOf(baseUrl);
    const { active, isLoggingIn, readFailure } = this.accounts;
    const accounts = this.accounts.statuses();
    const content = statusBarContent({ accounts, active, isLoggingIn, readFailure, nameOf });
    // VS Code redraws any tooltip with links, even an identical one under the mouse.
    const shown = JSON.stringify(content);
    if (shown === this.shown) return;
    this.shown = shown;
    this.item.text = content.text;
    this.item.tooltip = tooltipOf(content.tooltip);
    this.item.command = idOf(content.click);
    this.item.accessibilityInformation = { label: content.spoken, role: 'button' };
    this.item.backgroundColor = backgroundOf(content);
    this.item.show();
  }
}

function tooltipOf(tooltip: Tooltip): vscode.MarkdownString {
  const escape = (text: string) => new vscode.MarkdownString().appendText(text).value;
  const markdown = new vscode.MarkdownString(tooltipMarkdown(tooltip, escape));
  markdown.isTrusted = { enabledCommands: LINKED_COMMANDS.map(idOf) };
  return markdown;
}

function backgroundOf({ background }: StatusBarContent): vscode.ThemeColor | undefined {
  return background === 'none'
    ? undefined
    : new vscode.ThemeColor(`statusBarItem.${background}Background`);
}
