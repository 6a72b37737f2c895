import * as l10n from '@vscode/l10n';
import { hostOf, isSameHost, portOf } from './host';
import type { Exception } from './protection';

/**
 * Everything that can go wrong between us and a Looker instance, one class per thing a caller would do
 * differently. Each takes facts and writes the sentence the user reads: what happened, on which
 * instance, what to do next. None of them carries a secret, a token or a URL with a query.
 */
export abstract class LookerError extends Error {
  abstract override readonly name: string;
  /** HTTP status Looker answered with, where it answered. */
  readonly status: number | undefined;

  protected constructor(
    readonly baseUrl: string,
    sentence: string,
    status?: number,
  ) {
    super(sentence);
    this.status = status;
  }
}

/** What was typed as an instance cannot be one. */
export class InvalidInstanceError extends Error {
  override readonly name = 'InvalidInstanceError';
}

/** The caller gave up (Esc, Cancel, window closing). Never shown. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  constructor() {
    super('Canceled.');
  }
}

/** The sentence of whatever was thrown: an error's own, else the thing as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
    case 'Z_DATA_ERROR':
    case 'Z_BUF_ERROR':
      return l10n.t('its reply is damaged');
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
      return isOldTls(code) ? l10n.t('its TLS is too old') : code;
  }
}

/** Whether a code of Node's says that a server's TLS is older, or its keys are weaker, than Node accepts. */
export function isOldTls(code: string): boolean {
  return /^ERR_SSL_(TLSV1_ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|WRONG_SSL_VERSION|UNSAFE_LEGACY_RENEGOTIATION_DISABLED|\w+_KEY_TOO_SMALL)$/.test(
    code,
  );
}

/** The network, or the host behind it, did not answer at all. Says nothing about who is logged in. */
export class UnreachableError extends LookerError {
  override readonly name = 'UnreachableError';

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
  }
}

/** The instance took longer than the time-out. Says nothing about who is logged in. */
export class TimeoutError extends LookerError {
  override readonly name = 'TimeoutError';

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

/** What one of Node's TLS error codes means, as a sentence. */
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

/** The TLS certificate is expired, is for another host, or comes from nobody this machine trusts. Nothing was sent. */
export class UntrustedCertificateError extends LookerError {
  override readonly name = 'UntrustedCertificateError';

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
  }
}

/** The instance shows another certificate than the one the user has trusted. Nothing was sent. */
export class ChangedCertificateError extends LookerError {
  override readonly name = 'ChangedCertificateError';

  /**
   * @param trusted SHA-256 fingerprint of the one trusted
   * @param shown that of the one shown now
   * @param issuer who both say they are from, if that is the same CA: it may be a renewal, and anybody may say so
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

/** The CA file of an instance cannot be used. Nothing was sent. */
export class CaFileError extends LookerError {
  override readonly name = 'CaFileError';

  /** @param problem what is wrong with it, a sentence that names it */
  constructor(
    baseUrl: string,
    readonly problem: string,
  ) {
    super(
      baseUrl,
      l10n.t(
        'Nothing was sent to {0}, since its CA file cannot be used. {1} Check "caFile" in the setting "lookerAuth.instances".',
        hostOf(baseUrl),
        problem,
      ),
    );
  }
}

/** `http:` to another machine would show the API key to everybody on the way. Nothing was sent. */
export class PlainHttpError extends LookerError {
  override readonly name = 'PlainHttpError';

  constructor(baseUrl: string) {
    super(
      baseUrl,
      l10n.t(
        '{0} would be asked over plain http, which shows your API key to everybody on the way. Use https, or mark this instance with "plainHttp" in the setting "lookerAuth.instances".',
        hostOf(baseUrl),
      ),
    );
  }
}

/** Settings protect an instance less than the user has agreed to. Nothing was sent. */
export class WeakerProtectionError extends LookerError {
  override readonly name = 'WeakerProtectionError';

