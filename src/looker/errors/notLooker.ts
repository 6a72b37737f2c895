import * as l10n from '@vscode/l10n';
import { hostOf, isSameHost, portOf, safeOrigin } from '../instance/host';
import { LookerError } from './lookerError';
import { certificateRequired } from './network';

/**
 * The server redirects elsewhere. Redirects aren't followed: credentials are only sent to the instance that the user
 * chose.
 */
export class RedirectedError extends LookerError {
  override readonly name = 'RedirectedError';
  override readonly category = 'intercepted';
  override readonly recovery = 'openInstance';
  override readonly verdict = this.message;

  /**
   * @param origin the target of the redirect, if known
   * @param isInstance whether the target is probably the same instance under another URL
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
      '{0} redirects API requests to a login page. Ask your Looker admin to let them through.',
      host,
    );
  }
  if (origin === undefined) {
    return l10n.t(
      '{0} redirects to another address, perhaps for single sign-on, so Looker Auth sent nothing there. Check the URL, or ask your Looker admin to let API requests through.',
      host,
    );
  }
  if (isInstance && safeOrigin(origin, baseUrl) === undefined) {
    return l10n.t(
      '{0} redirects to {1}, which is plain HTTP, so Looker Auth sent nothing there. Ask your Looker admin to correct the redirect.',
      host,
      origin,
    );
  }
  return isInstance
    ? l10n.t(
        "{0} redirects to {1}, so Looker Auth sent nothing there. If that's your instance, use its URL.",
        host,
        origin,
      )
    : l10n.t(
        '{0} redirects to {1}, perhaps for single sign-on, so Looker Auth sent nothing there. Check the URL, or ask your Looker admin to let API requests through.',
        host,
        origin,
      );
}

/** The server isn't a Looker API: a web page, a proxy's sign-in page, another product. */
export class NotLookerApiError extends LookerError {
  override readonly name: string = 'NotLookerApiError';
  override readonly category = 'intercepted';
  override readonly recovery = 'openInstance';
  override readonly verdict: string = l10n.t(
    "{0} responds, but not with Looker's API.",
    hostOf(this.baseUrl),
  );

  /** @param sentence what responded and what to do, if known */
  constructor(
    baseUrl: string,
    status: number,
    sentence = l10n.t(
      "{0} responds, but not with Looker's API. Check the URL and port; older instances use port 19999.",
      hostOf(baseUrl),
    ),
  ) {
    super(baseUrl, sentence, status);
  }
}

/** Something in front of an instance that responds in its place. */
export type Interceptor =
  'botProtection' | 'cache' | 'clientCertificate' | 'firewall' | 'gateway' | 'signInPage';

/** Something in front of the instance blocked the API request. It never reached Looker. */
export class InterceptedError extends NotLookerApiError {
  override readonly name = 'InterceptedError';
  override readonly verdict = this.message;

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
        'Bot protection blocked the request to {0} before it reached Looker. Ask your Looker admin to let API requests through.',
        host,
      );
    case 'cache':
      return l10n.t(
        'A cache responded in place of {0}. Ask your Looker admin to let API requests through.',
        host,
      );
    case 'clientCertificate':
      return certificateRequired(host);
    case 'firewall':
      return l10n.t(
        'A firewall or gateway blocked the request to {0} before it reached Looker. Check your network or VPN, or ask your Looker admin.',
        host,
      );
    case 'gateway':
      return l10n.t(
        "A gateway in front of {0} requires its own credentials, which Looker Auth doesn't have. Ask your Looker admin how to reach the API.",
        host,
      );
    case 'signInPage':
      return l10n.t(
        "{0} shows a login page instead of Looker's API. Log in there with your browser, or check the URL and port.",
        host,
      );
  }
}

/** There is no Looker API at this URL, but possibly at another port, or at another host that the server names. */
export class ApiElsewhereError extends LookerError {
  override readonly name = 'ApiElsewhereError';
  override readonly category = 'setup';
  override readonly recovery = 'useOtherUrl';
  override readonly verdict = this.message;

  /** @param otherBaseUrl where the API may be. Nothing was sent to another host */
  constructor(
    baseUrl: string,
    readonly otherBaseUrl: string,
  ) {
    super(baseUrl, elsewhereSentence(baseUrl, otherBaseUrl));
  }
}

function elsewhereSentence(baseUrl: string, other: string): string {
  const host = hostOf(baseUrl);
  if (!isSameHost(baseUrl, other)) {
    return l10n.t(
      "{0} doesn't respond with Looker's API. It says that the API is at {1}.",
      host,
      hostOf(other),
    );
  }
  return portOf(baseUrl) === portOf(other)
    ? l10n.t("{0} doesn't respond with Looker's API over HTTP, but responds over HTTPS.", host)
    : l10n.t(
        "{0} doesn't respond with Looker's API, but port {1} on that host responds.",
        host,
        portOf(other),
      );
}
