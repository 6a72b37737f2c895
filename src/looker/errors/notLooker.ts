import * as l10n from '@vscode/l10n';
import { hostOf, isSameHost, portOf } from '../instance/host';
import { LookerError } from './lookerError';

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

/** The server isn't a Looker API: a web page, a proxy's sign-in page, another product. */
export class NotLookerApiError extends LookerError {
  override readonly name: string = 'NotLookerApiError';
  override readonly category = 'intercepted';
  override readonly recovery = 'openInstance';
  override readonly verdict: string = l10n.t(
    'Something answers at {0}, but it is not Looker’s API.',
    hostOf(this.baseUrl),
  );

  /** @param sentence what responded and what to do, if known */
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

/** Something in front of an instance that responds in its place. */
export type Interceptor = 'botProtection' | 'firewall' | 'gateway' | 'signInPage';

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
