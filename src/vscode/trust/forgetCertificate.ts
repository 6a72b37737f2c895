import * as l10n from '@vscode/l10n';
import type { TrustedCertificate } from '../../accounts/trust/trustedCertificates';
import { formatDay } from '../../looker/numbers';
import { confirm } from '../prompts/confirm';
import { notify } from '../prompts/notify';
import { pick } from '../prompts/pick';
import { showDone } from '../prompts/showDone';
import { standalone } from '../prompts/steps';
import type { CommandContext } from '../context';
import { describe } from './trustCertificate';

/**
 * Lets the user choose a trusted certificate and forget it, after a confirmation. At the next login, the instance's
 * current certificate is shown.
 * @throws CanceledError; SecretStorageError if other windows still trust it
 */
export async function forgetCertificate({
  accounts,
  settings,
  trust: { certificates },
}: CommandContext): Promise<void> {
  const trusted = certificates.all();
  if (trusted.length === 0) {
    void notify('information', l10n.t("You haven't trusted any certificates."));
    return;
  }
  const { baseUrl, certificate } = await pick<TrustedCertificate>({
    place: standalone(l10n.t('Forget Trusted Certificate')),
    placeholder: l10n.t('Choose the instance whose certificate you want to forget'),
    choices: trusted.map((each) => ({
      label: `$(shield) ${settings.nameOf(each.baseUrl)}`,
      description: each.baseUrl,
      detail: l10n.t(
        'Trusted since {0}, issued to {1}',
        formatDay(each.trustedAt),
        each.certificate.subject,
      ),
      answer: each,
    })),
  });
  await confirm(
    l10n.t('Forget the trusted certificate of {0}?', baseUrl),
    [
      describe(certificate),
      l10n.t("At your next login, Looker Auth shows you the instance's current certificate."),
    ].join('\n\n'),
    l10n.t('Forget'),
  );
  await certificates.forget(baseUrl);
  accounts.clearFailures(baseUrl);
  showDone(l10n.t('Forgot the certificate of {0}', settings.nameOf(baseUrl)));
}
