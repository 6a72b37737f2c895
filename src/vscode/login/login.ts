import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { LookerError } from '../../looker/errors/lookerError';
import { ApiKeyRefusedError } from '../../looker/errors/refusal';
import { hostOf } from '../../looker/instance/host';
import { accountState } from '../account/accountState';
import { showDone } from '../prompts/showDone';
import { Back, standalone, askInSteps, type Step, type StepContext } from '../prompts/steps';
import { waitInPrompt } from '../prompts/waitInPrompt';
import { askClientId, askClientSecret } from './askApiKey';
import { loginMethodStep } from './askLoginMethod';
import { askInstance, instanceOnClipboard } from './askInstance';
import type { CommandContext } from '../context';
import type { LoginPreset } from './loginPreset';
import { keyTitle, loginTitle, type Draft } from './loginDraft';
import { Probing } from './probing';
import { retryOnceTrusted } from '../trust/trustCertificate';
import { tryInstance, waitForLooker } from './findLooker';

/**
 * Asks for the instance and the API key, and logs in, or logs in with the browser. If the active account must be logged
 * in again, its instance is already chosen. An error is shown in the prompt that it is about, and everything typed
 * stays.
 * @throws CanceledError on Esc at any prompt; LookerError if a given instance doesn't respond
 */
export async function login(context: CommandContext, preset: LoginPreset = {}): Promise<Account> {
  const probing = new Probing(context.inquiries.probe);
  try {
    return await logInWith(context, preset, {
      isSettled: preset.baseUrl !== undefined,
      isForExtension: preset.abandoned !== undefined,
      probing,
      clientId: '',
      clientSecret: '',
      isPasted: false,
      pastedHosts: [],
      keepsKey: true,
    });
  } finally {
    probing.dispose();
  }
}

async function logInWith(
  context: CommandContext,
  preset: LoginPreset,
  draft: Draft,
): Promise<Account> {
  const { baseUrl, abandoned } = preset;
  const isOpen = baseUrl === undefined && !preset.again && !preset.isAnother;
  const expired = isOpen ? expiredIn(context) : undefined;
  const again = expired ? [expired.account] : (preset.again ?? []);
  const askKey = [askClientId(draft, again), askClientSecret(draft)].map((ask) =>
    unlessLoggedIn(draft, ask),
  );
  const title = loginTitle(draft.isForExtension);
  const waiting = { ...standalone(title), abandoned };
  const askLoginMethod: Step = async (place) => {
    const ask = await loginMethodStep(context, draft, place, again);
    await ask?.(place);
  };
  let steps = askKey;
  let from = 0;
  if (baseUrl !== undefined) {
    draft.probing.lookAt(baseUrl);
    await waitForLooker(context, draft, waiting);
    const ask = await loginMethodStep(context, draft, waiting, again);
    if (ask) steps = [ask, ...askKey];
  } else {
    const onClipboard = await instanceOnClipboard(context);
    steps = [inTwo(askInstance(context, draft, onClipboard), askLoginMethod), ...askKey];
  }
  if (expired && (await tryInstance(context, draft, waiting, expired.account.baseUrl))) {
    from = expired.how === 'browser' ? await stepAfter(askLoginMethod, waiting) : 1;
    // Back returns to the list of instances.
    delete draft.url;
  }
  const keyStep = steps.length - askKey.length;
  for (;;) {
    await askInSteps(title, steps, { from, abandoned });
    if (draft.account) return showLogin(draft.account);
    try {
      const target = await waitForLooker(context, draft, waiting);
      const { clientId, clientSecret } = draft;
      const account = await waitInPrompt(
        standalone(keyTitle(draft)),
        l10n.t('Logging in to {0}…', hostOf(target.baseUrl)),
        (signal) =>
          retryOnceTrusted(context, () =>
            context.accounts.login(target, { clientId, clientSecret }, signal, draft),
          ),
      );
      return showLogin(account);
    } catch (error) {
      if (!(error instanceof LookerError)) throw error;
      draft.failure = error;
      draft.url ??= error.baseUrl;
      from = error instanceof ApiKeyRefusedError ? keyStep : 0;
    }
  }
}

function showLogin(account: Account): Account {
  showDone(l10n.t('Logged in as {0}', account.label));
  return account;
}

/** Combines two questions into one step: Back from the second returns to the first. */
function inTwo(first: Step, second: Step): Step {
  return async (place) => {
    for (;;) {
      await first(place);
      try {
        await second({ ...place, totalSteps: 0, canGoBack: true });
        return;
      } catch (error) {
        if (!(error instanceof Back)) throw error;
      }
    }
  };
}

/** @returns index of the next step; 0 if the user goes back */
async function stepAfter(ask: Step, place: StepContext): Promise<number> {
  try {
    await ask({ ...place, totalSteps: 0, canGoBack: true });
    return 1;
  } catch (error) {
    if (!(error instanceof Back)) throw error;
    return 0;
  }
}

/** Skips a question about the key after a login with the browser. */
function unlessLoggedIn(draft: Draft, ask: Step): Step {
  return async (place) => {
    if (!draft.account) await ask(place);
  };
}

/** The active account, if nothing works until its user logs in again. */
function expiredIn({ accounts: { active } }: CommandContext): AccountStatus | undefined {
  return active && accountState(active).isBroken && !active.account.sudo ? active : undefined;
}
