import { withoutDecoration } from '../pastedText';

/** What may be a URL: blanks, quotes, and the marks of HTML and of chats end it, as does `](` in Markdown. */
const WORD = /(?:(?!\]\()[^\s"'`<>|])+/g;

/** Where a URL begins in a word, unless it is part of another one (`web.archive.org/web/https://…`). */
const BEGIN = /^[^/?#@]*?(?<![a-z\d])(?=https?:\/\/[^\s/])/i;

/** A name with dots, such as a URL without a scheme has it. */
const HOST = /^(?:[\p{L}\p{N}_-]+\.)+\p{L}[\p{L}\p{N}_-]+(?::\d{1,5})?(?=$|[/?#])/u;

/** What goes on with a host that was broken in two: `.looker.com`, `oker.com`, `om/explore`, and `om` at the very end. */
const CONTINUATION = /^(?:[\p{L}\p{N}-]*[.:][\p{L}\p{N}]|[\p{L}\p{N}-]+\/|[a-z\d-]{1,4}\s*$)/u;

/** What may follow the full stop after a URL: the end, or another sentence. */
const NEXT_SENTENCE = /^["'`>)\]*_]*(?:$|\s+\p{Lu})/u;

interface Word {
  readonly text: string;
  readonly index: number;
}

/**
 * The URLs in a text that says more than one: in prose, commands, HTML, chats (`<url|text>`), lines of settings. Only
 * what has its scheme is taken for one; of those of one host, the first.
 * @returns undefined where the text is no more than a URL, or has none; nothing where it is unclear where the URL ends;
 *   several where the text names other hosts, too
 */
export function urlsAmidWords(text: string): readonly string[] | undefined {
  const words = [...text.matchAll(WORD)].map(({ 0: text, index }): Word => ({ text, index }));
  const urls = words.flatMap(urlIn);
  const [first] = urls;
  if (!first || first.text === text) return undefined;
  const isBare = /^https?:\/\/[^/?#]*\/?$/i.test(first.text);
  const rest = text.slice(first.index + first.text.length);
  if (isBare && !isWhole(first.text, rest)) return [];
  const others = words.filter(({ text: word, index }) => {
    // Behind a path, such words are part of a link with blanks in it.
    const isShown = '|>'.includes(text.charAt(index - 1));
    return HOST.test(withoutDecoration(word)) && (isBare || isShown || index < first.index);
  });
  const scheme = first.text.slice(0, first.text.indexOf(':'));
  const named = new Map<string, string>();
  for (const url of [
    ...urls.map(({ text }) => text),
    ...others.map(({ text }) => `${scheme}://${withoutDecoration(text)}`),
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

/** Whether a host ends where its word does, and nothing follows that may go on with it. */
function isWhole(url: string, rest: string): boolean {
  const host = withoutEnd(url).replace(/^https?:\/\//i, '');
  const isDotted = /[.:]|^localhost$/i.test(host);
  const isBroken = /[\p{L}\p{N}][.:_-]+\/?$/u.test(url) && !NEXT_SENTENCE.test(rest);
  const isOpen = /^<(?!\/)/.test(rest) || /[\s"'`<>|]\.[\p{L}\p{N}]/u.test(rest);
  // Behind a bracket or a comma there is another word.
  const next = /[\p{L}\p{N}/]$/u.test(url) && /^\s/.test(rest) ? rest.trimStart() : '';
  return isDotted && !isBroken && !isOpen && !CONTINUATION.test(next);
}

/** Without the signs of a sentence, and the brackets, that follow a URL. Those of an IPv6 address are its own. */
export function withoutEnd(url: string): string {
  return withoutDecoration(url, url.includes('[') ? '}:' : ']}:');
}
