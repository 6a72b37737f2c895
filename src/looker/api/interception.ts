import type { Interceptor } from '../errors/notLooker';
import type { Reply } from '../network/http';

/** As much of a page as is looked at: it says soon what it is. */
const LONGEST_LOOK = 100_000;

/** Headers that bot protection sets: Cloudflare's, AWS WAF's, DataDome's and Imperva's. */
const CHALLENGE_HEADERS = ['cf-mitigated', 'x-amzn-waf-action', 'x-datadome', 'x-iinfo'];

/** What its pages have in them: Cloudflare's, Imperva's, Akamai's, and whoever asks to be told from a robot. */
const CHALLENGE_PAGE =
  /cf-chl|challenge-platform|just a moment\.\.\.|_incapsula_|edgesuite\.net|captcha/i;

const SIGN_IN_PAGE = /type\s?=\s?["']?password|SAMLRequest|SAMLResponse|openid-connect/i;

/**
 * What has answered in place of Looker, as far as that can be told.
 * @param reply that is not Looker's: its own refusals are JSON of a known shape, whatever headers a proxy adds to them
 */
export function interceptorOf(reply: Reply): Interceptor | undefined {
  const { status } = reply;
  if (isChallenge(reply)) return 'botProtection';
  if (status === 401) return 'gateway';
  if (status === 403 || status === 451) return 'firewall';
  // Network Authentication Required (RFC 6585, 6).
  return status === 511 || SIGN_IN_PAGE.test(pageOf(reply)) ? 'signInPage' : undefined;
}

/** Whether bot protection asks for what only a browser can do. */
export function isChallenge(reply: Reply): boolean {
  return (
    CHALLENGE_HEADERS.some((name) => reply.header(name) !== null) ||
    (reply.status >= 400 && CHALLENGE_PAGE.test(pageOf(reply))) ||
    (reply.status === 403 && /^AkamaiGHost/i.test(reply.header('server') ?? ''))
  );
}

/** The beginning of a page, '' where it is none. */
function pageOf({ header, body }: Reply): string {
  const isPage = /html/i.test(header('content-type') ?? '') || /^\s{0,100}</.test(body);
  return isPage ? body.slice(0, LONGEST_LOOK) : '';
}
