import * as l10n from '@vscode/l10n';
import { InvalidInstanceError } from '../errors/input';
import { API_PORT, hostOf, isHost, isLoopback } from './host';
import { isAtRoot } from './lookerPages';
import { namedUrls } from './namedUrl';
import { isHostedByLooker, isOtherSite, wrappedUrl } from './otherSites';
import { withoutLinkTexts, type PastedUrl } from './shownLinks';
import { isCutOff, urlsAmidWords } from './urlAmidWords';
import { LONGEST_PASTE, withoutDecoration, withoutInvisible } from '../pastedText';

const EXAMPLE = 'https://acme.cloud.looker.com';

/**
 * Turns pasted text into an instance's base URL, its origin. It accepts a missing, repeated or mistyped scheme
 * (`https//`), trailing slashes, an API path, a link to a Looker page, quotes, Markdown, invisible characters, and a
 * whole line of settings such as `LOOKERSDK_BASE_URL=…`. Ambiguous text is refused; a host is never guessed.
 *
 * Without a scheme it is `https`, except on this machine itself ({@link isLoopback}), where development servers speak
 * `http`.
 * @throws InvalidInstanceError with a sentence for the user
 */
export function parseBaseUrl(text: string): string {
  const url = readUrl(text);
  const { origin } = url;
  if (!isAtRoot(url)) {
    throw new InvalidInstanceError(
      l10n.t(
        "Looker Auth can't use an instance URL with a path. If your instance is at the root of its host, enter {0}.",
        origin,
      ),
    );
  }
  return origin;
}

/**
 * The base URL in a text that may be unrelated, such as the clipboard's, if it plausibly is an instance's: one of
 * Looker's hosts, or one called `looker`; the old API port; a Looker page; or a known instance.
 */
export function plausibleBaseUrl(text: string, known: readonly string[]): string | undefined {
  if (text.length > LONGEST_PASTE) return undefined;
  const pasted = text.trim();
  if (pasted.length > 2000 || /\s/.test(pasted)) return undefined;
  let url: PastedUrl;
  try {
    url = readUrl(pasted);
  } catch {
    return undefined;
  }
  const { origin, path } = url;
  if (known.includes(origin)) return origin;
  const { hostname, port } = new URL(origin);
  const isLookers = isHostedByLooker(hostname) || hostname.startsWith('looker.');
  const isPage = /^\/(explore|dashboards|looks|api\/\d\.\d)(\/|$)/i.test(path);
  const isApi = port === API_PORT && isAtRoot(url);
  return isLookers || isApi || isPage ? origin : undefined;
}

/** Filters and chat apps rewrite links that others have rewritten. More is an attempt to keep VS Code busy. */
const MOST_WRAPPERS = 5;

/** @param wrappers around the text @throws InvalidInstanceError */
function readUrl(text: string, wrappers = 0): PastedUrl {
  if (text.length > LONGEST_PASTE) throw notAUrl();
  const read = (text: string) => tryUrlIn(text, wrappers);
  const plain = withoutLinkTexts(unescaped(withoutInvisible(text)), read);
  const pasted = unwrapped(withoutDecoration(plain));
  if (pasted === '')
    throw new InvalidInstanceError(l10n.t('Enter the instance URL, for example {0}.', EXAMPLE));
  const { scheme, rest } = withoutScheme(pasted);
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  if (/https?:$/i.test(authority) && rest.startsWith('//', end)) throw severalInstances();
  const origin = originOf(scheme, authority);
  const path = end < 0 ? '' : rest.slice(end);
  // The rest of a host that a program would complete: `https://acme#{env}.looker.com`, `https://acme?.looker.com`.
  if (/^#\{|^[/?#]\.[a-z]/i.test(path)) throw notAUrl();
  if (path === '' && isCutOff(authority, text)) throw notAUrl();
  const wrapped = wrappedUrl(origin, path);
  if (wrapped !== undefined && wrappers < MOST_WRAPPERS) return readUrl(wrapped, wrappers + 1);
  if (isOtherSite(new URL(origin).hostname)) {
    throw new InvalidInstanceError(
      l10n.t(
        "{0} isn't a Looker instance. Enter the URL where you open Looker, for example {1}.",
        hostOf(origin),
        EXAMPLE,
      ),
    );
  }
  return { origin, path };
}

/** Undoes the escaping of a URL in JSON (`https:\/\/`), Java (`https\://`), or another URL (`https%3A%2F%2F`). */
function unescaped(text: string): string {
  const plain = text.replace(/\\(?=[/:])/g, '');
  return /^\s*https?%3a%2f%2f/i.test(plain)
    ? plain.replace(/%3a/gi, ':').replace(/%2f/gi, '/')
    : plain;
}

/** A Markdown link. Captures its text and its target. */
const LINK = /^\[([^\]]*)\]\(\s*<?([^)\s>]*)/;

