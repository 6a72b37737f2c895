import * as l10n from '@vscode/l10n';
import { hostOf } from '../instance/host';
import { LookerError } from './lookerError';

/** The TLS certificate has expired, is for another host, or isn't trusted on this machine. Nothing was sent. */
export class UntrustedCertificateError extends LookerError {
  override readonly name = 'UntrustedCertificateError';
  override readonly category = 'intercepted';
  override readonly recovery = 'showCertificate';
  override readonly verdict: string;

  /** @param code Node's TLS error code, such as `CERT_HAS_EXPIRED`. */
  constructor(
    baseUrl: string,
    readonly code: string,
  ) {
    super(
      baseUrl,
      l10n.t(
        'The certificate of {0} is not trusted ({1}). {2} Check the instance URL, or ask whoever runs the instance.',
        hostOf(baseUrl),
        code,
        certificateProblem(code),
      ),
    );
    this.verdict = verdictOnCertificate(hostOf(baseUrl), code);
  }
}

/** Describes one of Node's TLS error codes as a sentence. */
export function certificateProblem(code: string): string {
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return l10n.t('Nobody but the server itself has signed it.');
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return l10n.t('This machine does not know who has signed it.');
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return l10n.t('It is made out to another host.');
    case 'CERT_HAS_EXPIRED':
      return l10n.t('It has expired.');
    case 'CERT_NOT_YET_VALID':
      return l10n.t('It is not valid yet.');
    default:
      return l10n.t('TLS says {0}.', code);
  }
}

function verdictOnCertificate(host: string, code: string): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return l10n.t(
        'The certificate of {0} has expired, or the clock of this machine is wrong.',
        host,
      );
    case 'CERT_NOT_YET_VALID':
      return l10n.t(
        'The certificate of {0} is not valid yet, or the clock of this machine is wrong.',
        host,
      );
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return l10n.t('The certificate of {0} is signed by itself, and by no CA.', host);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return l10n.t('The certificate is for another host than {0}.', host);
    default:
      return l10n.t('The certificate of {0} comes from a CA this machine does not trust.', host);
  }
}

/** The instance shows a different certificate than the one the user trusted. Nothing was sent. */
export class ChangedCertificateError extends LookerError {
  override readonly name = 'ChangedCertificateError';
  override readonly category = 'intercepted';
  // Trusting the new certificate must take more than one click.
  override readonly recovery = 'showLog';
  override readonly isAlarming = true;
  override readonly verdict = l10n.t(
    'The certificate of {0} is not the one that was trusted: ask whoever runs it.',
    hostOf(this.baseUrl),
  );

  /**
   * @param trusted SHA-256 fingerprint of the trusted certificate
   * @param shown fingerprint of the certificate shown now
   * @param issuer the CA that both certificates name, if it is the same one: this may be a renewal, but anyone can
   *   write that name
   */
  constructor(
    baseUrl: string,
    readonly trusted: string,
    readonly shown: string,
    issuer?: string,
  ) {
    super(baseUrl, changedSentence(hostOf(baseUrl), trusted, shown, issuer));
  }
}

function changedSentence(
  host: string,
  trusted: string,
  shown: string,
  issuer: string | undefined,
): string {
  return issuer === undefined
    ? l10n.t(
        'THE CERTIFICATE OF {0} HAS CHANGED. Somebody may be between you and the instance, so nothing was sent. You have trusted the one with the fingerprint {1}, now it is {2}. Ask whoever runs the instance; if they have changed it, run the command "Looker: Forget Trusted Certificate…", and log in again.',
        host,
        trusted,
        shown,
      )
    : l10n.t(
        '{0} shows a new certificate, also issued by "{1}". It may have been renewed, but nothing was sent: ask your Looker admin whether its fingerprint is {2}. If so, add the CA of your company as "caFile" in the setting "lookerAuth.instances", which covers renewals, or run "Looker: Forget Trusted Certificate…" and log in again.',
        host,
        issuer,
        shown,
      );
}
