import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Certificate } from '../../looker/tls/certificate';
import { LookerError } from '../../looker/errors/lookerError';
import { certificateProblem, ChangedCertificateError } from '../../looker/errors/tls';
import { formatDay } from '../../looker/numbers';
import { askInDialog } from '../prompts/confirm';
import { withProgress } from '../prompts/progress';
import type { CommandContext } from '../context';
import { reviewExceptions } from './reviewExceptions';

/**
 * Does something on an instance. If it fails because of an untrusted certificate, or of weaker protection than agreed
 * to, the user is asked, and it is tried again after a yes.
 * @param prepare called before the next try
 */
export async function retryOnceTrusted<T>(
  context: CommandContext,
  work: () => Promise<T>,
  prepare?: () => void,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(await askForMissingTrust(context, error))) throw error;
      prepare?.();
    }
  }
}

/** Asks for the trust that is missing according to an error. @returns whether the user agrees */
async function askForMissingTrust(context: CommandContext, error: unknown): Promise<boolean> {
  if (!(error instanceof LookerError)) return false;
  const { baseUrl, recovery } = error;
  if (recovery === 'reviewExceptions') return reviewExceptions(context, baseUrl);
  return recovery === 'showCertificate' && (await trustCertificate(context, baseUrl));
}

/**
 * Shows the certificate of an instance, and lets the user trust it for that instance. They can't trust a certificate
 * that has expired, isn't made for servers, or has replaced a trusted one: TLS would refuse it anyway.
 * @returns whether it is trusted now
 * @throws LookerError if it can't be fetched, or has changed; CanceledError
 */
export async function trustCertificate(context: CommandContext, baseUrl: string): Promise<boolean> {
  const { accounts, inquiries, settings } = context;
  const { certificates } = context.trust;
  const title = l10n.t('Getting the certificate of {0}…', settings.nameOf(baseUrl));
  const { certificate, problem } = await withProgress(title, (signal) =>
    inquiries.certificate(baseUrl, signal),
  );
  if (problem === undefined) return true;
  const before = certificates.get(baseUrl)?.certificate.fingerprint;
  if (before !== undefined && before !== certificate.fingerprint) {
    throw new ChangedCertificateError(baseUrl, before, certificate.fingerprint);
  }
  const isTimely = certificate.validFrom <= new Date() && new Date() < certificate.validTo;
  const canTrust = isTimely && problem !== 'INVALID_PURPOSE';
  const accept = l10n.t('Trust for This Instance');
  // Enter presses the first button, which must be harmless.
  const copy = l10n.t('Copy Fingerprint');
  const ask = () =>
    askInDialog(
      canTrust
        ? l10n.t('Trust the certificate of {0}?', baseUrl)
        : l10n.t("You can't trust the certificate of {0}.", baseUrl),
      canTrust ? offer(certificate, problem) : refusal(certificate, isTimely),
      copy,
      ...(canTrust ? [accept] : []),
    );
  let answer = await ask();
  while (answer === copy) {
    await vscode.env.clipboard.writeText(certificate.fingerprint);
    answer = await ask();
  }
  if (answer !== accept) return false;
  certificates.trust(baseUrl, certificate);
  accounts.clearFailures(baseUrl);
  return true;
}

/** The parts of a certificate that people compare, one per line. */
export function describe(certificate: Certificate): string {
  const { subject, issuer, validFrom, validTo, fingerprint } = certificate;
  return l10n.t(
    'Issued to: {0}\nIssued by: {1}\nValid from {2} to {3}\nSHA-256 fingerprint:\n{4}',
    subject,
    issuer,
    formatDay(validFrom),
    formatDay(validTo),
    inTwoLines(fingerprint),
  );
}

function offer(certificate: Certificate, problem: string): string {
  return [
    certificateProblem(problem),
    describe(certificate),
    l10n.t(
      'Compare the fingerprint with the one your Looker admin gives you by phone or in person. If you trust the certificate, any server that presents it for this instance can receive your API key or tokens.',
    ),
  ].join('\n\n');
}

function refusal(certificate: Certificate, isTimely: boolean): string {
  return [
    isTimely
      ? l10n.t("The certificate isn't made for servers. Ask your Looker admin to replace it.")
      : l10n.t(
          "The certificate isn't valid today. Ask your Looker admin to replace it, or check this machine's clock.",
        ),
    describe(certificate),
  ].join('\n\n');
}

/** So that both halves start at the same place in a dialog. */
function inTwoLines(fingerprint: string): string {
  return `${fingerprint.slice(0, 48)}\n${fingerprint.slice(48)}`;
}
