import * as l10n from '@vscode/l10n';
import { hostsInsteadOf } from '../../looker/apiKeys/namedHosts';
import { hostOf } from '../../looker/instance/host';
import { pick } from '../prompts/pick';
import type { StepContext } from '../prompts/steps';
import { listNames } from '../text/listNames';
import type { Draft } from './loginDraft';

/** An API key is for one instance, so the user decides whether to send it to another one. @throws Back */
export async function askWhichInstance(draft: Draft, place: StepContext): Promise<void> {
  const { baseUrl: current } = draft.probing;
  if (current === undefined) return;
  const hosts = hostsInsteadOf(current, draft.pastedHosts);
  const [host, another] = hosts;
  if (!host) return;
  const pasted = another ? undefined : host.baseUrl;
  const chosen = await pick({
    place: { ...place, canGoBack: true },
    placeholder:
      pasted === undefined
        ? l10n.t(
            'The API key you pasted names {0}, not {1}',
            listNames(hosts.map(({ hostname }) => hostname)),
            hostOf(current),
          )
        : l10n.t('You pasted an API key for {0}, not for {1}', hostOf(pasted), hostOf(current)),
    choices: [
      // If another extension has chosen the instance, there is no other.
      ...(pasted !== undefined && !draft.isSettled
        ? [{ label: l10n.t('Log In to {0}', hostOf(pasted)), answer: pasted }]
        : []),
      {
        label: l10n.t('Log In to {0} Anyway', hostOf(current)),
        detail: l10n.t('Sends your API key to this instance'),
        answer: current,
      },
    ],
  });
  draft.pastedHosts = [];
  if (chosen === current) return;
  // An error of that instance is shown with its URL.
  draft.url = chosen;
  draft.probing.lookAt(chosen);
}
