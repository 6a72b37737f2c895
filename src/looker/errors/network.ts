import * as l10n from '@vscode/l10n';
import { hostOf, portOf } from '../instance/host';
import { formatWait } from '../numbers';
import { LookerError, NetworkError } from './lookerError';

/** The network or the host didn't respond. Says nothing about whether the login is still valid. */
export class UnreachableError extends NetworkError {
  override readonly name = 'UnreachableError';
  override readonly verdict: string;

  /** @param code Node's system error code, such as `ECONNREFUSED`, if there is one. */
  constructor(
    baseUrl: string,
    readonly code: string | undefined,
  ) {
    super(baseUrl, networkSentence(hostOf(baseUrl), code));
    this.verdict = verdictOnNetwork(baseUrl, code);
  }

  override get detail(): string | undefined {
    return this.code;
  }
}

/** What happened, by Node's system error code. A function, since the language isn't known when this file is loaded. */
function networkSentence(host: string, code: string | undefined): string {
  switch (code) {
    case undefined:
      return l10n.t("Couldn't reach {0}. Check the URL, your network, or your VPN.", host);
    case 'ENOTFOUND':
      return l10n.t(
        "Couldn't reach {0} (host not found). Check the URL, your network, or your VPN.",
        host,
      );
    case 'EAI_AGAIN':
      return l10n.t(
        "Couldn't reach {0} (DNS lookup failed). Check the URL, your network, or your VPN.",
        host,
      );
    case 'ECONNREFUSED':
      return l10n.t(
        "Couldn't reach {0} (connection refused). Check the URL, your network, or your VPN.",
        host,
      );
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return l10n.t(
        "Couldn't reach {0} (connection closed). Check the URL, your network, or your VPN.",
        host,
      );
    case 'EHOSTUNREACH':
      return l10n.t(
        "Couldn't reach {0} (no route to host). Check the URL, your network, or your VPN.",
        host,
      );
    case 'ENETUNREACH':
      return l10n.t(
        "Couldn't reach {0} (no network). Check the URL, your network, or your VPN.",
        host,
      );
    case 'ETIMEDOUT':
      return l10n.t(
        "Couldn't reach {0} (connection timed out). Check the URL, your network, or your VPN.",
        host,
      );
    case 'HPE_HEADER_OVERFLOW':
      return l10n.t(
        '{0} sent a response with too many headers. Check the URL, or ask your Looker admin.',
        host,
      );
    default:
      if (isOtherProtocol(code)) {
        return l10n.t("{0} doesn't use HTTPS. Check the URL and port.", host);
      }
      if (requiresCertificate(code)) return certificateRequired(host);
      if (isOldTls(code)) {
        return l10n.t(
          '{0} uses an outdated TLS version or key. Ask your Looker admin to update it.',
          host,
        );
      }
      if (isTlsAlert(code)) {
        return l10n.t(
          '{0} refused the TLS handshake. Check the URL, or ask your Looker admin.',
          host,
        );
      }
      return isDamage(code)
        ? l10n.t('{0} sent a damaged response. Check the URL, your network, or your VPN.', host)
        : l10n.t("Couldn't reach {0} ({1}). Check the URL, your network, or your VPN.", host, code);
  }
}

/** The sentence for a server, or something in front of it, that requires a client certificate. */
export function certificateRequired(host: string): string {
  return l10n.t(
    "{0} requires a client certificate, which Looker Auth can't send. Ask your Looker admin how to reach the API.",
    host,
  );
}

