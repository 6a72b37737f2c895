import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import { ApiKeyRefusedError, LookerError } from '../../looker/errors';
import { hostOf } from '../../looker/host';
import { withProgress } from '../prompts/progress';
import { askInSteps } from '../prompts/steps';
import { askClientId, askClientSecret } from './askApiKey';
import { askInstance, instanceOnClipboard } from './askInstance';
import type { CommandContext } from './context';
import type { Draft } from './loginDraft';
import { Probing } from './probing';
import { trusting } from './trustCertificate';

/** What the caller knows already. */
export interface LoginPreset {
  /** The instance, where it is settled and not to be asked for. */
  readonly baseUrl?: string | undefined;
  /** Accounts whose key is asked for again: it cannot be read any more, or an extension wants them back. */
  readonly again?: readonly Account[];
  /** Set where another extension asks: aborted once it need not wait for an answer any more. */
  readonly needless?: AbortSignal;
}

/**
 * Instance, client id, client secret, then the log-in itself. Looker is looked for while the user types; what
 * goes wrong, then or at last, comes back into the prompt it concerns, with all that was typed.
 * @throws CancelledError on Esc at any prompt, or Cancel while logging in; LookerError where nothing answers
 *   at a settled instance
 */
export async function login(context: CommandContext, preset: LoginPreset = {}): Promise<Account> {
  const probing = new Probing(context.probe);
  try {
    return await logInWith(context, preset, {
      isSettled: preset.baseUrl !== undefined,
      probing,
      clientId: '',
      clientSecret: '',
      isPasted: false,
      keepsKey: true,
    });
  } finally {
    probing.dispose();
  }
}

async function logInWith(
  context: CommandContext,
  { baseUrl, again = [], needless }: LoginPreset,
  draft: Draft,
): Promise<Account> {
  const askKey = [
    askClientId(context, draft, again, needless === undefined),
    askClientSecret(context, draft),
  ];
  if (baseUrl !== undefined) {
    draft.probing.lookAt(baseUrl);
    await whatAnswers(context, draft);
  }
  const steps =
    baseUrl === undefined
      ? [askInstance(context, draft, await instanceOnClipboard(context)), ...askKey]
      : askKey;
  const title = needless
    ? l10n.t('Log In to Looker for Another Extension')
    : l10n.t('Log In to Looker');
  for (let from = 0; ;) {
    await askInSteps(title, steps, { from, needless });
    try {
      const target = await whatAnswers(context, draft);
      const { clientId, clientSecret } = draft;
      return await withProgress(l10n.t('Logging in to {0}…', hostOf(target.baseUrl)), (signal) =>
        trusting(context, () =>
          context.accounts.login(target, { clientId, clientSecret }, signal, draft),
        ),
      );
    } catch (error) {
      if (!(error instanceof LookerError)) throw error;
      draft.failure = error;
      from = error instanceof ApiKeyRefusedError ? steps.length - askKey.length : 0;
    }
  }
}

/**
 * Waits, where it is not yet known what answers at the instance. A certificate that is not trusted is shown.
 * @throws LookerError; CancelledError
 */
async function whatAnswers(context: CommandContext, { probing }: Draft) {
  const { found, baseUrl } = probing;
  if (found) return found;
  const result = () =>
    withProgress(l10n.t('Looking for Looker…'), (signal) => probing.result(signal));
  return trusting(context, result, () => {
    if (baseUrl !== undefined) probing.lookAt(baseUrl);
  });
}
