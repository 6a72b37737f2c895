import * as l10n from '@vscode/l10n';
import { tryBaseUrl } from '../instance/baseUrl';
import { INVISIBLE, LONGEST_PASTE, withoutDecoration } from '../pastedText';

/** The parts of an API key found in a pasted text. */
export interface ApiKeyText {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** As written in the text. */
  readonly baseUrl?: string;
}

/** One half of an API key in what was typed or pasted, or a sentence for the user that says what is wrong. */
export type KeyHalf = { readonly value: string } | { readonly problem: string };

/** Looker generates client IDs of 20 letters and digits, and client secrets of 24. */
const KEY = /^[A-Za-z\d]{10,64}$/;

/** What is sent as a secret. Looker rejects a mistyped one; a sentence, a URL or a variable is rejected here. */
const TYPED_SECRET = /^[\w-]{1,128}$/;

/** Quotes and Markdown around a name or a value. */
const MARKS = String.raw`"'*${'`'}`;

const NAMES = {
  clientId: String.raw`client[ _-]?id|(?<![_-])id`,
  clientSecret: String.raw`client[ _-]?secret|(?<![_-])secret`,
  baseUrl: String.raw`(?:base|instance)[ _-]?url`,
} as const satisfies Record<keyof ApiKeyText, string>;

/**
 * The sign between a name and its value: `=`, `:`, `:=`, Ruby's `=>`, or the `|` between the cells of a Markdown table.
 */
const IS = String.raw`[${MARKS}\])]*\s*(?:=>|[:?]=|[=:：|])`;

/** The blank between a command-line option and its value. */
const IS_OPTION = String.raw`(?<=--[a-z-]{2,13})(?=\s)`;

/**
 * `client_id = …` and the like, anywhere: lines of looker.ini or an environment (`export`, the SDKs' `LOOKERSDK_`),
 * JSON, YAML, Ruby, form bodies, options. One-line input boxes join lines, so the next name may follow directly; it is
 * never the value.
 */
const NAMED = new RegExp(
  `(?<![a-z\\d])(?:${Object.entries(NAMES)
    .map(([what, name]) => `(?<${what}>${name})`)
    .join('|')})(?:${IS}|${IS_OPTION})[\\s${MARKS}([|]*` +
    `(?!(?:${Object.values(NAMES).join('|')})${IS})(?<value>[^\\s${MARKS},;&|<>(){}[\\]]+)`,
  'gi',
);

/** A client ID and a client secret, and nothing else. The minimum length keeps ordinary words from matching. */
const PAIR = new RegExp(
  `^([a-z\\d]{16,64})[${MARKS}]*(?:\\s*[:,;/|&]\\s*|\\s+)[${MARKS}]*([a-z\\d]{16,64})$`,
  'i',
);

/** A word of the length that a client ID has, or a client secret, whatever name it has. */
const SHAPED = /(?<![A-Za-z\d])(?:[A-Za-z\d]{20}|[A-Za-z\d]{24})(?![A-Za-z\d])/g;

/** A digit, or a capital after a small letter, shows that such a word is random, and not an ordinary one. */
const RANDOM = /\d|[a-z][A-Z]/;

/** A word that may be half of a key, or `id:secret`, in Base64. */
const BASE64 = /(?<![\w+/])[A-Za-z\d+/]{27,64}={0,2}(?![\w+/=])/g;
/** What such a word has to be once it is decoded. */
const HIDDEN = /^(?:[A-Za-z\d]{20}|[A-Za-z\d]{24}|[A-Za-z\d]{20}:[A-Za-z\d]{24})$/;

/**
 * Reads a client ID and secret that were pasted together: two lines, `id:secret`, `id secret`, an ini or env block,
 * JSON, a form body.
 * @returns undefined if the text is only one value, or names several keys
 */
export function readApiKeyText(text: string): ApiKeyText | undefined {
  if (text.length > LONGEST_PASTE) return undefined;
  const visible = decoded(withInvisibleAsBlank(text));
  const [, first, second] = PAIR.exec(withoutDecoration(visible)) ?? [];
  const found = first && second ? { clientId: first, clientSecret: second } : named(visible);
  if (!found) return undefined;
  const { clientId, clientSecret } = found;
  const key = clientId && clientSecret ? pairOf(clientId, clientSecret) : completed(found, visible);
  // Either no half was found, or the same word was found as both. That isn't a key, and the word may be the secret.
  if (key.clientId === key.clientSecret) return undefined;
  const baseUrl = found.baseUrl ?? urlBeside(visible);
  return { ...key, ...(baseUrl !== undefined && { baseUrl }) };
}

/** A pair is ID and secret in this order, unless the lengths of both show that it is the other way round. */
function pairOf(first: string, second: string): ApiKeyText {
  return looksLikeClientSecret(first) && looksLikeClientId(second)
    ? { clientId: second, clientSecret: first }
    : { clientId: first, clientSecret: second };
}

/** Adds the other half of a key to a named one if the shapes of the words show it. A shape never overrules a name. */
function completed(named: ApiKeyText, text: string): ApiKeyText {
  const { clientId, clientSecret } = shaped(text);
  const isKey =
    clientId !== undefined &&
    clientSecret !== undefined &&
    (named.clientId ?? clientId) === clientId &&
    (named.clientSecret ?? clientSecret) === clientSecret;
  return isKey ? { clientId, clientSecret } : named;
}

