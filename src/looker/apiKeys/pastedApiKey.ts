import * as l10n from '@vscode/l10n';
import { INVISIBLE, LONGEST_PASTE, withoutDecoration } from '../pastedText';

/** What a pasted text says of an API key. */
export interface ApiKeyText {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** As it is written there. */
  readonly baseUrl?: string;
}

/** One half of an API key in what was typed or pasted, or a sentence for the user that says why there is none. */
export type KeyHalf = { readonly value: string } | { readonly problem: string };

/** Looker makes client IDs of 20 letters and digits, and client secrets of 24. */
const KEY = /^[A-Za-z\d]{10,64}$/;

const LONGEST_ID = 20;

/** Whoever types a secret may get it wrong, which Looker says; but a sentence, a URL or a variable is none. */
const TYPED_SECRET = /^[\w-]{1,128}$/;

/** Quotes and Markdown around a name or a value. */
const MARKS = String.raw`"'*${'`'}`;

const NAMES = {
  clientId: String.raw`client[ _-]?id|(?<![_-])id`,
  clientSecret: String.raw`client[ _-]?secret|(?<![_-])secret`,
  baseUrl: String.raw`(?:base|instance)[ _-]?url`,
} as const satisfies Record<keyof ApiKeyText, string>;

/** Between a name and its value: `=`, `:`, Ruby's `=>`, the line between two cells of a table. */
const IS = String.raw`[${MARKS}\])]*\s*(?:=>|[=:|])`;

/** Between an option of a command and its value is a blank. */
const IS_OPTION = String.raw`(?<=--[a-z-]{2,13})(?=\s)`;

/**
 * `client_id = …` and the like, wherever it stands: lines of looker.ini, of an environment (`export`, the SDKs'
 * `LOOKERSDK_`), of JSON, YAML or Ruby, form bodies, options; also with all lines run together, as one-line input boxes
 * do it. The next name is no value.
 */
const NAMED = new RegExp(
  `(?<![a-z\\d])(?:${Object.entries(NAMES)
    .map(([what, name]) => `(?<${what}>${name})`)
    .join('|')})(?:${IS}|${IS_OPTION})[\\s${MARKS}([|]*` +
    `(?!(?:${Object.values(NAMES).join('|')})${IS})(?<value>[^\\s${MARKS},;&|<>(){}[\\]]+)`,
  'gi',
);

/** Nothing but two keys; they are long, so that no two words are taken for one. */
const PAIR = new RegExp(
  `^([a-z\\d]{16,64})[${MARKS}]*(?:\\s*[:,;/|&]\\s*|\\s+)[${MARKS}]*([a-z\\d]{16,64})$`,
  'i',
);

/**
 * Understands client ID and secret that were pasted together: two lines, `id:secret`, `id secret`, an ini or env
 * block, JSON, a form body.
 * @returns undefined where the text is no more than one value, or names several keys
 */
export function readApiKeyText(text: string): ApiKeyText | undefined {
  if (text.length > LONGEST_PASTE) return undefined;
  const visible = withInvisibleAsBlank(text);
  const [, first, second] = PAIR.exec(withoutDecoration(visible)) ?? [];
  const found = first && second ? pairOf(first, second) : named(visible);
  const { clientId, clientSecret } = found ?? {};
  // Neither; or one word twice, which is no key of Looker's, and may be the secret.
  return clientId === clientSecret ? undefined : found;
}

/** The ID comes first, unless the lengths of both say that it comes second. */
function pairOf(first: string, second: string): ApiKeyText {
  return looksLikeClientSecret(first) && second.length === LONGEST_ID
    ? { clientId: second, clientSecret: first }
    : { clientId: first, clientSecret: second };
}

/** @returns undefined where something is named twice: the ID of one key must never go with the secret of another */
function named(text: string): ApiKeyText | undefined {
  const found = new Map<keyof ApiKeyText, string>();
  for (const { groups = {} } of text.matchAll(NAMED)) {
    const value = withoutDecoration(groups['value'] ?? '');
    for (const what of Object.keys(NAMES) as (keyof ApiKeyText)[]) {
      const name = groups[what];
      // Anything may have an id; only a key's looks like this.
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
 * The client ID in what stands in its box, which everybody can read. Quotes, commas and blanks around it are taken off;
 * of a whole key it is the ID.
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
 * Whether a text is what Looker's client secrets look like, and its client IDs do not. It need not be one: an instance
 * may have IDs of other lengths.
 */
export function looksLikeClientSecret(text: string): boolean {
  return /^[A-Za-z\d]{24}$/.test(wordOf(text));
}

/** The client secret in what stands in its masked box, cleaned as {@link readClientId} does it. */
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

/** What nobody sees may stand between two keys, which must not become one. */
function withInvisibleAsBlank(text: string): string {
  return text.replace(INVISIBLE, ' ');
}

function wordOf(text: string): string {
  return text.length > LONGEST_PASTE ? '…' : withoutDecoration(withInvisibleAsBlank(text));
}

/**
 * Whether a text that is no pair of ID and secret may have a secret in it: it is longer than a client ID, a value is named
 * so, or more than one word looks like half a key. It is not to be shown.
 */
export function mayHoldSecret(text: string): boolean {
  if (text.trim().length > LONGEST_ID) return true;
  const visible = withInvisibleAsBlank(text);
  const isNamed = [...visible.matchAll(NAMED)].some(
    ({ groups = {} }) => groups['clientSecret'] !== undefined && (groups['value'] ?? '').length > 3,
  );
  return isNamed || (visible.match(/[A-Za-z\d]{10,}/g)?.length ?? 0) > 1;
}
