import * as l10n from '@vscode/l10n';
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

const LONGEST_ID = 20;

/** A mistyped secret is left for Looker to reject; a sentence, a URL or a variable is rejected here. */
const TYPED_SECRET = /^[\w-]{1,128}$/;

/** Quotes and Markdown around a name or a value. */
const MARKS = String.raw`"'*${'`'}`;

const NAMES = {
  clientId: String.raw`client[ _-]?id|(?<![_-])id`,
  clientSecret: String.raw`client[ _-]?secret|(?<![_-])secret`,
  baseUrl: String.raw`(?:base|instance)[ _-]?url`,
} as const satisfies Record<keyof ApiKeyText, string>;

/** Separates a name from its value: `=`, `:`, Ruby's `=>`, or the line between two table cells. */
const IS = String.raw`[${MARKS}\])]*\s*(?:=>|[=:|])`;

/** A blank separates a command-line option from its value. */
const IS_OPTION = String.raw`(?<=--[a-z-]{2,13})(?=\s)`;

/**
 * `client_id = …` and the like, anywhere: lines of looker.ini or an environment (`export`, the SDKs' `LOOKERSDK_`),
 * JSON, YAML, Ruby, form bodies, options. The lines may also run together, as in one-line input boxes. The name that
 * follows is never taken as the value.
 */
const NAMED = new RegExp(
  `(?<![a-z\\d])(?:${Object.entries(NAMES)
    .map(([what, name]) => `(?<${what}>${name})`)
    .join('|')})(?:${IS}|${IS_OPTION})[\\s${MARKS}([|]*` +
    `(?!(?:${Object.values(NAMES).join('|')})${IS})(?<value>[^\\s${MARKS},;&|<>(){}[\\]]+)`,
  'gi',
);

/** Two keys and nothing else. The minimum length keeps two ordinary words from matching. */
const PAIR = new RegExp(
  `^([a-z\\d]{16,64})[${MARKS}]*(?:\\s*[:,;/|&]\\s*|\\s+)[${MARKS}]*([a-z\\d]{16,64})$`,
  'i',
);

/**
 * Reads a client ID and secret that were pasted together: two lines, `id:secret`, `id secret`, an ini or env block,
 * JSON, a form body.
 * @returns undefined if the text is only one value, or names several keys
 */
export function readApiKeyText(text: string): ApiKeyText | undefined {
  if (text.length > LONGEST_PASTE) return undefined;
  const visible = withInvisibleAsBlank(text);
  const [, first, second] = PAIR.exec(withoutDecoration(visible)) ?? [];
  const found = first && second ? pairOf(first, second) : named(visible);
  const { clientId, clientSecret } = found ?? {};
  // Either nothing was found, or one word twice: that isn't a key, and it may be the secret.
  return clientId === clientSecret ? undefined : found;
}

/** The ID comes first, unless both lengths show that it comes second. */
function pairOf(first: string, second: string): ApiKeyText {
  return looksLikeClientSecret(first) && second.length === LONGEST_ID
    ? { clientId: second, clientSecret: first }
    : { clientId: first, clientSecret: second };
}

/** @returns undefined if one name has two values: the ID of one key must never be used with the secret of another */
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
  if (clientSecret !== undefined) {
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

/** The client secret in a masked input box, cleaned up like {@link readClientId} does. */
export function readClientSecret(text: string): KeyHalf {
  const { clientId, clientSecret } = readApiKeyText(text) ?? {};
  if (clientSecret !== undefined) return { value: clientSecret };
  const word = wordOf(text);
  if (TYPED_SECRET.test(word) && clientId === undefined) return { value: word };
  if (word === '') {
    return { problem: l10n.t('Enter the client secret of your API key.') };
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

/** An invisible character may separate two keys, which must not be joined into one. */
function withInvisibleAsBlank(text: string): string {
  return text.replace(INVISIBLE, ' ');
}

function wordOf(text: string): string {
  return text.length > LONGEST_PASTE ? '…' : withoutDecoration(withInvisibleAsBlank(text));
}

/**
 * Whether a text that isn't a pair of ID and secret may contain a secret, and so must not be shown: it is longer than a
 * client ID, names a secret, or has more than one word that looks like half a key.
 */
export function mayHoldSecret(text: string): boolean {
  if (text.trim().length > LONGEST_ID) return true;
  const visible = withInvisibleAsBlank(text);
  const isNamed = [...visible.matchAll(NAMED)].some(
    ({ groups = {} }) => groups['clientSecret'] !== undefined && (groups['value'] ?? '').length > 3,
  );
  return isNamed || (visible.match(/[A-Za-z\d]{10,}/g)?.length ?? 0) > 1;
}