/**
 * The URL that was pasted with a key, for example in a command, or as a field in CSV. The key may be part of the URL.
 */
function urlBeside(text: string): string | undefined {
  if (!/https?:\/\//i.test(text)) return undefined;
  return tryBaseUrl(text.replace(/[,;]/g, ' ').replace(/(?<=:\/\/)[A-Za-z\d:]{1,200}@/g, ''));
}

/** Replaces keys in Base64 with their decoded form. */
function decoded(text: string): string {
  return text.replace(BASE64, (word) => {
    const hidden = Buffer.from(word, 'base64').toString('latin1');
    return HIDDEN.test(hidden) ? hidden : word;
  });
}

/**
 * The halves of a key by the shapes of words alone ({@link SHAPED}), if they are random; none if several words have the
 * same length, as even an ordinary one may belong to another key.
 */
function shaped(text: string): ApiKeyText {
  const words = text.match(SHAPED) ?? [];
  const [clientId = '', anotherId] = words.filter(looksLikeClientId);
  const [clientSecret = '', anotherSecret] = words.filter(looksLikeClientSecret);
  return anotherId !== undefined || anotherSecret !== undefined
    ? {}
    : {
        ...(RANDOM.test(clientId) && { clientId }),
        ...(RANDOM.test(clientSecret) && { clientSecret }),
      };
}

/**
 * The named values in a text ({@link NAMED}).
 * @returns undefined if a name has two different values, because the ID of one key must never be used with the secret
 *   of another
 */
function named(text: string): ApiKeyText | undefined {
  const found = new Map<keyof ApiKeyText, string>();
  for (const { groups = {} } of text.matchAll(NAMED)) {
    const value = withoutDecoration(groups['value'] ?? '');
    for (const what of Object.keys(NAMES) as (keyof ApiKeyText)[]) {
      const name = groups[what];
      // Anything may have an `id`, so its value must look like a key's.
      if (name === undefined || (/^(id|secret)$/i.test(name) && !KEY.test(value))) continue;
      if (found.has(what) && found.get(what) !== value) return undefined;
      found.set(what, value);
    }
  }
  return Object.fromEntries(
    [...found].filter(([what, value]) => what === 'baseUrl' || KEY.test(value)),
  );
}

/**
 * The client ID in an unmasked input box. Quotes, commas and blanks around it are removed; for a whole key, it is the
 * ID in it.
 */
export function readClientId(text: string): KeyHalf {
  const { clientId, clientSecret } = readApiKeyText(text) ?? {};
  if (clientId !== undefined) return { value: clientId };
  const word = wordOf(text);
  if (KEY.test(word) && clientSecret === undefined) return { value: word };
  if (word === '') return { problem: l10n.t('Enter the client ID of your API key.') };
  const half = shaped(word);
  if (half.clientId !== undefined && half.clientSecret === undefined) {
    return { value: half.clientId };
  }
  if (
    clientSecret !== undefined ||
    (half.clientId === undefined && half.clientSecret !== undefined)
  ) {
    return { problem: l10n.t('This is a client secret. Enter the client ID first.') };
  }
  return /^[^\s,;:=&|]+$/.test(word)
    ? {
        problem: l10n.t(
          "This isn't a client ID, which has letters and digits only. Copy it from Looker again.",
        ),
      }
    : {
        problem: l10n.t(
          "This isn't a single API key. Paste a client ID, or a client ID with its client secret.",
        ),
      };
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

/** The client secret in a masked input box. It is cleaned up, or found in a whole key, as in {@link readClientId}. */
export function readClientSecret(text: string): KeyHalf {
  const { clientId, clientSecret } = readApiKeyText(text) ?? {};
  if (clientSecret !== undefined) return { value: clientSecret };
  const word = wordOf(text);
  if (TYPED_SECRET.test(word) && clientId === undefined) return { value: word };
  if (word === '') {
    return { problem: l10n.t('Enter the client secret of your API key.') };
  }
  const half = shaped(word);
  if (half.clientSecret !== undefined && half.clientId === undefined) {
    return { value: half.clientSecret };
  }
  return {
    problem:
      clientId === undefined
        ? l10n.t(
            "This isn't a client secret, which has letters and digits only. Copy it from Looker again.",
          )
        : l10n.t('This is a client ID. Enter the client secret that belongs to it.'),
  };
}

/** Replaces invisible characters with blanks, because removing one may join two keys into one word. */
export function withInvisibleAsBlank(text: string): string {
  return text.replace(INVISIBLE, ' ');
}

/** The text without decoration; for a text that is too long to be searched, a word that isn't half of a key. */
function wordOf(text: string): string {
  return text.length > LONGEST_PASTE ? '…' : withoutDecoration(withInvisibleAsBlank(text));
}

/** Whether any text, such as a URL, contains a secret: a value with that name, or a word of that shape. */
export function showsSecret(text: string): boolean {
  if (text.length > LONGEST_PASTE) return true;
  const visible = withInvisibleAsBlank(text);
  const isNamed = [...visible.matchAll(NAMED)].some(
    ({ groups = {} }) => groups['clientSecret'] !== undefined && (groups['value'] ?? '').length > 3,
  );
  return (
    isNamed ||
    (visible.match(SHAPED) ?? []).some((word) => RANDOM.test(word) && looksLikeClientSecret(word))
  );
}