  /** @param exceptions those in force */
  constructor(
    baseUrl: string,
    readonly exceptions: readonly Exception[],
  ) {
    super(
      baseUrl,
      l10n.t(
        'Your settings protect {0} less than you have agreed to, so nothing was sent. Review them to go on.',
        hostOf(baseUrl),
      ),
    );
  }
}

/** The server wants us elsewhere. We do not follow: credentials go to the instance the user named, only. */
export class RedirectedError extends LookerError {
  override readonly name = 'RedirectedError';

  /**
   * @param origin where it leads, as far as that is known
   * @param isInstance whether that plausibly is the instance, under another URL
   */
  constructor(
    baseUrl: string,
    status: number,
    readonly origin: string | undefined,
    isInstance = false,
  ) {
    super(baseUrl, redirectSentence(baseUrl, origin, isInstance), status);
  }
}

function redirectSentence(
  baseUrl: string,
  origin: string | undefined,
  isInstance: boolean,
): string {
  const host = hostOf(baseUrl);
  if (origin === baseUrl) {
    return l10n.t(
      '{0} redirects to a sign-in page in place of the Looker API. Ask your Looker admin to let API requests through.',
      host,
    );
  }
  return isInstance
    ? l10n.t(
        "{0} redirects to {1}. Credentials aren't sent there: if that's your instance, use its URL.",
        host,
        origin ?? '',
      )
    : l10n.t(
        '{0} redirects to {1}, as single sign-on and firewalls do. Nothing is sent there. Ask your Looker admin to let API requests through, or check the URL.',
        host,
        origin ?? l10n.t('another address'),
      );
}

/** A proxy on the way does not let us through. Nothing has reached Looker. */
export class ProxyError extends LookerError {
  override readonly name = 'ProxyError';

  /** @param status what it answered, undefined where it did not */
  constructor(baseUrl: string, status?: number) {
    super(baseUrl, proxySentence(hostOf(baseUrl), status), status);
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

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t('The proxy refuses to connect to {0} (HTTP {1}).', hostOf(baseUrl), status),
      status,
    );
  }
}

/** Something answers, but not a Looker API: a web page, a proxy's sign-in page, another product. */
export class NotLookerApiError extends LookerError {
  override readonly name: string = 'NotLookerApiError';

  /** @param sentence who answers, and what to do, if that is known */
  constructor(
    baseUrl: string,
    status: number,
    sentence = l10n.t(
      '{0} answers (HTTP {1}), but this is not a Looker API. Check the instance URL and port: older instances serve the API on port 19999.',
      hostOf(baseUrl),
      status,
    ),
  ) {
    super(baseUrl, sentence, status);
  }
}

/** What stands in front of an instance and answers in its place. */
export type Interceptor = 'botProtection' | 'firewall' | 'gateway' | 'signInPage';

/** Something in front of the instance does not let API requests through. Looker has said nothing. */
export class InterceptedError extends NotLookerApiError {
  override readonly name = 'InterceptedError';

  constructor(
    baseUrl: string,
    status: number,
    readonly interceptor: Interceptor,
  ) {
    super(baseUrl, status, interceptorSentence(hostOf(baseUrl), interceptor));
  }
}

function interceptorSentence(host: string, interceptor: Interceptor): string {
  switch (interceptor) {
    case 'botProtection':
      return l10n.t(
        'Bot protection in front of {0} wants a browser, so the request never reached Looker. Ask your Looker admin to let API requests through.',
        host,
      );
    case 'firewall':
      return l10n.t(
        'A firewall or gateway in front of {0} blocked the request, so it never reached Looker. Check your network and VPN, or ask your Looker admin.',
        host,
      );
    case 'gateway':
      return l10n.t(
        "A gateway in front of {0} wants credentials of its own, which Looker Auth doesn't have. Ask your Looker admin how to reach the API.",
        host,
      );
    case 'signInPage':
      return l10n.t(
        '{0} shows a sign-in page in place of the Looker API. Sign in in the browser if your network asks for that, or check the URL and port.',
        host,
      );
  }
}

/** There is no Looker API where the user looks for one, but there may be on another port, or on a host it names. */
export class ApiElsewhereError extends LookerError {
  override readonly name = 'ApiElsewhereError';

