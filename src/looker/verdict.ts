import * as l10n from '@vscode/l10n';
import {
  ApiKeyRefusedError,
  ChangedCertificateError,
  InterceptedError,
  InvalidInstanceError,
  isOldTls,
  isSomebodyElse,
  LookerError,
  messageOf,
  PlainHttpError,
  ProxyError,
  RateLimitedError,
  RedirectedError,
  RefusedError,
  ServerError,
  TimeoutError,
  TokenRejectedError,
  TunnelRefusedError,
  UnexpectedReplyError,
  UnreachableError,
  UntrustedCertificateError,
  WeakerProtectionError,
} from './errors';
import { hostOf, portOf } from './host';

/** What is wrong, for a help desk: one sentence that names the thing to look at. */
export function verdictOn(error: unknown): string {
  if (error instanceof InvalidInstanceError) {
    return l10n.t('This is not the URL of a Looker instance.');
  }
  if (!(error instanceof LookerError)) return messageOf(error);
  const { baseUrl } = error;
  const host = hostOf(baseUrl);
  if (error instanceof ChangedCertificateError) {
    return l10n.t(
      'The certificate of {0} is not the one that was trusted: ask whoever runs it.',
      host,
    );
  }
  if (error instanceof UntrustedCertificateError) return verdictOnCertificate(host, error.code);
  if (error instanceof UnreachableError) return verdictOnNetwork(baseUrl, error.code);
  if (error instanceof TimeoutError) {
    return l10n.t('Nothing answers at {0}: a firewall drops it, or the VPN is off.', host);
  }
  if (error instanceof ProxyError && error.status === 407) {
    return l10n.t('A proxy on the way to {0} wants a sign-in.', host);
  }
  if (error instanceof TunnelRefusedError) {
    return l10n.t(
      'The proxy does not let anybody through to {0} (HTTP {1}).',
      host,
      error.status ?? 0,
    );
  }
  if (error instanceof WeakerProtectionError) return error.message;
  if (error instanceof PlainHttpError) {
    return l10n.t(
      '{0} is to be asked over plain http, which is not allowed here: use https.',
      host,
    );
  }
  // They name what is in between.
  if (error instanceof InterceptedError || error instanceof RedirectedError) return error.message;
  if (isSomebodyElse(error) || error instanceof UnexpectedReplyError) {
    return l10n.t('Something answers at {0}, but it is not Looker’s API.', host);
  }
  if (error instanceof ApiKeyRefusedError) {
    return l10n.t('Looker refuses the API key: it was deleted, or its user is disabled.');
  }
  if (error instanceof TokenRejectedError) {
    return l10n.t('Looker no longer accepts the token: log in again.');
  }
  if (error instanceof RefusedError) {
    return l10n.t('Looker does not let this user use its API (HTTP {0}).', error.status ?? 0);
  }
  if (error instanceof RateLimitedError) return l10n.t('{0} is busy and asks for patience.', host);
  if (error instanceof ServerError) {
    return l10n.t(
      '{0} is there, but answers with an error of its own (HTTP {1}).',
      host,
      error.status ?? 0,
    );
  }
  return error.message;
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

function verdictOnNetwork(baseUrl: string, code: string | undefined): string {
  const { hostname } = new URL(baseUrl);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return l10n.t('The name {0} does not resolve here: VPN or DNS.', hostname);
    case 'ECONNREFUSED':
      return l10n.t('Port {0} of {1} is closed.', portOf(baseUrl), hostname);
    case 'Z_DATA_ERROR':
    case 'Z_BUF_ERROR':
    case 'HPE_HEADER_OVERFLOW':
      return l10n.t('Something answers at {0}, but it is not Looker’s API.', hostOf(baseUrl));
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return l10n.t('There is no way to {0} from here: network or VPN.', hostname);
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
      return l10n.t(
        '{0} wants to see a certificate of this machine. Looker Auth has none.',
        hostOf(baseUrl),
      );
    case undefined:
      return l10n.t('The connection to {0} breaks off: a firewall or proxy?', hostname);
    case 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE':
      return l10n.t('{0} refuses the TLS handshake.', hostOf(baseUrl));
    default:
      if (isOldTls(code)) return l10n.t('The TLS of {0} is too old.', hostOf(baseUrl));
      return /SSL|EPROTO/.test(code)
        ? l10n.t('{0} answers, but does not speak https there.', hostOf(baseUrl))
        : l10n.t('The connection to {0} breaks off ({1}): a firewall or proxy?', hostname, code);
  }
}
