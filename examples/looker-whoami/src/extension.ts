import {
  followActive,
  type LookerScope,
  type LookerSession,
  lookerSession,
  plainText,
} from 'looker-auth-api';
import * as vscode from 'vscode';
import { lookerSdk } from './lookerSdk';

export function activate({ subscriptions }: vscode.ExtensionContext): void {
  subscriptions.push(
    vscode.commands.registerCommand('lookerWhoami.whoAmI', whoAmI),
    vscode.commands.registerCommand('lookerWhoami.whereAmI', whereAmI),
    showActive(),
  );
}

/**
 * Shows, when you point at it, whose account the commands use. It asks the user nothing: a command does, which they run
 * with a click on it.
 */
function showActive(): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('lookerWhoami.account');
  item.name = 'Looker Who Am I';
  item.text = '$(account) Who am I?';
  item.command = 'lookerWhoami.whoAmI';
  item.show();
  const show = (session: LookerSession | undefined) => {
    item.tooltip = session ? plainText(session.account.label) : 'No account of Looker so far';
  };
  return vscode.Disposable.from(item, followActive(show, { silent: true }));
}

/** Windows that run tests show no dialogs, so tests ask with `silent`. */
type Options = vscode.AuthenticationGetSessionOptions;

/**
 * Asks Looker who the user is: the account that is active now. They log in and agree on first use.
 * @returns what was said
 */
function whoAmI(options?: Options): Promise<string> {
  return answer([], options, async (session) => {
    const sdk = lookerSdk(session);
    const { display_name = '', id = '' } = await sdk.ok(sdk.me('id,display_name'));
    return `You're ${display_name} (user ID ${id})`;
  });
}

/** Asks Looker, with a token in Development Mode, what it works in. @returns what was said */
function whereAmI(options?: Options): Promise<string> {
  return answer(['workspace:dev'], options, async (session) => {
    const sdk = lookerSdk(session);
    const { workspace_id } = await sdk.ok(sdk.session());
    return `You're in ${workspace_id === 'dev' ? 'Development Mode' : 'production'}`;
  });
}

/** Does something with a session of the active account, and says what comes of it, or kindly why nothing does. */
async function answer(
  scopes: readonly LookerScope[],
  options: Options = { createIfNone: true },
  work: (session: LookerSession) => Promise<string>,
): Promise<string> {
  try {
    const session = await lookerSession(scopes, options);
    if (!session) return tell("You're not logged in to Looker.");
    return tell(await work(session));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isNo(error, message)) return tell("You didn't log in, so nothing was asked of Looker.");
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
