import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Accounts } from '../../accounts/accounts';
import { accountsToolContent } from './accountsToolContent';

const NAME = 'looker_accounts';

/** VS Code asks the user for this confirmation before each use of the tool. */
const confirmation = (): vscode.LanguageModelToolConfirmationMessages => ({
  title: l10n.t('Show the language model your Looker accounts?'),
  message: l10n.t(
    "The language model gets each account's name and instance URL, any admin acting as that user, and how long each token is valid. It gets no tokens and no API keys.",
  ),
});

/**
 * Registers the tool `looker_accounts` for language models. It sends no requests and renews nothing.
 * @param lm missing, or without tools, in editors that are built from VS Code without its language models
 */
export function registerAccountsTool(
  opening: Promise<Accounts>,
  lm: Partial<Pick<typeof vscode.lm, 'registerTool'>> | undefined,
): vscode.Disposable {
  const tool: vscode.LanguageModelTool<object> = {
    prepareInvocation: () => ({
      invocationMessage: l10n.t('Reading your Looker accounts'),
      confirmationMessages: confirmation(),
    }),
    invoke: async () => {
      const accounts = await opening;
      const content = accountsToolContent(accounts.statuses(), accounts.active);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(content)]);
    },
  };
  return lm?.registerTool?.(NAME, tool) ?? vscode.Disposable.from();
}