  /** @param otherBaseUrl where it may be. Nothing was sent to another host */
  constructor(
    baseUrl: string,
    readonly otherBaseUrl: string,
  ) {
    super(
      baseUrl,
      isSameHost(baseUrl, otherBaseUrl)
        ? l10n.t(
            'No Looker API answers at {0}, but port {1} of that host does answer.',
            hostOf(baseUrl),
            portOf(otherBaseUrl),
          )
        : l10n.t(
            "{0} isn't a Looker API. It says that its API is at {1}.",
            hostOf(baseUrl),
            hostOf(otherBaseUrl),
          ),
    );
  }
}

/** JSON, but not of the shape Looker documents. */
export class UnexpectedReplyError extends LookerError {
  override readonly name = 'UnexpectedReplyError';

  /** @param problem what was missing or wrong, naming fields and never values. */
  constructor(baseUrl: string, status: number, problem: string) {
    super(
      baseUrl,
      l10n.t(
        "{0} gave a reply that is not Looker's: {1}. Check the instance URL, or look into the log.",
        hostOf(baseUrl),
        problem,
      ),
      status,
    );
  }
}

/** The reply was larger than anything Looker's login API sends. */
export class ReplyTooLargeError extends LookerError {
  override readonly name = 'ReplyTooLargeError';

  constructor(baseUrl: string, limitBytes: number) {
    super(
      baseUrl,
      l10n.t(
        '{0} sent more than {1} MB, which no Looker login does. Check the instance URL.',
        hostOf(baseUrl),
        limitBytes / 1024 / 1024,
      ),
    );
  }
}

/** Looker refused client id and secret (real servers answer 404 there). Renewing would be refused too. */
export class ApiKeyRefusedError extends LookerError {
  override readonly name = 'ApiKeyRefusedError';

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        "Looker rejected this API key on {0}. Check the client ID and client secret, and that the user isn't disabled.",
        hostOf(baseUrl),
      ),
      status,
    );
  }
}

/** A token is no longer good: expired, logged out or revoked. */
export class TokenRejectedError extends LookerError {
  override readonly name = 'TokenRejectedError';

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        '{0} no longer accepts this token (HTTP {1}). Renew it, or log in again.',
        hostOf(baseUrl),
        status,
      ),
      status,
    );
  }
}

/** Looker does not let this user act as another one. */
export class SudoRefusedError extends LookerError {
  override readonly name = 'SudoRefusedError';

  constructor(baseUrl: string, status: number, userId: string) {
    super(
      baseUrl,
      l10n.t(
        '{0} does not let you act as user {1} (HTTP {2}). Only a user with the Admin role may; on Looker (Google Cloud core) only an API-only service account with the Admin role, and only as an embed user.',
        hostOf(baseUrl),
        userId,
        status,
      ),
      status,
    );
  }
}

/** Looker does not let this user do this, or does not know the endpoint. Their token is still good. */
export class RefusedError extends LookerError {
  override readonly name = 'RefusedError';

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        '{0} refused this (HTTP {1}). Ask a Looker admin whether your roles allow it.',
        hostOf(baseUrl),
        status,
      ),
      status,
    );
  }
}

/** Looker does not let this user work in Development Mode. Their other tokens are still good. */
export class DevModeRefusedError extends LookerError {
  override readonly name = 'DevModeRefusedError';

  /** @param status undefined where Looker takes the request, and the token stays in production all the same */
  constructor(baseUrl: string, status?: number) {
    const host = hostOf(baseUrl);
    super(
      baseUrl,
      status === undefined
        ? l10n.t(
            '{0} kept the session in production instead of Development Mode. Ask your Looker admin for the develop permission.',
            host,
          )
        : l10n.t(
            "{0} doesn't let this user work in Development Mode (HTTP {1}). Ask your Looker admin for the develop permission.",
            host,
            status,
          ),
      status,
    );
  }
}

/** There is no such user to act as, or they are disabled. */
export class UnknownUserError extends LookerError {
  override readonly name = 'UnknownUserError';

