import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Accounts } from '../../accounts/accounts';
import type { Disposable } from '../../accounts/emitter';
import {
  LINKED_COMMANDS,
  statusBarContent,
  type LinkedCommand,
  type StatusBarContent,
  type Tooltip,
} from './statusBarContent';

/**
 * The status bar item: who is logged in where, and for how long. Painted when the accounts announce something,
 * and when an instance may have got another name.
 */
export class StatusBar implements Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'lookerAuth.account',
    vscode.StatusBarAlignment.Left,
  );
  private readonly subscriptions: readonly Disposable[];
  private shown = '';

  /** @param nameOf what people call an instance */
  constructor(
    private readonly accounts: Accounts,
    private readonly nameOf: (baseUrl: string) => string,
  ) {
    this.item.name = l10n.t('Looker Account');
    this.subscriptions = [
      this.item,
      accounts.onDidChange(() => {
        this.paint();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('lookerAuth.instances')) this.paint();
      }),
    ];
    this.paint();
    this.item.show();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private paint(): void {
    const { active, isLoggingIn } = this.accounts;
    const accounts = this.accounts.all();
    const content = statusBarContent({ accounts, active, isLoggingIn, nameOf: this.nameOf });
    // VS Code takes any tooltip with links for another one, and draws it anew under the mouse.
    const shown = JSON.stringify(content);
    if (shown === this.shown) return;
    this.shown = shown;
    this.item.text = content.text;
    this.item.tooltip = tooltipOf(content.tooltip);
    this.item.command = idOf(content.click);
    this.item.accessibilityInformation = { label: content.spoken, role: 'button' };
    this.item.backgroundColor = backgroundOf(content);
  }
}

/** The active account in full, a line for each other one, and what to do: each apart from the others by a rule. */
function tooltipOf({ heading, lines, others, links }: Tooltip): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.isTrusted = { enabledCommands: LINKED_COMMANDS.map(idOf) };
  const parts = [
    [...(heading === undefined ? [] : [`**${escaped(heading)}**`]), ...lines.map(escaped)],
    others.map(escaped),
    [
      links
        .map(({ words, command }) => `[${escaped(words)}](command:${idOf(command)})`)
        .join(' | '),
    ],
  ];
  markdown.appendMarkdown(
    parts
      .filter((part) => part.length > 0)
      .map((part) => part.join(LINE_BREAK))
      .join(RULE),
  );
  return markdown;
}

/** Two blanks before the end of a line break it there, and a rule needs an empty line before it. */
const LINE_BREAK = '  \n';
const RULE = '\n\n---\n\n';

/** Names come from servers: nothing of them is Markdown. With blanks, unlike `appendText`, so that lines break there. */
function escaped(text: string): string {
  const { value } = new vscode.MarkdownString().appendText(text);
  // VS Code makes a link of an e-mail address, which needs no sign that `appendText` would escape.
  return value.replaceAll('&nbsp;', ' ').replaceAll('@', '&#64;');
}

function idOf(command: LinkedCommand): string {
  return `lookerAuth.${command}`;
}

function backgroundOf({ background }: StatusBarContent): vscode.ThemeColor | undefined {
  return background === 'none'
    ? undefined
    : new vscode.ThemeColor(`statusBarItem.${background}Background`);
}
