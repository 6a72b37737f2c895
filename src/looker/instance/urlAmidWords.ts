import { withoutDecoration } from '../pastedText';
import { goesOn } from '../valueEnd';

/**
 * A run of characters that may contain a URL. It ends at whitespace, at quotes, at the delimiters of HTML and of chat
 * links (`<url|text>`), and before the `](` of a Markdown link.
 */
const WORD = /(?:(?!\]\()[^\s"'`<>|])+/g;

/**
 * Matches the text before the first scheme in a word. It doesn't match if the scheme follows a path, query or user
 * name, because it then belongs to another URL, as in `web.archive.org/web/https://…`.
 */
const BEGIN = /^[^/?#@]*?(?<![a-z\d])(?=https?:\/\/[^\s/])/i;

/** A dotted host name without a scheme, with an optional port. */
const HOST = /^(?:[\p{L}\p{N}_-]+\.)+\p{L}[\p{L}\p{N}_-]+(?::\d{1,5})?(?=$|[/?#])/u;

/** One of Looker's hosts, whatever stands around it; not the domain of an address. */
const LOOKERS_HOST =
  /(?<![\p{L}\p{N}@._-])(?:[\p{L}\p{N}_-]+\.)+looker\.(?:com|app)(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])/giu;

/**
 * Text that may be the second half of a host that a line break or blank has split: `.looker.com`, `oker.com`,
 * `om/explore`.
 */
const CONTINUATION = /^(?:[\p{L}\p{N}-]*(?:\.[\p{L}\p{N}]|:\d)|[\p{L}\p{N}-]+\/)/u;
/** The same at the end of the text: `om`. No host goes on after `.com` or a slash. */
const LAST = /^[a-z\d][a-z\d-]{0,3}\s*$/;

/**
 * What can follow a period that ends a sentence, and doesn't belong to the host: the end of the text, or a new
 * sentence.
 */
const NEXT_SENTENCE = /^["'`>)\]*_]*(?:$|\s+\p{Lu})/u;

interface Word {
  readonly text: string;
  readonly index: number;
}

/**
 * Finds the URLs in a text that contains more than a URL: prose, commands, HTML, chat links (`<url|text>`), lines of
 * settings. A URL is only recognized by its scheme.
 * @returns the first URL of each host, and more than one if the text names other hosts as well; an empty list if it is
 *   unclear where the URL ends; undefined if the text has no URL, or nothing but a URL
 */
export function urlsAmidWords(text: string): readonly string[] | undefined {
  const words = [...text.matchAll(WORD)].map(({ 0: text, index }): Word => ({ text, index }));
  const urls = words.flatMap(urlIn);
  const [first] = urls;
  if (!first || first.text === text) return undefined;
  const isBare = /^https?:\/\/[^/?#]*\/?$/i.test(first.text);
  const rest = text.slice(first.index + first.text.length);
  const host = withoutEnd(first.text).replace(/^https?:\/\//i, '');
  const isDotted = /[.:]|^localhost$/i.test(host);
  if (isBare && !(isDotted && isWhole(first.text, rest))) return [];
  const hosts = new Set(urls.map(({ text }) => /\/\/([^/?#:]*)/.exec(text.toLowerCase())?.[1]));
  const isOther = (host: string) => !hosts.has(host.toLowerCase());
  const others = words.flatMap(({ text: word, index }) => {
    // A dotted word after a URL with a path may belong to that path, because pasted links can contain blanks.
    const isShown = '|>'.includes(text.charAt(index - 1));
    if (!isBare && !isShown && index >= first.index) return [];
    const [before = word] = BEGIN.exec(word) ?? [];
    const lookers = before.match(LOOKERS_HOST) ?? [];
    const end = index + word.length;
    const isCall = word.endsWith('(') && /["'`]/.test(text.charAt(end));
    const isLink = word.startsWith('[') && /^(?:\]\(|\|)/.test(text.slice(end, end + 2));
    const host = isLink
      ? withoutDecoration(word.replace(/^\[+/, ''), ']')
      : withoutDecoration(word);
    return [...(HOST.test(host) && !isCall ? [host] : []), ...lookers.filter(isOther)];
  });
  const scheme = first.text.slice(0, first.text.indexOf(':'));
  const named = new Map<string, string>();
  for (const url of [
    ...urls.map(({ text }) => text),
    ...others.map((host) => `${scheme}://${host}`),
  ]) {
    const cleaned = withoutEnd(url);
    const host = /^[^:]*:\/\/[^/?#]*/.exec(cleaned.toLowerCase())?.[0] ?? '';
    if (!named.has(host)) named.set(host, cleaned);
  }
  return [...named.values()];
}

function urlIn({ text, index }: Word): readonly Word[] {
  const [before] = BEGIN.exec(text) ?? [];
  return before === undefined
    ? []
    : [{ text: text.slice(before.length), index: index + before.length }];
}

/**
 * Whether a URL without a path has its whole host, so that the text after it can't be the rest of the host.
 * @param rest the text after the URL
 */
export function isWhole(url: string, rest: string): boolean {
  const isBroken = /[\p{L}\p{N}][.:_-]+\/?$/u.test(url) && !NEXT_SENTENCE.test(rest);
  const isOpen = /^<(?!\/)|^\s*\S*[\s"'`<>|]\.[\p{L}\p{N}]/u.test(rest);
  // It may have a possessive's `'s`.
  const isJoined = /^["'`&;](?!s\b)/.test(rest) && goesOn(rest, 0);
  // After a bracket or a comma, the next word is a word of its own.
  const next = /[\p{L}\p{N}/]$/u.test(url) && /^\s/.test(rest) ? rest.trimStart() : '';
  const isContinued =
    CONTINUATION.test(next) || (!/\.(?:com|app)$|\/$/i.test(url) && LAST.test(next));
  return !isBroken && !isOpen && !isJoined && !isContinued;
}

/** Removes punctuation and closing brackets after a URL. The closing bracket of an IPv6 address stays. */
export function withoutEnd(url: string): string {
  return withoutDecoration(url, url.includes('[') ? '}:' : ']}:');
}

/**
 * Whether a program has cut off the host to show it, as in `https://acme.cloud.looker.co…`. No host goes on after
 * `.com`.
 */
export function isCutOff(authority: string, text: string): boolean {
  const [, ...rests] = text.split(authority);
  return !/\.(?:com|app)$/i.test(authority) && rests.some((rest) => /^(?:…|\.\.)/.test(rest));
}
