import { lookerSession, plainText } from 'looker-auth-api';
import * as vscode from 'vscode';
import { lookerSdk } from './lookerSdk';

export function activate({ subscriptions }: vscode.ExtensionContext): void {
  subscriptions.push(vscode.commands.registerCommand('lookerWhoami.whoAmI', whoAmI));
}

/**
 * Asks Looker who the user is. They log in and agree on first use.
 * @param options where to differ: windows that run tests show no dialogs, so tests ask with `silent`
 * @returns what was said
 */
async function whoAmI(
  options: vscode.AuthenticationGetSessionOptions = { createIfNone: true },
): Promise<string> {
  try {
    const session = await lookerSession([], options);
    if (!session) return tell('You have not logged in to Looker.');
    const sdk = lookerSdk(session);
    const { display_name = '', id = '' } = await sdk.ok(sdk.me('id,display_name'));
    return tell(`You are ${display_name} (id ${id})`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isNo(error, message)) return tell('Looker was not asked, since you did not log in.');
    void vscode.window.showErrorMessage(plainText(message));
    return message;
  }
}

/** Whether the user said no: to VS Code, which asks whether to let us in, or to Looker Auth, with Esc. */
function isNo(error: unknown, message: string): boolean {
  // VS Code's CancellationError, which loses its class on its way from one extension to another.
  const isCanceled = error instanceof Error && error.name === 'Canceled';
  return isCanceled || message.startsWith('User did not consent');
}

/** Names in Looker are whatever people choose: none of them is to become a link or an icon. */
function tell(answer: string): string {
  void vscode.window.showInformationMessage(plainText(answer));
  return answer;
}