/** A label before a host without a scheme, or the cell before it: `Looker: `. */
const LABEL = /^(?!https?\b)\p{L}[\p{L}\p{N} _-]{0,40}(?::\s+|：|\t\s*)(?=\S+\.\S+$)/iu;

/** The URL inside a Markdown link, or after its name in a line of settings; otherwise the text itself. */
function unwrapped(text: string): string {
  const [, shown, target] = LINK.exec(text) ?? [];
  if (shown === undefined || target === undefined) {
    return bracketless(
      only(namedUrls(text)) ?? only(urlsAmidWords(text)) ?? text.replace(LABEL, ''),
    );
  }
  if (leadsElsewhere(shown, target)) {
    throw new InvalidInstanceError(
      l10n.t(
        "This link's text and target are different URLs. Enter the instance URL, for example {0}.",
        EXAMPLE,
      ),
    );
  }
  return withoutDecoration(target);
}

function leadsElsewhere(shown: string, target: string): boolean {
  const url = shown.includes('[') ? undefined : tryUrlIn(shown);
  const other = tryUrlIn(bracketless(target));
  // The link text may not be a URL. An invalid target gets its own error later.
  return url !== undefined && other !== undefined && url.origin !== other.origin;
}

/** See {@link readUrl}; undefined if it would throw. */
function tryUrlIn(text: string, wrappers = 0): PastedUrl | undefined {
  try {
    return readUrl(text, wrappers);
  } catch {
    return undefined;
  }
}

