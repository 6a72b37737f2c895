import { isMasked, LENGTH, RANDOM } from './partOfHalf';
import { INVISIBLE, LONGEST_PASTE, withoutDecoration } from '../pastedText';

/** Halves of an API key. */
export interface KeyHalves {
  readonly clientId?: string;
  readonly clientSecret?: string;
}

/** A word as long as a client ID or a client secret, whatever its name. */
const SHAPED = /(?<![A-Za-z\d])(?:[A-Za-z\d]{20}|[A-Za-z\d]{24})(?![A-Za-z\d])/g;

/** A word at the end of a text that is as long as half of a key, so nothing of it was cut off. */
const ENDS_WHOLE = /(?<![A-Za-z\d])(?:[A-Za-z\d]{20}|[A-Za-z\d]{24})$/;

/** A word as long as a client secret, an access token, or both halves of a key that were joined. */
const SECRET = /(?<![A-Za-z\d])(?:[A-Za-z\d]{24}|[A-Za-z\d]{40}|[A-Za-z\d]{44})(?![A-Za-z\d])/g;

/** A password in a URL. */
const PASSWORD = /:\/\/[^\s/?#@"'`<>]{0,200}:[^\s/?#@"'`<>]{1,200}@/;

/** Escaped characters in URLs (`%3D`) and in strings (`\u003d`, `\x3d`), and escaped line ends (`\n`). */
const ESCAPED = /(?:%|\\u00|\\x)([2-7][\da-f])|\\[nrt]/gi;

/** The places before and after a label, if half of a key adjoins it without a gap. */
const BEFORE_LABEL = /(?=client[ _-]?(?:id|secret))(?<=[a-z\d]{20})/gi;
const AFTER_LABEL = /(?<=client[ _-]?(?:id|secret))(?=(?:[a-z\d]{20}|[a-z\d]{24})(?![a-z\d]))/gi;

/** A word that may be half of a key, or `id:secret`, in Base64. */
const BASE64 = /(?<![\w+/])[A-Za-z\d+/]{27,68}={0,2}(?![\w+/=])/g;
/** What the decoded word must look like. */
const HIDDEN = /^(?:[A-Za-z\d]{20}|[A-Za-z\d]{24}|[A-Za-z\d]{20}:[A-Za-z\d]{24})$/;

/**
 * The halves of a key by the lengths of words alone ({@link SHAPED}), if the words are random. None if several words
 * have the same length, because even one that seems ordinary may belong to another key.
 */
export function shaped(text: string): KeyHalves {
  const words = shapedWords(text);
  const ofLength = (length: number) => words.filter((word) => word.length === length);
  const [clientId = '', anotherId] = ofLength(LENGTH.clientId);
  const [clientSecret = '', anotherSecret] = ofLength(LENGTH.clientSecret);
  return anotherId !== undefined || anotherSecret !== undefined
    ? {}
    : {
        ...(RANDOM.test(clientId) && { clientId }),
        ...(RANDOM.test(clientSecret) && { clientSecret }),
      };
}

/** The words in a text that have the length of half a key. */
export function shapedWords(text: string): readonly string[] {
  return text.match(SHAPED) ?? [];
}

/** Whether a text has a random word of the length of a client secret or an access token, or a password in a URL. */
export function holdsSecretWord(text: string): boolean {
  if (PASSWORD.test(text)) return true;
  return (text.match(SECRET) ?? []).some((word) => RANDOM.test(word));
}

/**
 * Whether a text has the length of Looker's client secrets. It may still be something else: an instance may have client
 * IDs of other lengths.
 */
export function looksLikeClientSecret(text: string): boolean {
  return /^[A-Za-z\d]{24}$/.test(wordOf(text));
}

/** The same for client IDs. */
export function looksLikeClientId(text: string): boolean {
  return /^[A-Za-z\d]{20}$/.test(wordOf(text));
}

/**
 * The text in the form that is searched. Keys in Base64 are decoded. Invisible characters become blanks, because
 * removing one could join two keys into one word. Escaped characters are decoded, because the letters and digits of an
 * escape would otherwise be read as part of the next word. A label and a key that adjoin get a blank between them,
 * because pages and tables may be copied without their gaps.
 */
export function visibleIn(text: string): string {
  const plain = text.replace(INVISIBLE, ' ').replace(ESCAPED, unescaped);
  return decoded(plain.replace(BEFORE_LABEL, ' ').replace(AFTER_LABEL, ' '));
}

function unescaped(written: string, code: string | undefined): string {
  if (code === undefined) return ' ';
  const character = String.fromCharCode(Number.parseInt(code, 16));
  return /[A-Za-z\d]/.test(character) ? written : character;
}

/** The text without decoration; for a text that is too long to be searched, a word that isn't half of a key. */
export function wordOf(text: string): string {
  return text.length > LONGEST_PASTE ? '…' : bare(visibleIn(text));
}

/** The text without decoration. If part of it was cut off or masked, it ends with `…`, and isn't taken for a key. */
export function bare(text: string): string {
  const word = withoutDecoration(text.replace(/^\s*\.{3,}/, '…'));
  const at = text.lastIndexOf(word);
  const [before, after] = [text.slice(0, at), text.slice(at + word.length)];
  return word !== '' && !ENDS_WHOLE.test(word) && isMasked(word, before, after) ? `${word}…` : word;
}

/** A user name and a password before a host: `https://user:password@host`, or a key there without a scheme. */
const CREDENTIALS =
  /(?<=:\/\/)[^\s/?#@"'`<>]{1,200}@|(?<![A-Za-z\d])[A-Za-z\d]{10,64}:[A-Za-z\d]{10,64}@/g;

/** Removes the credentials in URLs. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS, '');
}

/** Replaces keys in Base64 with their decoded form, without the line ends that `echo` adds. */
function decoded(text: string): string {
  return text.replace(BASE64, (word) => {
    const hidden = Buffer.from(word, 'base64').toString('latin1');
    const key = hidden.replace(/\r?\n(?=:|$)/g, '');
    return HIDDEN.test(key) ? key : word;
  });
}
