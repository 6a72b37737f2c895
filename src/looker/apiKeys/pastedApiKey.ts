import * as l10n from '@vscode/l10n';
import { tryBaseUrl } from '../instance/baseUrl';
import { LONGEST_PASTE } from '../pastedText';
import {
  bare,
  holdsSecretWord,
  looksLikeClientId,
  looksLikeClientSecret,
  shaped,
  shapedWords,
  visibleIn,
  withoutCredentials,
  wordOf,
  type KeyHalves,
} from './keyShape';
import { isBroken, isMasked, LENGTH, LONGEST_GAP } from './partOfHalf';

/** The parts of an API key found in a pasted text. */
export interface ApiKeyText extends KeyHalves {
  /** As written in the text. */
  readonly baseUrl?: string;
}

/** One half of an API key in what was typed or pasted, or a sentence for the user that says what is wrong. */
export type KeyHalf = { readonly value: string } | { readonly problem: string };

/** Half of a key. Looker generates IDs of 20 letters and digits, and secrets of 24, but others may exist. */
const KEY = /^[A-Za-z\d]{10,64}$/;

/** How much text before a name may belong to it, in characters, such as `DEV_` in `DEV_CLIENT_ID`. */
const LONGEST_OWNER = 40;

/** What may be sent as a secret. Looker rejects a mistyped one; a sentence, a URL or a variable is rejected here. */
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

const ANY_NAME = `(?:${Object.values(NAMES).join('|')})`;

const IN_VALUE = String.raw`[^\s${MARKS},;&|<>(){}[\]]`;

/**
 * `client_id = …` and the like, anywhere: lines of looker.ini or an environment (`export`, the SDKs' `LOOKERSDK_`),
 * JSON, YAML, Ruby, form bodies, options. One-line input boxes join lines, so the next name may follow directly; a
 * name is never taken for a value.
 */
const NAMED = new RegExp(
  `(?<![a-z\\d])(?:${Object.entries(NAMES)
    .map(([what, name]) => `(?<${what}>${name})`)
    .join('|')})(?:${IS}|${IS_OPTION})(?<before>[\\s${MARKS}([|]*)` +
    `(?!${ANY_NAME}(?:${IS}|(?!${IN_VALUE})))(?<value>${IN_VALUE}+)`,
  'gi',
);

/** A client ID and a client secret, and nothing else. The minimum length keeps ordinary words from matching. */
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
  const visible = visibleIn(text);
  const [, first, second] = PAIR.exec(bare(visible)) ?? [];
  const found = first && second ? { clientId: first, clientSecret: second } : named(visible);
  if (!found) return undefined;
  const { clientId, clientSecret } = found;
  const key = clientId && clientSecret ? pairOf(clientId, clientSecret) : completed(found, visible);
  // Either no half was found, or the same word was found as both. That isn't a key, and the word may be the secret.
  if (key.clientId === key.clientSecret || isUnclear(found, visible)) return undefined;
  const isHalf = found.baseUrl === key.clientId || found.baseUrl === key.clientSecret;
  const own = isHalf || found.baseUrl === undefined ? undefined : withoutCredentials(found.baseUrl);
  const baseUrl = own ?? urlBeside(visible);
  return { ...key, ...(baseUrl !== undefined && { baseUrl }) };
}

/** A pair is ID and secret in this order, unless the lengths of both show that it is the other way round. */
function pairOf(first: string, second: string): ApiKeyText {
  return looksLikeClientSecret(first) && looksLikeClientId(second)
    ? { clientId: second, clientSecret: first }
    : { clientId: first, clientSecret: second };
}

/**
 * Adds the other half of a key to a named one if the lengths of the words show it. They also correct which half the
 * named one is: if all labels come before all values, the last label directly precedes the first value.
 */
function completed(named: ApiKeyText, text: string): ApiKeyText {
  const { clientId, clientSecret } = shaped(text);
  const half = named.clientId ?? named.clientSecret ?? clientId;
  const isKey =
    clientId !== undefined &&
    clientSecret !== undefined &&
    (half === clientId || half === clientSecret);
  return isKey ? { clientId, clientSecret } : named;
}

/**
 * Whether a half is as long as the other one should be, and the text has too many words of these lengths to tell which
 * is which.
 */
function isUnclear({ clientId = '', clientSecret = '' }: KeyHalves, text: string): boolean {
  const isMislabeled = looksLikeClientSecret(clientId) || looksLikeClientId(clientSecret);
  return isMislabeled && new Set(shapedWords(text)).size > 2;
}

/**
 * The URL that was pasted with a key, for example in a command, or as a field in CSV. The key may be part of the URL.
 */
