import * as l10n from '@vscode/l10n';
import { parseBaseUrl } from '../../looker/instance/baseUrl';
import { hostOf } from '../../looker/instance/host';
import type { Found } from '../../looker/api/probe';
import { isForTheUser } from '../prompts/askText';
import type { StepContext } from '../prompts/steps';
import { waitInPrompt } from '../prompts/waitInPrompt';
import type { CommandContext } from '../context';
import { useInstance, keyTitle, type Draft } from './loginDraft';
import { trusting } from '../trust/trustCertificate';

/**
 * Waits, where it is not yet known what answers at the instance. A certificate that is not trusted is shown.
 * @throws LookerError; CanceledError
 */
export async function whatAnswers(
  context: CommandContext,
  draft: Draft,
  place: StepContext,
): Promise<Found> {
  const { probing } = draft;
  const { found, baseUrl } = probing;
  if (found || baseUrl === undefined) return probing.result();
  return trusting(
    context,
    () =>
      waitInPrompt({ ...place, title: keyTitle(draft) }, lookingOn(baseUrl), (signal) =>
        probing.result(signal),
      ),
    () => {
      probing.lookAt(baseUrl);
    },
  );
}

/**
 * Goes on with an instance, as it was chosen or typed.
 * @returns whether Looker answers there; what speaks against it is said in the box for the URL
 * @throws CanceledError
 */
export async function findsLooker(
  context: CommandContext,
  draft: Draft,
  place: StepContext,
  url: string,
): Promise<boolean> {
  draft.url = url;
  try {
    useInstance(context, draft, parseBaseUrl(url));
    await whatAnswers(context, draft, place);
    return true;
  } catch (error) {
    if (!isForTheUser(error)) throw error;
    draft.failure = error;
    return false;
  }
}

/** What is waited for. */
export function lookingOn(baseUrl: string): string {
  return l10n.t('Looking for Looker on {0}…', hostOf(baseUrl));
}