  constructor(baseUrl: string, userId: string, status?: number) {
    super(
      baseUrl,
      status === undefined
        ? l10n.t(
            '{0} knows no active user {1} to act as. Check the id, and that you are an admin.',
            hostOf(baseUrl),
            userId,
          )
        : l10n.t(
            '{0} knows no active user {1} to act as (HTTP {2}). Check the id, and that you are an admin.',
            hostOf(baseUrl),
            userId,
            status,
          ),
      status,
    );
  }
}

/** Looker handed out a token to act as a user, and then says that it stands for somebody else. */
export class SudoMismatchError extends LookerError {
  override readonly name = 'SudoMismatchError';

  constructor(baseUrl: string, asked: SudoPair, told: SudoPair) {
    const host = hostOf(baseUrl);
    super(
      baseUrl,
      asked.userId === told.userId
        ? l10n.t(
            '{0} says that it is user {1} who acts as user {2}, not you (user {3}). The token was ended and nothing was kept. Log in again, and tell whoever runs the instance if this comes back.',
            host,
            told.adminId,
            asked.userId,
            asked.adminId,
          )
        : l10n.t(
            '{0} was asked for user {1} and gave a token of user {2}. The token was ended and nothing was kept. Tell whoever runs the instance, or a proxy before it.',
            host,
            asked.userId,
            told.userId,
          ),
    );
  }
}

/** Who acts as whom, by their ids. */
export interface SudoPair {
  readonly userId: string;
  readonly adminId: string;
}

/** Looker lets nobody act as a user who is disabled. It was not asked. */
export class DisabledUserError extends LookerError {
  override readonly name = 'DisabledUserError';

  constructor(baseUrl: string, name: string) {
    super(
      baseUrl,
      l10n.t(
        '{0} is disabled on {1}, and Looker lets nobody act as a disabled user. Choose somebody else, or enable them in Looker under Admin > Users.',
        name,
        hostOf(baseUrl),
      ),
    );
  }
}

/** Nobody waits longer than that for a Retry-After, which then says nothing but "later". */
const DAY_MS = 86_400_000;

/** Too many requests, for longer than we wait by ourselves. */
export class RateLimitedError extends LookerError {
  override readonly name = 'RateLimitedError';

  /** @param retryAfterMs how long the instance asks to be left alone, where it says so. */
  constructor(
    baseUrl: string,
    status: number,
    readonly retryAfterMs: number | undefined,
  ) {
    const isFar = retryAfterMs === undefined || retryAfterMs > DAY_MS;
    super(
      baseUrl,
      isFar
        ? l10n.t(
            '{0} is busy and asks for patience (HTTP {1}). Try again later.',
            hostOf(baseUrl),
            status,
          )
        : l10n.t(
            '{0} is busy and asks for patience (HTTP {1}). Try again in {2} seconds.',
            hostOf(baseUrl),
            status,
            Math.max(1, Math.ceil(retryAfterMs / 1000)),
          ),
      status,
    );
  }
}

/** Looker answered with an error that is nobody's fault here. Says nothing about who is logged in. */
export class ServerError extends LookerError {
  override readonly name = 'ServerError';

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t('{0} answered with an error (HTTP {1}). Try again later.', hostOf(baseUrl), status),
      status,
    );
  }
}

/** Whether nobody answers there: the network is away, or the instance. */
export function isUnreachable(error: unknown): error is UnreachableError | TimeoutError {
  return error instanceof UnreachableError || error instanceof TimeoutError;
}

/**
 * Whether it isn't clear that Looker answers: the instance has moved, stands behind a sign-in in the browser, does not
 * prove that it is the one, or would be trusted with less proof than the user has agreed to. Trying again by itself is useless; once somebody has
 * looked, it may work again.
 */
export function isSomebodyElse(error: unknown): boolean {
  return (
    error instanceof NotLookerApiError ||
    error instanceof RedirectedError ||
    error instanceof UntrustedCertificateError ||
    error instanceof ChangedCertificateError ||
    error instanceof WeakerProtectionError
  );
}

/**
 * Whether Looker itself said no, so that trying again is useless until the user does something. All
 * other failures say nothing about the account: it is kept, and tried again later.
 */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof ApiKeyRefusedError ||
    error instanceof TokenRejectedError ||
    error instanceof SudoRefusedError ||
    error instanceof UnknownUserError
  );
}
