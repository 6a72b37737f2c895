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
 * Shows in its tooltip which account the commands use. It never asks the user anything; a click runs a command, which
 * may ask.
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

/** Windows that run tests show no dialogs, so tests pass `silent`. */
type Options = vscode.AuthenticationGetSessionOptions;

/**
 * Asks Looker for the user of the active account. The first time, the user logs in and consents.
 * @returns the shown message
 */
function whoAmI(options?: Options): Promise<string> {
  return answer([], options, async (session) => {
    const sdk = lookerSdk(session);
    const { display_name = '', id = '' } = await sdk.ok(sdk.me('id,display_name'));
    return `You're ${display_name} (user ID ${id})`;
  });
}

/** Asks Looker for the workspace of a token in Development Mode. @returns the shown message */
function whereAmI(options?: Options): Promise<string> {
  return answer(['workspace:dev'], options, async (session) => {
    const sdk = lookerSdk(session);
    const { workspace_id } = await sdk.ok(sdk.session());
    return `You're in ${workspace_id === 'dev' ? 'Development Mode' : 'production'}`;
  });
}

/** Runs `work` with a session, and shows its result, or the reason why there is none. */
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

/** Whether the user said no in VS Code's dialog, or canceled Looker Auth's login with Esc. */
function isNo(error: unknown, message: string): boolean {
  // VS Code's CancellationError, which loses its class between extensions.
  const isCanceled = error instanceof Error && error.name === 'Canceled';
  return isCanceled || message.startsWith('User did not consent');
}

/** Shows plain text: people choose their names in Looker, which must not become links or icons. */
function tell(answer: string): string {
  void vscode.window.showInformationMessage(plainText(answer));
  return answer;
}
