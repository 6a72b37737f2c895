import { plausibleBaseUrl, tryBaseUrl } from '../instance/baseUrl';
import { withoutEnd } from '../instance/urlAmidWords';
import { LONGEST_PASTE } from '../pastedText';
import { visibleIn, withoutCredentials } from './keyShape';

/** A host that a pasted text names. */
export interface NamedHost {
  readonly hostname: string;
  /** Undefined if the text has a path there that no base URL can have. */
  readonly baseUrl: string | undefined;
  /**
   * How much speaks for an instance: 2 if a field such as `host` names it, or it looks like Looker's
   * ({@link plausibleBaseUrl}); 1 if it may be one; 0 for a link to a page of something else, or for a dotted name that may be no host.
   */
  readonly rank: 0 | 1 | 2;
}

/** A URL, without another one in it. */
const URL_ =
  /(?<origin>https?:\/\/[^\s"'`<>|/?#,;&\\(){}]+)(?<path>(?:(?!https?:\/\/)[^\s"'`<>|,;\\])*)/;

/** A dotted name without a scheme that is neither the domain of a mail address nor a part of a path. */
const DOTTED =
  /(?<![\p{L}\p{N}@./_-])(?<dotted>(?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}_-]+)(?<port>:\d{1,5}(?!\d))?(?<below>\/[^\s"'`<>|,;]*)?/u;

/** A single word as the value of a field: `LOOKER_HOST=looker`, `--host looker`. */
const WORD =
  /(?=[a-z])(?<=--host(?:name)?[ =]["']?|host(?:name)?["']?\s{0,3}[=:]\s{0,3}["']?)(?<word>[a-z][a-z\d-]*(?::\d{1,5})?)(?![\w.-]|\s*[=:])/;

const HOST = new RegExp([URL_, DOTTED, WORD].map(({ source }) => source).join('|'), 'giu');

/** More than anyone pastes. The hosts after them could only make a question unnecessary. */
const MOST_HOSTS = 200;

/** How many characters before a host may name it. */
const LONGEST_FIELD = 60;

/** The name of a field, before its value: `machine `, `"host": "`, `LOOKER_URL=`, `key: 'domain', value: '`. */
const FIELD =
  /(?:(?<!c)url|uri|host(?:name)?|machine|server|domain|instance|endpoint|website)s?["'`*_\])]*(?:\s*,?\s*["']?value["']?)?(?:\s*(?:=>|[:?]?=|[:：])|\s)[\s"'`*<([{]*$/i;

/** How hosts in prose end, where a dotted name may also be a file or code: `looker.ini`, `app.client.id`. */
const DOMAIN =
  /\.(?:com|net|org|io|app|dev|cloud|edu|gov|info|biz|tech|internal|local|corp|lan|intra|intranet|test|example|(?!id|me|md|py|rs|sh|tf)[a-z]{2})$/i;

/** What follows a dotted name in code. */
const CODE = /^\s*=|^\(/;

/** Sites that texts with a key often link to. They aren't instances, even if a field names them. */
const PUBLIC =
  /(?:^|\.)(?:github|gitlab|slack|atlassian|google|microsoft|office|linkedin|stackoverflow)\.(?:com|net)$/;

/**
 * The hosts that a pasted text names, with or without a scheme, so that the key in it isn't sent to another one unasked.
 * Domains of mail addresses, files, code, versions, and the websites about Looker don't count.
 * @returns each host once
 */
export function namedHosts(text: string): readonly NamedHost[] {
  if (text.length > LONGEST_PASTE) return [];
  const visible = withoutCredentials(visibleIn(text.replace(/\\(?=[/:])/g, '')));
  const found = new Map<string, NamedHost>();
  const seen = new Set<string>();
  for (const { 0: written, groups = {}, index } of visible.matchAll(HOST)) {
    if (seen.size === MOST_HOSTS) break;
    const isField = FIELD.test(visible.slice(Math.max(0, index - LONGEST_FIELD), index));
    const end = index + written.length;
    const isCode = CODE.test(visible.slice(end, end + LONGEST_FIELD));
    const what = JSON.stringify([written, isField, isCode]);
    if (seen.has(what)) continue;
    seen.add(what);
    const host = hostIn(groups, isField, isCode);
    const known = host && found.get(host.hostname);
    if (host && (!known || known.rank < host.rank)) found.set(host.hostname, host);
  }
  return [...found.values()];
}

/** The hosts for which the most speaks: others, such as one in a signature, count only if there is nothing better. */
export function likelyHosts(named: readonly NamedHost[]): readonly NamedHost[] {
  const best = Math.max(1, ...named.map(({ rank }) => rank));
  return named.filter(({ rank }) => rank === best);
}

/**
 * The hosts that a key is likely for, if the text doesn't name the host of the current instance. Another port of a host
 * is the same instance: files may name the port of an earlier setup.
 */
export function hostsInsteadOf(current: string, named: readonly NamedHost[]): readonly NamedHost[] {
  const host = new URL(current).hostname;
  return named.some(({ hostname }) => hostname === host) ? [] : likelyHosts(named);
}

/**
 * @param groups of a match of {@link HOST}
 * @param isField whether a field names it
 * @param isCode whether what follows it shows that it is a name in code
 */
function hostIn(
  groups: Readonly<Record<string, string | undefined>>,
  isField: boolean,
  isCode: boolean,
): NamedHost | undefined {
  const { origin, path = '', dotted, port = '', below = '', word } = groups;
  if (origin !== undefined) return rated(withoutEnd(origin), path, isField);
  if (word !== undefined) return rated(word.includes(':') ? word : `https://${word}`, '', true);
  if (dotted === undefined) return undefined;
  const isDomain = DOMAIN.test(dotted) && dotted.split('.').length > 2 && !isCode;
  const isAddress = /^[\d.]+$/.test(dotted) && port !== '';
  const host = rated(dotted + port, below, isField);
  // It may still be the current instance.
  return host && !isField && !isDomain && !isAddress ? { ...host, rank: 0 } : host;
}

/** @returns undefined if this can't be a host, or is certainly not an instance */
function rated(url: string, path: string, isField: boolean): NamedHost | undefined {
  const origin = tryBaseUrl(url);
  if (origin === undefined) {
    // A mail program may have replaced the link with one that redirects to it.
    const target = tryBaseUrl(url + path);
    return target === undefined ? undefined : rated(target, '', isField);
  }
  const { hostname } = new URL(origin);
  const page = origin + (/^[^?#&]*/.exec(withoutEnd(path))?.[0] ?? '');
  const baseUrl = tryBaseUrl(page) === origin ? origin : undefined;
  if (plausibleBaseUrl(page, []) === origin) return { hostname, baseUrl, rank: 2 };
  if (PUBLIC.test(hostname)) return { hostname, baseUrl, rank: 0 };
  if (isField) return { hostname, baseUrl, rank: 2 };
  // Looker may be behind a gateway.
  const mayBe = baseUrl !== undefined || /^\/looker(?:\/|$)/i.test(path);
  return { hostname, baseUrl, rank: mayBe ? 1 : 0 };
}
