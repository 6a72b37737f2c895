import type { Interceptor } from '../errors/notLooker';
import type { HttpResponse } from '../network/http';

/** Only this much of a page is searched, in characters: what identifies it is near the top. */
const LONGEST_LOOK = 100_000;

/** Headers and text of refusals by the bot protection of Cloudflare, AWS WAF and Vercel, and of any page with a captcha. */
const CHALLENGE_HEADERS = ['cf-mitigated', 'x-amzn-waf-action', 'x-vercel-mitigated'];
const CHALLENGE_PAGE = /cf-chl|just a moment\.\.\.|captcha/i;

/**
 * What DataDome, Imperva, Cloudflare and Akamai put into their challenges, but also into each response that passes them
 * and into their own pages about a failure behind them.
 */
const PROTECTION_HEADERS = ['x-datadome', 'x-iinfo'];
const PROTECTION_PAGE = /challenge-platform|_incapsula_|edgesuite\.net/i;

/** Text on the block pages of F5's, Fortinet's, Zscaler's and other firewalls, whose status may be 200 or 503. */
const BLOCK_PAGE =
  /<title>\s{0,20}(?:request rejected|access denied|internet security by zscaler|zscaler caution)|<title>[^<]{0,100}\bblock(?:ed| page)\b|your support id is|fortiguard|<h2>the request is blocked/i;

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
  // Looker Auth sends no conditional requests, so only a cache responds that nothing has changed.
  if (status === 304) return 'cache';
  if (CLIENT_CERTIFICATE_STATUS.includes(status) || CLIENT_CERTIFICATE_PAGE.test(page)) {
    return 'clientCertificate';
  }
  if (status === 401) return 'gateway';
  if (status === 403 || status === 451 || isBlockPage(response)) return 'firewall';
  // Network Authentication Required (RFC 6585, 6).
  return status === 511 || SIGN_IN_PAGE.test(page) ? 'signInPage' : undefined;
}

/** Whether bot protection or a firewall refused the request for good, even if the status is a server failure's. */
export function isBlocked(response: HttpResponse): boolean {
  // Proxy authentication and rate limits are temporary, whatever their page says.
  const isPassing = response.status === 407 || response.status === 429;
  return isChallenge(response) || (!isPassing && isBlockPage(response));
}

/**
 * Whether a status means that the server, or something in front of it, failed, timed out (408), or refused to risk a
 * replay (425).
 */
export function isServerFailure(status: number): boolean {
  return (status >= 500 && status !== 511) || status === 408 || status === 425;
}

/** Whether bot protection sent a challenge that only a browser can pass. */
function isChallenge(response: HttpResponse): boolean {
  const { status, header } = response;
  const has = (name: string) => header(name) !== null;
  const page = status >= 400 ? pageOf(response) : '';
  if (CHALLENGE_HEADERS.some(has) || CHALLENGE_PAGE.test(page)) return true;
  if (isFailureBehind(response)) return false;
  return (
    PROTECTION_HEADERS.some(has) ||
    PROTECTION_PAGE.test(page) ||
    (status === 403 && /^AkamaiGHost/i.test(header('server') ?? ''))
  );
}

/** Whether the page is a firewall's block page. */
function isBlockPage(response: HttpResponse): boolean {
  const page = pageOf(response);
  // Imperva also gives its own failures an incident ID.
  return BLOCK_PAGE.test(page) || (!isFailureBehind(response) && /incident id:/i.test(page));
}

/** Whether the status alone says that a server failed or is rate-limiting requests. DataDome refuses with 429 as well. */
function isFailureBehind({ status, header }: HttpResponse): boolean {
  if (status !== 429) return isServerFailure(status);
  return header('retry-after') !== null || header('x-datadome') === null;
}

/** The beginning of an HTML page; '' if the body isn't one. */
function pageOf({ header, body }: HttpResponse): string {
  const isPage = /html/i.test(header('content-type') ?? '') || /^\s{0,100}</.test(body);
  return isPage ? body.slice(0, LONGEST_LOOK) : '';
}
