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
    super(baseUrl, untrustedSentence(hostOf(baseUrl), code));
    this.verdict = verdictOnCertificate(hostOf(baseUrl), code);
  }

  override get detail(): string {
    return this.code;
  }
}

function untrustedSentence(host: string, code: string): string {
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return l10n.t(
        'The certificate of {0} is self-signed. Check the URL, or ask your Looker admin.',
        host,
      );
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
      return l10n.t(
        "The certificate of {0} is from a CA that this machine doesn't trust. Check the URL, or ask your Looker admin.",
        host,
      );
    // The server sent its own certificate only. With a CA file, OpenSSL uses the second code for that, too.
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return l10n.t(
        'The certificate of {0} is from an untrusted CA, or intermediate certificates are missing. Check the URL, or ask your Looker admin.',
        host,
      );
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return l10n.t(
        'The certificate of {0} is for another host. Check the URL, or ask your Looker admin.',
        host,
      );
    case 'CERT_HAS_EXPIRED':
      return l10n.t(
        "The certificate of {0} has expired. Check this machine's clock, or ask your Looker admin to replace the certificate.",
        host,
      );
    case 'CERT_NOT_YET_VALID':
      return l10n.t(
        "The certificate of {0} isn't valid yet. Check this machine's clock, or ask your Looker admin.",
        host,
      );
    case 'INVALID_PURPOSE':
    case 'UNSPECIFIED':
      return l10n.t(
        "The certificate of {0} is too weak, or isn't made for servers. Ask your Looker admin to replace it.",
        host,
      );
    default:
      return l10n.t(
        "The certificate of {0} isn't trusted ({1}). Check the URL, or ask your Looker admin.",
        host,
        code,
      );
  }
}

/** Describes one of Node's TLS error codes as a sentence. */
export function certificateProblem(code: string): string {
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return l10n.t('The certificate is self-signed.');
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return l10n.t("This machine doesn't trust the CA that issued the certificate.");
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return l10n.t('The certificate is for another host.');
    case 'CERT_HAS_EXPIRED':
      return l10n.t('The certificate has expired.');
    case 'CERT_NOT_YET_VALID':
      return l10n.t("The certificate isn't valid yet.");
    case 'INVALID_PURPOSE':
    case 'UNSPECIFIED':
      return l10n.t("The certificate is too weak, or isn't made for servers.");
    default:
      return l10n.t("The certificate isn't trusted ({0}).", code);
  }
}

function verdictOnCertificate(host: string, code: string): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return l10n.t("The certificate of {0} has expired, or this machine's clock is wrong.", host);
    case 'CERT_NOT_YET_VALID':
      return l10n.t(
        "The certificate of {0} isn't valid yet, or this machine's clock is wrong.",
        host,
      );
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return l10n.t('The certificate of {0} is self-signed.', host);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return l10n.t('The certificate of {0} is for another host.', host);
    case 'INVALID_PURPOSE':
    case 'UNSPECIFIED':
      return l10n.t("The certificate of {0} is too weak, or isn't made for servers.", host);
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return l10n.t(
        'The certificate of {0} is from an untrusted CA, or intermediate certificates are missing.',
        host,
      );
    default:
      return l10n.t("The certificate of {0} is from a CA that this machine doesn't trust.", host);
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
    "The certificate of {0} isn't the one you trusted. Ask your Looker admin.",
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
    super(baseUrl, changedSentence(hostOf(baseUrl), issuer));
  }

  override get detail(): string {
    return `SHA-256 ${this.trusted}, now ${this.shown}`;
  }
}

function changedSentence(host: string, issuer: string | undefined): string {
  return issuer === undefined
    ? l10n.t(
        'The certificate of {0} changed, so nothing was sent: someone may be intercepting the connection. If your Looker admin confirms the change, run "Looker: Forget Trusted Certificate…" and log in again.',
        host,
      )
    : l10n.t(
        '{0} has a new certificate from "{1}", so nothing was sent. If your Looker admin confirms the change, set "caFile", or run "Looker: Forget Trusted Certificate…" and log in again.',
        host,
        issuer,
      );
}
