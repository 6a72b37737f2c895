import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import { BrowserLogin } from '../../looker/oauth/browserLogin';
import { OtherUserError } from '../../looker/oauth/errors';
import type { BrowserLoginOffer } from '../../looker/oauth/offer';
import type { ProbeResult } from '../../looker/api/probe';
import type { LookerUser } from '../../looker/api/user';
import type { CommandContext } from '../context';
import { askText } from '../prompts/askText';
import { askInDialog } from '../prompts/confirm';
import { notify } from '../prompts/notify';
import type { PromptButton } from '../prompts/showPrompt';
import type { StepContext } from '../prompts/steps';
import { chooseHost } from '../prompts/chooseHost';
import { keyTitle, type Draft } from './loginDraft';
import { otherUserQuestion } from './otherUserQuestion';

/** SSO with a password and a second factor takes minutes, but a request by an extension holds up others. */
const TIME_LIMIT_MS = { own: 15 * 60_000, forExtension: 5 * 60_000 };

/**
 * Opens Looker's pages in the browser, and waits for the redirect, or for its address to be pasted.
 * @param again accounts to log in again; the user is asked about any other
 * @throws CanceledError on Esc; Back; OtherUserError; the error of the login
 */
export async function logInWithBrowser(
  context: CommandContext,
  draft: Draft,
  place: StepContext,
  target: ProbeResult,
  offer: BrowserLoginOffer,
  again: readonly Account[],
): Promise<Account> {
  const { baseUrl } = target;
  const login = await BrowserLogin.begin<Account>({
    ...offer,
    baseUrl,
    authorizationEndpoint: await chooseEndpoint(baseUrl, offer),
    timeLimitMs: draft.isForExtension ? TIME_LIMIT_MS.forExtension : TIME_LIMIT_MS.own,
    language: vscode.env.language,
    complete: (received, signal) =>
      context.accounts.loginWithBrowser(target, received, signal, {
        keepsLogin: draft.keepsKey,
        agree: (user) => agreeTo(baseUrl, user, again),
      }),
    nameOf: ({ user }) => user.name,
    signal: place.abandoned,
  });
  try {
    await open(login);
    return await askText<Account>({
      place: { ...place, title: keyTitle(draft) },
      content: () => ({
        prompt: login.isListening
          ? l10n.t(
              "Waiting for your browser. If it stops on a page that doesn't load, paste that page's address here.",
            )
          : l10n.t(
              "When your browser stops on a page that doesn't load, paste that page's address here.",
            ),
        buttons: buttonsOf(login, draft, offer.clientId),
      }),
      placeholder: `${new URL(login.address).searchParams.get('redirect_uri') ?? ''}?code=…`,
      // Hidden, although the code in it is only valid for a minute and for this window.
      isSecret: true,
      accept: (typed) => (typed === '' ? undefined : login.paste(typed)),
      elsewhere: login.finished,
    });
  } finally {
    login.cancel();
  }
}

/** Asks before the pages of another host are opened. @throws CanceledError */
async function chooseEndpoint(
  baseUrl: string,
  { authorizationEndpoint: own, otherEndpoint: other }: BrowserLoginOffer,
): Promise<string> {
  if (other === undefined) return own;
  const chosen = await chooseHost(baseUrl, new URL(own).origin, new URL(other).origin);
  return `${chosen}/auth`;
}

async function open({ address }: BrowserLogin<Account>): Promise<void> {
  // Strict, since VS Code would otherwise change the encoding of the address.
  await vscode.env.openExternal(vscode.Uri.parse(address, true));
}

function buttonsOf(
  login: BrowserLogin<Account>,
  draft: Draft,
  clientId: string,
): readonly PromptButton<Account>[] {
  return [
    {
      iconPath: new vscode.ThemeIcon('link-external'),
      tooltip: l10n.t('Open Again'),
      press: async () => {
        await open(login);
        return undefined;
      },
    },
    {
      iconPath: new vscode.ThemeIcon('copy'),
      tooltip: l10n.t('Copy Link'),
      press: async () => {
        await vscode.env.clipboard.writeText(login.address);
        return undefined;
      },
    },
    {
      iconPath: new vscode.ThemeIcon(draft.keepsKey ? 'lock' : 'watch'),
      tooltip: draft.keepsKey
        ? l10n.t("Don't Save This Login, Only the Token Until It Expires")
        : l10n.t("Save This Login in VS Code's Secret Storage"),
      press: () => {
        draft.keepsKey = !draft.keepsKey;
        return undefined;
      },
    },
    {
      iconPath: new vscode.ThemeIcon('question'),
      tooltip: l10n.t('Looker Shows an Error'),
      press: () => {
        void notify(
          'information',
          l10n.t(
            "If Looker shows an error, the OAuth client {0} isn't registered, or your group can't use it. Ask your Looker admin, or log in with an API key.",
            clientId,
          ),
        );
        return undefined;
      },
    },
  ];
}

/**
 * If the user in the browser isn't the one to log in again, asks for a confirmation in a dialog.
 * @throws OtherUserError
 */
async function agreeTo(
  baseUrl: string,
  user: LookerUser,
  again: readonly Account[],
): Promise<void> {
  const expected = again.filter((account) => account.baseUrl === baseUrl && !account.sudo);
  const [first] = expected;
  if (!first || expected.some((account) => account.user.id === user.id)) return;
  const { question, detail, button, names } = otherUserQuestion(baseUrl, user, first.user);
  const answer = await askInDialog(question, detail, button);
  if (answer !== button) throw new OtherUserError(baseUrl, names.asked, names.came);
}
