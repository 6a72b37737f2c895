import { isWhole, withoutEnd } from './urlAmidWords';

/**
 * A named URL: `LOOKERSDK_BASE_URL=…`, `"base_url": "…"`, `looker.instanceURL: …`, `--host …`. After a colon, digits
 * are a port, and not a value.
 */
const NAMED =
  /(?<![a-z\d#?/&@=])(?:base|instance|api|looker|server)?[ _-]?(?:url|uri|endpoint|host(?:name)?)(?:["'`*\])]*\s*(?:[:?+]?=[=>]?|<-(?=[\s"'])|->|:(?![/\d=]))[\s"'`*<(]*|(?<=_base_url|--[a-z-]{3,20})\s+["'`]?(?=[^\s"'`]*\.))((?:[^\s"'`&;]|;(?=\/))+)/gi;

/** A URL without a path, with or without a scheme. */
const BARE = /^(?:https?:\/\/)?[^/?#]*\/?$/i;

/**
 * Finds the values of named URLs, see {@link NAMED}.
 * @returns an empty list if it is unclear where one of them ends; undefined if the text names none, or begins with
 *   another URL
 */
export function namedUrls(text: string): readonly string[] | undefined {
  const found = [...text.matchAll(NAMED)];
  const [first] = found;
  const beginsAsUrl = text.search(/[/?]/);
  if (!first || (beginsAsUrl >= 0 && beginsAsUrl < first.index)) return undefined;
  const urls = new Set(found.map(([, url = '']) => withoutEnd(url)));
  const isPart = ({ 0: { length }, 1: url = '', index }: RegExpExecArray) =>
    BARE.test(url) && !isWhole(url, text.slice(index + length));
  return urls.size === 1 && found.some(isPart) ? [] : [...urls];
}
