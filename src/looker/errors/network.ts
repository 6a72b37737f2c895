import * as l10n from '@vscode/l10n';
import { hostOf, portOf } from '../instance/host';
import { LookerError, NetworkError } from './lookerError';

/** The network, or the host behind it, did not answer at all. Says nothing about who is logged in. */
export class UnreachableError extends NetworkError {
  override readonly name = 'UnreachableError';
  override readonly verdict: string;

  /** @param code Node's system error code, such as `ECONNREFUSED`, if there is one. */
  constructor(
    baseUrl: string,
    readonly code: string | undefined,
  ) {
    super(
      baseUrl,
      l10n.t(
        'Could not reach {0}: {1}. Check the instance URL, your network and VPN.',
        hostOf(baseUrl),
        networkWords(code),
      ),
    );
    this.verdict = verdictOnNetwork(baseUrl, code);
  }
}

/** What one of Node's system error codes means, as a clause. Made when it is needed: the language is known then. */
function networkWords(code: string | undefined): string {
  switch (code) {
    case 'ENOTFOUND':
      return l10n.t('no such host is known');
    case 'EAI_AGAIN':
      return l10n.t('its name could not be looked up');
    case 'ECONNREFUSED':
      return l10n.t('the connection was refused');
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return l10n.t('the connection broke off');
    case 'EHOSTUNREACH':
      return l10n.t('there is no way to that host');
    case 'ENETUNREACH':
      return l10n.t('there is no network');
    case 'ETIMEDOUT':
      return l10n.t('the connection timed out');
    case 'HPE_HEADER_OVERFLOW':
      return l10n.t('its reply has too many headers');
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return l10n.t('it does not speak https there');
    case 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE':
      return l10n.t('it refused the TLS handshake');
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
      return l10n.t('it wants to see a certificate of this machine, and Looker Auth has none');
    case undefined:
      return l10n.t('the connection failed');
    default:
      if (isDamage(code)) return l10n.t('its reply is damaged');
      return isOldTls(code) ? l10n.t('its TLS is too old') : code;
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
      if (isDamage(code)) {
        return l10n.t('Something answers at {0}, but it is not Looker’s API.', hostOf(baseUrl));
      }
      if (isOldTls(code)) return l10n.t('The TLS of {0} is too old.', hostOf(baseUrl));
      return /SSL|EPROTO/.test(code)
        ? l10n.t('{0} answers, but does not speak https there.', hostOf(baseUrl))
        : l10n.t('The connection to {0} breaks off ({1}): a firewall or proxy?', hostname, code);
  }
}

/** Whether a code of Node's says that what came is no HTTP, or not compressed as it says: zlib's, Brotli's, its parser's. */
function isDamage(code: string): boolean {
  return /^(Z_|HPE_|ERR_BROTLI|ERR__ERROR_|ZSTD_)/.test(code);
}

/** Whether a code of Node's says that a server's TLS is older, or its keys are weaker, than Node accepts. */
export function isOldTls(code: string): boolean {
  return /^ERR_SSL_(TLSV1_ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|WRONG_SSL_VERSION|UNSAFE_LEGACY_RENEGOTIATION_DISABLED|\w+_KEY_TOO_SMALL)$/.test(
    code,
  );
}

/** The instance took longer than the time-out. Says nothing about who is logged in. */
export class TimeoutError extends NetworkError {
  override readonly name = 'TimeoutError';
  override readonly verdict = l10n.t(
    'Nothing answers at {0}: a firewall drops it, or the VPN is off.',
    hostOf(this.baseUrl),
  );

  constructor(baseUrl: string, timeoutMs: number) {
    super(
      baseUrl,
      l10n.t(
        '{0} did not answer within {1} s. Check your network and VPN, or raise the setting "lookerAuth.timeout".',
        hostOf(baseUrl),
        timeoutMs / 1000,
      ),
    );
  }
}

/** A proxy on the way does not let us through. Nothing has reached Looker. */
export class ProxyError extends LookerError {
  override readonly name = 'ProxyError';
  override readonly category = 'transient';
  override readonly recovery = 'checkConnection';
  override readonly verdict: string;

  /** @param status what it answered, undefined where it did not */
  constructor(baseUrl: string, status?: number) {
    super(baseUrl, proxySentence(hostOf(baseUrl), status), status);
    this.verdict =
      status === 407
        ? l10n.t('A proxy on the way to {0} wants a sign-in.', hostOf(baseUrl))
        : this.message;
  }
}

function proxySentence(host: string, status: number | undefined): string {
  switch (status) {
    case undefined:
      return l10n.t(
        'The proxy on the way to {0} cannot be reached, or its certificate is not trusted. Check the proxy settings of VS Code.',
        host,
      );
    case 407:
      return l10n.t(
        'A proxy on the way to {0} asks you to sign in to it (HTTP {1}). Check the proxy settings of VS Code.',
        host,
        status,
      );
    default:
      return l10n.t(
        'A proxy on the way to {0} does not let you through (HTTP {1}). Check the instance URL, and the proxy settings of VS Code.',
        host,
        status,
      );
  }
}

/** A proxy refuses to connect to an instance. Holds no address with credentials. */
export class TunnelRefusedError extends LookerError {
  override readonly name = 'TunnelRefusedError';
  override readonly category = 'transient';
  override readonly verdict: string;

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t('The proxy refuses to connect to {0} (HTTP {1}).', hostOf(baseUrl), status),
      status,
    );
    this.verdict = l10n.t(
      'The proxy does not let anybody through to {0} (HTTP {1}).',
      hostOf(baseUrl),
      status,
    );
  }
}
