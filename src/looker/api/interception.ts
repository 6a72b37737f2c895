import type { Interceptor } from '../errors/notLooker';
import type { HttpResponse } from '../network/http';

/** Only this much of a page is searched, in characters: what identifies it is near the top. */
const LONGEST_LOOK = 100_000;

/** Headers that bot protection sets: Cloudflare's, AWS WAF's, DataDome's and Imperva's. */
const CHALLENGE_HEADERS = ['cf-mitigated', 'x-amzn-waf-action', 'x-datadome', 'x-iinfo'];

/** Text on the pages of Cloudflare's, Imperva's and Akamai's bot protection, or on any page with a captcha. */
const CHALLENGE_PAGE =
  /cf-chl|challenge-platform|just a moment\.\.\.|_incapsula_|edgesuite\.net|captcha/i;

/** Text on the pages by which F5's, Fortinet's, Zscaler's and other firewalls refuse, some with HTTP 200. */
const BLOCK_PAGE =
  /<title>\s{0,20}(?:request rejected|web ?page blocked|access denied|blocked by|internet security by zscaler)|your support id is|fortiguard|incident id:|<h2>the request is blocked/i;

/** Text on nginx's, Apache's and IIS's pages, and nginx's own status, for a request without a client certificate. */
const CLIENT_CERTIFICATE_PAGE =
  /no required ssl certificate was sent|ssl certificate error|client certificate required|403\.7\b/i;
const CLIENT_CERTIFICATE_STATUS = [495, 496];

const SIGN_IN_PAGE = /type\s?=\s?["']?password|SAMLRequest|SAMLResponse|openid-connect/i;

/**
 * What responded in place of Looker, if that can be determined.
 * @param response one that isn't Looker's: Looker's own refusals are JSON of a known shape, whatever headers a proxy adds
 */
export function interceptorOf(response: HttpResponse): Interceptor | undefined {
  const { status } = response;
  const page = pageOf(response);
  if (isChallenge(response)) return 'botProtection';
  // Looker Auth's requests have no condition, so no server of an API says that nothing has changed.
  if (status === 304) return 'cache';
  if (CLIENT_CERTIFICATE_STATUS.includes(status) || CLIENT_CERTIFICATE_PAGE.test(page)) {
    return 'clientCertificate';
  }
  if (status === 401) return 'gateway';
  if (status === 403 || status === 451 || BLOCK_PAGE.test(page)) return 'firewall';
  // Network Authentication Required (RFC 6585, 6).
  return status === 511 || SIGN_IN_PAGE.test(page) ? 'signInPage' : undefined;
}

/** Whether bot protection sent a challenge that only a browser can pass. */
export function isChallenge(response: HttpResponse): boolean {
  return (
    CHALLENGE_HEADERS.some((name) => response.header(name) !== null) ||
    (response.status >= 400 && CHALLENGE_PAGE.test(pageOf(response))) ||
    (response.status === 403 && /^AkamaiGHost/i.test(response.header('server') ?? ''))
  );
}

/** The beginning of an HTML page; '' if the body isn't one. */
function pageOf({ header, body }: HttpResponse): string {
  const isPage = /html/i.test(header('content-type') ?? '') || /^\s{0,100}</.test(body);
  return isPage ? body.slice(0, LONGEST_LOOK) : '';
}