function verdictOnNetwork(baseUrl: string, code: string | undefined): string {
  const { hostname } = new URL(baseUrl);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return l10n.t("This machine can't resolve the name {0}. Check your VPN or DNS.", hostname);
    case 'ECONNREFUSED':
      return l10n.t('Port {0} on {1} is closed.', portOf(baseUrl), hostname);
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return l10n.t('This machine has no route to {0}. Check your network or VPN.', hostname);
    case undefined:
      return l10n.t('The connection to {0} was closed, perhaps by a firewall or proxy.', hostname);
    default:
      if (requiresCertificate(code)) {
        return l10n.t(
          "{0} requires a client certificate, which Looker Auth can't send.",
          hostOf(baseUrl),
        );
      }
      if (isOldTls(code))
        return l10n.t('{0} uses an outdated TLS version or key.', hostOf(baseUrl));
      if (isTlsAlert(code)) {
        return l10n.t('{0} refused the TLS handshake.', hostOf(baseUrl));
      }
      if (isDamage(code)) {
        return l10n.t("{0} responds, but not with Looker's API.", hostOf(baseUrl));
      }
      return isOtherProtocol(code)
        ? l10n.t("{0} responds, but doesn't use HTTPS.", hostOf(baseUrl))
        : l10n.t(
            'The connection to {0} failed ({1}), perhaps because of a firewall or proxy.',
            hostname,
            code,
          );
  }
}

/** Whether an error code, of Node's HTTP parser or of a decompressor, says that the response is damaged. */
function isDamage(code: string): boolean {
  return /^(Z_|HPE_|ERR_BROTLI|ERR__ERROR_|ZSTD_)/.test(code);
}

/** Whether an error code says that what responds doesn't speak TLS. */
function isOtherProtocol(code: string): boolean {
  return /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))$/.test(code);
}

/** Whether an error code is an alert with which a server ends the TLS handshake. OpenSSL names all of them this way. */
function isTlsAlert(code: string): boolean {
  return /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_/.test(code);
}

/** Whether an alert is about our certificate. Looker Auth has none, so the server wants one. */
function requiresCertificate(code: string): boolean {
  return isTlsAlert(code) && /_(?:\w*CERTIFICATE(?:_\w+)?|UNKNOWN_CA)$/.test(code);
}

/** Whether an error code says that a server's TLS version is too old for Node, or its keys are too weak. */
function isOldTls(code: string): boolean {
  return /^ERR_SSL_(TLSV1_ALERT_(?:PROTOCOL_VERSION|INSUFFICIENT_SECURITY)|UNSUPPORTED_PROTOCOL|WRONG_SSL_VERSION|UNSAFE_LEGACY_RENEGOTIATION_DISABLED|\w+_KEY_TOO_SMALL|\w+_MD_TOO_WEAK)$/.test(
    code,
  );
}

/** The request timed out. Says nothing about whether the login is still valid. */
export class TimeoutError extends NetworkError {
  override readonly name = 'TimeoutError';
  override readonly verdict = l10n.t(
    "{0} doesn't respond. Check your VPN, or whether a firewall blocks the connection.",
    hostOf(this.baseUrl),
  );

  constructor(baseUrl: string, timeoutMs: number) {
    super(
      baseUrl,
      l10n.t(
        '{0} didn\'t respond within {1}. Check your network or VPN, or increase the setting "lookerAuth.timeout".',
        hostOf(baseUrl),
        formatWait(timeoutMs),
      ),
    );
  }
}

/** A proxy didn't let the request through. Nothing has reached Looker. */
export class ProxyError extends LookerError {
  override readonly name = 'ProxyError';
  override readonly category = 'transient';
  override readonly recovery = 'checkConnection';
  override readonly verdict: string;

  /** @param status the proxy's response, undefined if there was none */
  constructor(baseUrl: string, status?: number) {
    super(baseUrl, proxySentence(hostOf(baseUrl), status), status);
    this.verdict =
      status === 407
        ? l10n.t('The proxy for {0} requires authentication.', hostOf(baseUrl))
        : this.message;
  }
}

function proxySentence(host: string, status: number | undefined): string {
  switch (status) {
    case undefined:
      return l10n.t(
        "The proxy for {0} isn't responding, isn't trusted, or can't reach that host. Check the URL, and the proxy settings in VS Code.",
        host,
      );
    case 407:
      return l10n.t(
        'The proxy for {0} requires authentication. Check the proxy settings in VS Code.',
        host,
      );
    default:
      if (status >= 500) {
        return l10n.t(
          "The proxy for {0} can't reach that host. Check the URL, and the proxy settings in VS Code.",
          host,
        );
      }
      return l10n.t(
        'The proxy for {0} blocked the request. Check the URL, and the proxy settings in VS Code.',
        host,
      );
  }
}
