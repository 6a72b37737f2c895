import * as l10n from '@vscode/l10n';
import { parseBaseUrl } from '../../looker/instance/baseUrl';
import { hostOf } from '../../looker/instance/host';
import type { ProbeResult } from '../../looker/api/probe';
import { isForTheUser } from '../prompts/askText';
import type { StepContext } from '../prompts/steps';
import { waitInPrompt } from '../prompts/waitInPrompt';
import type { CommandContext } from '../context';
import { useInstance, keyTitle, type Draft } from './loginDraft';
import { retryOnceTrusted } from '../trust/trustCertificate';

/**
 * Waits until Looker was found at the instance. An untrusted certificate is shown.
 * @throws LookerError; CanceledError
 */
export async function waitForLooker(
  context: CommandContext,
  draft: Draft,
  place: StepContext,
): Promise<ProbeResult> {
  const { probing } = draft;
  const { found, baseUrl } = probing;
  if (found || baseUrl === undefined) return probing.result();
  return retryOnceTrusted(
    context,
    () =>
      waitInPrompt({ ...place, title: keyTitle(draft) }, lookingMessage(baseUrl), (signal) =>
        probing.result(signal),
      ),
    () => {
      probing.lookAt(baseUrl);
    },
  );
}

/**
 * Tries an instance, as chosen or typed.
 * @returns whether Looker responds there; if not, the URL prompt shows the error
 * @throws CanceledError
 */
export async function tryInstance(
  context: CommandContext,
  draft: Draft,
  place: StepContext,
  url: string,
): Promise<boolean> {
  draft.url = url;
  try {
    useInstance(context, draft, parseBaseUrl(url));
    await waitForLooker(context, draft, place);
    return true;
  } catch (error) {
    if (!isForTheUser(error)) throw error;
    draft.failure = error;
    return false;
  }
}

/** The message while an instance is checked. */
export function lookingMessage(baseUrl: string): string {
  return l10n.t('Looking for Looker on {0}…', hostOf(baseUrl));
}
