import * as l10n from '@vscode/l10n';
import { formatUnit } from '../looker/numbers';
import type { Handshake } from '../looker/network/reach';

/** Says how far the clock of this machine is off. @param ahead how far Looker's clock is ahead of it, in ms */
export function clockSentence(ahead: number): string {
  const difference = formatUnit(Math.round(Math.abs(ahead) / 60_000), 'minute');
  return ahead > 0
    ? l10n.t("This machine's clock is {0} behind Looker's. Correct the time.", difference)
    : l10n.t("This machine's clock is {0} ahead of Looker's. Correct the time.", difference);
}

/** What a certificate and its connection look like, a line each. */
export function factsOf({
  protocol,
  subject,
  issuer,
  validFrom,
  validTo,
  fingerprint,
  problem,
}: Handshake): readonly string[] {
  return [
    l10n.t('Protocol: {0}', protocol),
    l10n.t('Issued to: {0}', subject),
    l10n.t('Issued by: {0}', issuer),
    l10n.t('Valid from {0} to {1}', validFrom, validTo),
    l10n.t('SHA-256 fingerprint: {0}', fingerprint),
    problem ? l10n.t('Trusted: no ({0})', problem.code) : l10n.t('Trusted: yes'),
  ];
}
