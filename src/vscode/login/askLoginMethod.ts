import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { LoginMethod } from '../../accounts/knownAccounts';
import { LookerError } from '../../looker/errors/lookerError';
import { hostOf } from '../../looker/instance/host';
import { MetadataElsewhereError } from '../../looker/oauth/errors';
import type { BrowserLoginOffer } from '../../looker/oauth/offer';
import { webUrlOf } from '../../looker/instance/webUrl';
import type { CommandContext } from '../context';
import { pick, type Choice } from '../prompts/pick';
import { showDone } from '../prompts/showDone';
import { Back, type StepContext, type Step } from '../prompts/steps';
import { waitInPrompt } from '../prompts/waitInPrompt';
import { adminMessage } from './adminMessage';
import { logInWithBrowser } from './logInWithBrowser';
import { keyTitle, type Draft } from './loginDraft';
import { setUpBrowserLoginOn } from './setUpBrowserLogin';

/**
 * Finds out how users can log in to the instance.
 * @param again accounts to log in again
 * @returns a step that asks for the login method, the likelier one first, and logs in right away if it is the browser;
 *   undefined if the instance only accepts API keys
 * @throws CanceledError
 */
export async function loginMethodStep(
  context: CommandContext,
  draft: Draft,
  place: StepContext,
  again: readonly Account[],
): Promise<Step | undefined> {
  const target = await draft.probing.result();
  let failure: Error | undefined;
  // The list has no room for the message.
  const show = (error: LookerError) => {
    failure = error;
    void context.messages.showError(error);
  };
  let offer: BrowserLoginOffer | undefined;
  try {
    offer = await waitInPrompt(
      { ...place, title: keyTitle(draft) },
      l10n.t('Checking how you can log in to {0}…', hostOf(target.baseUrl)),
      (signal) => context.inquiries.browserLogin(target, signal),
    );
  } catch (error) {
    if (!(error instanceof MetadataElsewhereError)) throw error;
    show(error);
  }
  if (!offer && !failure) return undefined;
  return async (place) => {
    for (;;) {
      const how = await pickLoginMethod(context, draft, place, offer, failure);
      if (how === 'apiKey' || !offer) return;
      try {
        const isSetUp = offer.isSetUp ?? true;
        if (!isSetUp && (await pickWithoutSetup(context, draft, place)) === 'apiKey') return;
        const inFlow = { ...place, canGoBack: true };
        draft.account = await logInWithBrowser(context, draft, inFlow, target, offer, again);
        return;
      } catch (error) {
        if (error instanceof LookerError) show(error);
        else if (!(error instanceof Back)) throw error;
      }
    }
  };
}

function pickLoginMethod(
  { accounts }: CommandContext,
  draft: Draft,
  place: StepContext,
  offer: BrowserLoginOffer | undefined,
  failure: Error | undefined,
): Promise<LoginMethod> {
  const baseUrl = draft.probing.baseUrl ?? '';
  const browser: Choice<LoginMethod> = {
    label: l10n.t('$(globe) With Your Browser'),
    detail: browserDetail(offer, failure, baseUrl),
    ...(offer && { answer: 'browser' }),
  };
  const apiKey = apiKeyChoice<LoginMethod>('apiKey');
  const last = accounts.known.find(({ account, how }) => account.baseUrl === baseUrl && how)?.how;
  const likelier = last ?? (offer?.isSetUp ? 'browser' : 'apiKey');
  return pick({
    place: { ...place, title: keyTitle(draft) },
    placeholder: l10n.t('Choose how to log in to {0}', hostOf(baseUrl)),
    choices: likelier === 'browser' ? [browser, apiKey] : [apiKey, browser],
  });
}

function browserDetail(
  offer: BrowserLoginOffer | undefined,
  failure: Error | undefined,
  baseUrl: string,
): string {
  if (!offer) return l10n.t("$(warning) Browser login doesn't work here. Use an API key.");
  if (failure) return l10n.t("$(warning) Couldn't log in. Choose this to try again.");
  return offer.isSetUp === false
    ? l10n.t("Browser login isn't set up. Choose this to see your options.")
    : l10n.t('Opens {0} in your browser, where you log in as usual', hostOf(baseUrl));
}

/**
 * Shows what the user can do if no OAuth client is registered.
 * @returns the browser if its login was set up now
 * @throws Back
 */
async function pickWithoutSetup(
  context: CommandContext,
  draft: Draft,
  place: StepContext,
): Promise<LoginMethod> {
  const { baseUrl, release } = await draft.probing.result();
  const admins = context.accounts.list.filter(
    (account) => account.baseUrl === baseUrl && !account.sudo,
  );
  const chosen = await pick<() => Promise<LoginMethod>>({
    place: { ...place, canGoBack: true, title: keyTitle(draft) },
    placeholder: l10n.t('A Looker admin has to set up browser login once'),
    choices: [
      ...admins.map((account) => ({
        label: l10n.t('$(gear) Set Up Browser Login…'),
        detail: l10n.t('As {0}, if this account has the Admin role', account.label),
        answer: async () => {
          await setUpBrowserLoginOn(context, account);
          return 'browser' as const;
        },
      })),
      {
        label: l10n.t('$(copy) Copy a Message for Your Looker Admin'),
        detail: l10n.t('Explains what to register, and how'),
        answer: async () => {
          const client = context.inquiries.client(baseUrl);
          const web = webUrlOf(baseUrl, release?.webUrl);
          const message = adminMessage(baseUrl, web, client, release?.release);
          await vscode.env.clipboard.writeText(message);
          showDone(l10n.t('Copied the message for your Looker admin'));
          throw new Back();
        },
      },
      apiKeyChoice(() => Promise.resolve('apiKey' as const)),
    ],
  });
  return chosen();
}

function apiKeyChoice<Answer>(answer: Answer): Choice<Answer> {
  return {
    label: l10n.t('$(key) With an API Key'),
    detail: l10n.t('A client ID and client secret from your Looker account page'),
    answer,
  };
}