/** Removes surrounding square brackets; those of an IPv6 address stay. */
function bracketless(text: string): string {
  const isWrapped = text.startsWith('[') && !/^\[[\da-f:.]+\](?:[:/?#]|$)/i.test(text);
  return isWrapped ? withoutDecoration(text.replace(/^\[+/, '').replace(/\]$/, '')) : text;
}

/**
 * The only URL of those found.
 * @throws InvalidInstanceError if there are several, or none has a clear end
 */
function only(urls: readonly string[] | undefined): string | undefined {
  if (!urls) return undefined;
  const [url, another] = urls;
  if (url === undefined) throw notAUrl();
  if (another !== undefined) throw severalInstances();
  return url;
}

/** Removes the scheme, even if it is repeated or mistyped. @throws InvalidInstanceError */
function withoutScheme(text: string): { scheme: 'http' | 'https' | undefined; rest: string } {
  const schemes = new Set<string>();
  let rest = text;
  for (;;) {
    const [written, scheme] =
      /^(https?)\s*(?:[:;.,：]+\s*[/\\／]+[:;]?|[/\\／]+[:;]?|[:;：])\s*/i.exec(rest) ?? [];
    if (written === undefined || scheme === undefined) break;
    schemes.add(scheme.toLowerCase());
    rest = rest.slice(written.length);
  }
  const [, other] = /^([a-z][a-z\d+-]{0,30}):\/\//i.exec(rest) ?? [];
  if (other !== undefined) {
    throw new InvalidInstanceError(
      l10n.t(
        'Looker uses HTTPS, not {0}. Enter the instance URL, for example {1}.',
        other,
        EXAMPLE,
      ),
    );
  }
  if (schemes.size > 1) {
    throw new InvalidInstanceError(
      l10n.t('This URL has both HTTP and HTTPS. Enter one URL, for example {0}.', EXAMPLE),
    );
  }
  const [scheme] = schemes;
  return {
    scheme: scheme === 'http' || scheme === 'https' ? scheme : undefined,
    rest: scheme === undefined ? rest.replace(/^:?[/\\]+/, '') : rest,
  };
}

/**
 * The origin of the part between scheme and path. `URL` only converts the host to ASCII, and the result must match what
 * was written, because `URL` also decodes `%`, treats `\` as `/`, and turns numbers into addresses.
 */
function originOf(scheme: 'http' | 'https' | undefined, authority: string): string {
  if (authority.includes('@')) {
    throw new InvalidInstanceError(
      l10n.t("Remove the user name and password from the URL. You'll log in next."),
    );
  }
  const [, written = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::\s*(.*))?$/s.exec(authority) ?? [];
  const host = written.replace(/\.$/, '');
  refuseOddCharacters(host);
  if (port !== '' && !(/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536)) {
    throw new InvalidInstanceError(
      l10n.t(
        "The text after the colon isn't a port. Enter the instance URL, for example {0}.",
        'https://looker.example.com:19999',
      ),
    );
  }
  const behind = port === '' ? '' : `:${port}`;
  const url = tryUrl(`${scheme ?? 'https'}://${host}${behind}`);
  const isMeant = scheme !== undefined || port !== '';
  if (!url || !isInstance(url.hostname, host, isMeant)) throw notAUrl();
  const speaksHttp =
    scheme === undefined && Number(port) !== 443 && isLoopback(`http://${url.hostname}`);
  return speaksHttp ? new URL(`http://${url.hostname}${behind}`).origin : url.origin;
}

/** Rejects a character that no host contains, such as the `$` of a variable. @throws InvalidInstanceError */
function refuseOddCharacters(host: string): void {
  if (host.startsWith('[')) return;
  const [odd] = /[^\p{L}\p{M}\p{Nd}_.-]/u.exec(host) ?? [];
  if (odd === undefined) return;
  if (/[\s\p{C}"'`]/u.test(odd)) throw notAUrl();
  throw new InvalidInstanceError(
    l10n.t(
      'A host name can\'t contain "{0}". Enter the instance URL, for example {1}.',
      odd,
      EXAMPLE,
    ),
  );
}

/**
 * Schemes, keywords, and names of variables or files, which can't be a host: `https://https`, `process.env.LOOKER_URL`.
 */
const NO_HOST =
  /_|^(?:https?|ftp|file|(?:base|instance|looker|api)?-?(?:url|uri)|client-?(?:id|secret)|undefined|null|none|nan|true|false|export|set|setx|env|process|ini|json|ya?ml|toml|cfg|conf|txt|lkml|lookml|properties|xml|csv|log)$/;

/**
 * Whether a host can be an instance's: a dotted name, `localhost`, or an address as written. A single word needs a
 * scheme or a port, which show that it is a host on the intranet. A single number isn't an address, although `URL`
 * reads it as one.
 * @param hostname in ASCII, as `URL` returns it
 * @param written as it appears in the text
 */
function isInstance(hostname: string, written: string, isMeant: boolean): boolean {
  if (!isHost(hostname)) return false;
  if (hostname.startsWith('[')) return true;
  // `URL` turns `127.1` and `0x7f000001` into an address that isn't written in the text.
  if (/^[\d.]+$/.test(hostname)) return hostname === written;
  const labels = hostname.split('.');
  return (
    !NO_HOST.test(labels.at(-1) ?? '') &&
    !isMixed(written) &&
    (labels.length > 1 || isMeant || hostname === 'localhost')
  );
}

/**
 * Whether the last part of a host mixes ASCII letters with another script, as no top-level domain does: a word
 * follows the host without a blank (`looker.comです`).
 */
function isMixed(written: string): boolean {
  const last = written.slice(written.lastIndexOf('.') + 1);
  return /[a-z]/i.test(last) && /[^\x21-\x7e]/.test(last);
}

function tryUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function severalInstances(): InvalidInstanceError {
  return new InvalidInstanceError(
    l10n.t('This text has several URLs. Enter one, for example {0}.', EXAMPLE),
  );
}

function notAUrl(): InvalidInstanceError {
  return new InvalidInstanceError(
    l10n.t("This isn't the URL of a Looker instance. Enter one, for example {0}.", EXAMPLE),
  );
}

/** See {@link parseBaseUrl}; undefined if it would throw. */
export function tryBaseUrl(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : parseBaseUrl(text);
  } catch {
    return undefined;
  }
}
