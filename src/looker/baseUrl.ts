import * as l10n from '@vscode/l10n';
import { InvalidInstanceError } from './errors';
import { isLoopback } from './host';

const EXAMPLE = 'https://acme.cloud.looker.com';

/**
 * Turns what people paste into an instance's base URL, its origin: no scheme, trailing slashes, an API
 * path, an Explore link, quotes and blanks around it are all forgiven.
 *
 * Without a scheme it is `https`, except on this machine itself ({@link isLoopback}), where development servers speak `http`.
 * @throws InvalidInstanceError with a sentence for the user
 */
export function parseBaseUrl(text: string): string {
  const pasted = text.trim().replace(/^[\s"'<(]+|[\s"'>),;]+$/g, '');
  if (pasted === '')
    throw new InvalidInstanceError(l10n.t('Enter the instance URL, for example {0}.', EXAMPLE));
  const url = parse(pasted);
  if (!url || !isInstance(url, pasted)) {
    throw new InvalidInstanceError(
      l10n.t('This is not the URL of a Looker instance. Enter one, for example {0}.', EXAMPLE),
    );
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new InvalidInstanceError(
      l10n.t('A Looker instance is reached over https. Enter its URL, for example {0}.', EXAMPLE),
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidInstanceError(
      l10n.t('Leave user name and password out of the URL: the API key is asked for next.'),
    );
  }
  return url.origin;
}

function parse(text: string): URL | undefined {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return tryUrl(text);
  const url = tryUrl(`https://${text.replace(/^\/+/, '')}`);
  const isSecure = /^[^/]*:443(\/|$)/.test(text);
  return url && isLoopback(url.origin) && !isSecure
    ? tryUrl(url.href.replace('https:', 'http:'))
    : url;
}

function tryUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/**
 * A dotted name, `localhost` or an address. A lone word is a typing error, unless a scheme or a port makes
 * clear that an intranet's host is meant; a lone number is no address, though URLs take it for one.
 */
function isInstance({ hostname, port }: URL, pasted: string): boolean {
  if (/^\d+([:/]|$)/.test(pasted)) return false;
  const isDotted = /^[^.]+(\.[^.]+)+\.?$/.test(hostname);
  const isMeant = hostname === 'localhost' || port !== '' || pasted.includes('://');
  return isDotted || hostname.startsWith('[') || (isMeant && /^[^.]+$/.test(hostname));
}

/**
 * The base URL in a text that happens to be there, on the clipboard say, where it plausibly is an instance's: a
 * host of Looker's, or one called `looker`; the old API port; a page of Looker's; or one that is known.
 */
export function plausibleBaseUrl(text: string, known: readonly string[]): string | undefined {
  const pasted = text.trim();
  if (pasted.length > 2000 || /\s/.test(pasted)) return undefined;
  let baseUrl: string;
  try {
    baseUrl = parseBaseUrl(pasted);
  } catch {
    return undefined;
  }
  const { hostname, port } = new URL(baseUrl);
  const isLookers =
    /(^|\.)looker\.(com|app)$|^looker\./.test(hostname) &&
    !/^(www\.|docs\.|cloud\.|community\.|developers\.)?looker\.(com|app)$/.test(hostname);
  const isPage = /^https?:\/\/[^/]+\/(explore|dashboards|looks|api\/\d\.\d)(\/|$)/i.test(pasted);
  return isLookers || port === '19999' || isPage || known.includes(baseUrl) ? baseUrl : undefined;
}