function urlBeside(text: string): string | undefined {
  if (!/https?:\/\//i.test(text)) return undefined;
  return tryBaseUrl(withoutCredentials(text.replace(/[,;]/g, ' ')));
}

/**
 * The named values in a text ({@link NAMED}).
 * @returns undefined if a name has two different values, or the names have different prefixes (`DEV_CLIENT_ID`,
 *   `PROD_CLIENT_SECRET`), because the ID of one key must never be used with the secret of another
 */
function named(text: string): ApiKeyText | undefined {
  const found = new Map<keyof ApiKeyText, string>();
  const owners = new Set<string>();
  const all = namedValues(text);
  const shapes = shaped(text);
  for (const { what, value, owner, isCommon } of all) {
    const isBetter = (other: NamedValue) => other.what === what && !other.isCommon;
    if (isCommon && what !== 'baseUrl' && value.length !== LENGTH[what]) {
      // Skips the ID of a password manager's item, for example.
      if (!KEY.test(value) || shapes[what] !== undefined || all.some(isBetter)) continue;
    }
    if (found.has(what) && found.get(what) !== value) return undefined;
    found.set(what, value);
    if (owner !== '' && (what === 'baseUrl' || KEY.test(value))) owners.add(owner);
  }
  if (owners.size > 1) return undefined;
  return Object.fromEntries(
    [...found].filter(([what, value]) => what === 'baseUrl' || KEY.test(value)),
  );
}

interface NamedValue {
  readonly what: keyof ApiKeyText;
  readonly value: string;
  /** The name's prefix, if any: `dev` for `DEV_CLIENT_ID`, and `looker` for all prefixes that Looker's tools use. */
  readonly owner: string;
  /** Whether the name is only `id` or `secret`, which anything may have. */
  readonly isCommon: boolean;
}

function namedValues(text: string): readonly NamedValue[] {
  return [...text.matchAll(NAMED)].flatMap(({ 0: { length }, groups = {}, index }) =>
    (Object.keys(NAMES) as (keyof ApiKeyText)[]).flatMap((what) => {
      const name = groups[what];
      if (name === undefined) return [];
      const isCommon = /^(id|secret)$/i.test(name);
      const end = index + length;
      const value = valueOf(what, groups, text.slice(end, end + LONGEST_GAP));
      return [{ what, value, owner: ownerOf(text, index), isCommon }];
    }),
  );
}

/** @param at where the name begins, without its prefix */
function ownerOf(text: string, at: number): string {
  const [written = ''] = /[\w.-]*$/.exec(text.slice(Math.max(0, at - LONGEST_OWNER), at)) ?? [];
  const owner = written.toLowerCase().replace(/[^a-z\d]/g, '');
  return owner.replace(/^looker(?:sdk)?(?:api\d?)?/, '') || owner.slice(0, 'looker'.length);
}

/**
 * The value of a name in a match of {@link NAMED}. A partial value, which mustn't be sent, ends with `…`.
 * @param after the text after the match
 */
function valueOf(
  what: keyof ApiKeyText,
  { before = '', value = '' }: Readonly<Record<string, string | undefined>>,
  after: string,
): string {
  const word = bare(value).replace(/…$/, '');
  if (what === 'baseUrl' || word.length === LENGTH[what]) return word;
  const at = value.lastIndexOf(word);
  const [head, tail] = [before + value.slice(0, at), value.slice(at + word.length) + after];
  return isMasked(word, head, tail) || isBroken(word, tail) ? `${word}…` : word;
}

/**
 * The client ID in an unmasked input box. Quotes, commas and blanks around it are removed; for a whole key, it is the
 * ID in it.
 */
export function readClientId(text: string): KeyHalf {
  const { clientId, clientSecret } = readApiKeyText(text) ?? {};
  if (clientId !== undefined) return { value: clientId };
  const word = wordOf(text);
  // Both halves, joined to one word.
  const isBoth = word.length === LENGTH.clientId + LENGTH.clientSecret;
  if (KEY.test(word) && !isBoth && clientSecret === undefined) return { value: word };
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
  if (/^[A-Za-z\d]+$/.test(word) && !isBoth) {
    return {
      problem: l10n.t(
        "This isn't a whole client ID, which has {0} characters. Copy it from Looker again.",
        LENGTH.clientId,
      ),
    };
  }
  return /^[^\s,;:=&|]+$/.test(word) && !isBoth
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

/** Whether any text, such as a URL, contains a secret: a value named so, or a word as long as a secret or token. */
export function showsSecret(text: string): boolean {
  if (text.length > LONGEST_PASTE) return true;
  const visible = visibleIn(text);
  const isNamed = [...visible.matchAll(NAMED)].some(
    ({ groups = {} }) => groups['clientSecret'] !== undefined && (groups['value'] ?? '').length > 3,
  );
  return isNamed || holdsSecretWord(visible);
}
