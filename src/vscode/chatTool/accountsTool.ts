import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Accounts } from '../../accounts/accounts';
import { accountsToolContent } from './accountsToolContent';

const NAME = 'looker_accounts';

/** What each use of the tool asks the user first. */
const confirmation = (): vscode.LanguageModelToolConfirmationMessages => ({
  title: l10n.t('Share your Looker accounts with the language model?'),
  message: l10n.t(
    "The language model gets the names of users and of admins acting as them, their instances' URLs, and how long each login lasts. It gets no tokens and no API keys.",
  ),
});

/**
 * Gives language models the tool `looker_accounts`. It asks Looker nothing and renews nothing.
 * @param lm absent, or without tools, in editors that are built from VS Code without its language models
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
      const content = accountsToolContent(accounts.all(), accounts.active);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(content)]);
    },
  };
  return lm?.registerTool?.(NAME, tool) ?? vscode.Disposable.from();
}
