import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import { spokenSpan } from '../duration';
import { ownExtension } from '../ownExtension';
import { plainText } from '../plainText';
import { confirm } from '../prompts/confirm';
import type { CommandContext } from './context';
import { goodSession } from './goodSession';
import { pickAccount } from './pickAccount';

/**
 * The instance, as all official tools read it: the SDKs (for Python `python/looker_sdk/rtl/api_settings.py`, for Go
 * `go/rtl/constants.go`, for TypeScript `packages/sdk-rtl/src/apiSettings.ts` in looker-open-source/sdk-codegen), gzr
 * (`lib/gzr/modules/session.rb` in looker-open-source/gzr) and looker-cli (`internal/cmd/root.go` in
 * looker-open-source/looker-cli).
 */
const BASE_URL = 'LOOKERSDK_BASE_URL';

/**
 * The token, in Looker's own words for it. None of those tools reads a token from the environment, nor does
 * googleapis/mcp-toolbox (`internal/sources/looker/looker.go`): gzr and looker-cli take one as `--token`, and scripts
 * put it into the Authorization header.
 */
const ACCESS_TOKEN = 'LOOKER_ACCESS_TOKEN';

/**
 * Taken out of the terminal: an API key that VS Code was started with belongs to another instance, perhaps, and the
 * SDKs would send it to this one.
 */
const API_KEY = ['LOOKERSDK_CLIENT_ID', 'LOOKERSDK_CLIENT_SECRET'];

/** Asks which account, and opens a terminal as it. @throws NobodyLoggedInError; CancelledError */
export async function openTerminal(context: CommandContext): Promise<void> {
  const account = await pickAccount(
    l10n.t('Open Terminal'),
    l10n.t('Account to open a terminal as'),
    context,
  );
  await context.attempt(() => openTerminalAs(context, account), account);
}

/**
 * Opens a terminal that has the account's instance and token in its environment, after a word on what that means. The
 * token goes to that terminal alone; VS Code does not bring the terminal back after a reload.
 * @throws CancelledError; LookerError, LoginNeededError where there is no token to be had
 */
export async function openTerminalAs(
  { accounts }: CommandContext,
  account: Account,
): Promise<void> {
  const { label, baseUrl, apiVersion, sudo } = account;
  await confirm(
    l10n.t('Open a terminal as {0}?', label),
    l10n.t(
      'This one terminal gets the instance as {0} and an access token as {1}. Every program you run in it, and every extension in VS Code, can do in Looker what this account can, until the token expires or you log out. The token is not renewed in there.\n\nThe official SDKs and tools read {0}, but none of them reads a token from the environment: hand it to looker-cli or gzr as --token, or put it into the Authorization header of a request.',
      BASE_URL,
      ACCESS_TOKEN,
    ),
    l10n.t('Open Terminal'),
  );
  const session = await goodSession(accounts, account);
  const terminal = vscode.window.createTerminal({
    name: plainText(l10n.t('Looker: {0}', label)),
    iconPath: new vscode.ThemeIcon(sudo ? 'eye' : 'account'),
    isTransient: true,
    env: {
      ...Object.fromEntries(API_KEY.map((name) => [name, null])),
      [BASE_URL]: baseUrl,
      [ACCESS_TOKEN]: session.token.value,
    },
    message: `${hint(label, spokenSpan(accounts.timeLeft(session)), `${baseUrl}/api/${apiVersion}/user`)}\r\n`,
  });
  terminal.show();
}

/** Who one is in the terminal, and a command to try where it is known which shell it has. */
function hint(label: string, left: string, url: string): string {
  // The shell that is known is the one of this machine; the terminals of a remote window are elsewhere.
  const isElsewhere =
    vscode.env.remoteName !== undefined &&
    ownExtension()?.extensionKind === vscode.ExtensionKind.UI;
  return isElsewhere
    ? l10n.t('Here you are {0} for {1}.', label, left)
    : `${l10n.t('Here you are {0} for {1}. Try:', label, left)}\r\n${tryOut(vscode.env.shell, url)}`;
}

/** How a shell asks with the token. In Windows PowerShell `curl` is another command, which takes no such header. */
function tryOut(shell: string, url: string): string {
  const ask = (curl: string, token: string) => `${curl} -H "Authorization: token ${token}" ${url}`;
  if (/powershell(\.exe)?$/i.test(shell)) return ask('curl.exe', `$env:${ACCESS_TOKEN}`);
  if (/pwsh(\.exe)?$/i.test(shell)) return ask('curl', `$env:${ACCESS_TOKEN}`);
  return ask('curl', /cmd\.exe$/i.test(shell) ? `%${ACCESS_TOKEN}%` : `$${ACCESS_TOKEN}`);
}
