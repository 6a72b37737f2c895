import * as l10n from '@vscode/l10n';
import { parseBaseUrl } from '../instance/baseUrl';
import { messageOf } from '../errors/expectedError';
import type { ApiKey } from '../api/lookerApi';
import { looksLikeClientId, looksLikeClientSecret } from './keyShape';
import { isBroken, isPadded, LENGTH } from './partOfHalf';
import { isPlaceholder } from './placeholder';
import { LONGEST_PASTE, withoutInvisible } from '../pastedText';

/** Settings for Looker's SDKs: one instance, and the API key to use there. */
export interface SdkSettings {
  readonly baseUrl: string;
  readonly apiKey: ApiKey;
  /** The SDKs' setting for verifying certificates. */
  readonly verifySsl: boolean;
  /** In seconds; undefined if not set. */
  readonly timeout: number | undefined;
}

/** Everything needed to log in, found in one place. */
export interface UsableSection {
  readonly name: string;
  readonly settings: SdkSettings;
  /** Why this may not be what the user means, as clauses. If there are any, the user has to confirm first. */
  readonly doubts: readonly string[];
  /** Other remarks, as clauses. */
  readonly notes: readonly string[];
}

/** A section that isn't enough to log in, with a sentence for the user about what is missing or wrong. */
export interface UnusableSection {
  readonly name: string;
  readonly problem: string;
}

export type IniSection = UsableSection | UnusableSection;

/** Settings that must be in the same place. */
const KEY_NAMES = ['base_url', 'client_id', 'client_secret'] as const;
/** The SDKs' names for their settings, in a file. */
export const NAMES = [...KEY_NAMES, 'verify_ssl', 'timeout'] as const;
export type Name = (typeof NAMES)[number];

/** Unquoted values by the names of the settings; empty ones are left out. */
export type Values = Readonly<Partial<Record<Name, string>>>;

/** Prefix of the official SDKs' environment variables. */
export const PREFIX = 'LOOKERSDK_';

/** Letters and digits if Looker generated it; the pattern excludes sentences and variables. */
const HALF_OF_KEY = /^[\w-]{1,128}$/;

const HALF_LENGTH: Readonly<Partial<Record<Name, number>>> = {
  client_id: LENGTH.clientId,
  client_secret: LENGTH.clientSecret,
};

/** Appended to a value that is only part of one, so that it is refused: no URL and no key continues like this. */
export const UNFINISHED = '" +';
/** The end of a value that a program has shortened for display. */
const CUT_OFF = /(?:…|\.\.)$/;

/** The value of a setting, marked with {@link UNFINISHED} if the rest of it follows in the text after it. */
export function finished(name: Name, value: string, after: string): string {
  // A program that breaks a value may add a hyphen, for example.
  const part = value.replace(/[^A-Za-z\d]{1,3}$/, '');
  const length = HALF_LENGTH[name];
  const isPart = length !== undefined && part.length !== length && isBroken(part, after);
  return isPart ? value + UNFINISHED : value;
}

export function isName(text: string): text is Name {
  return (NAMES as readonly string[]).includes(text);
}

/** Removes surrounding blanks and quotes. */
export function unquoted(text: string): string {
  const bare = text.trim();
  return (/^(["'`])(.*)\1$/s.exec(bare)?.[2] ?? bare).trim();
}

/** Removes a comment after a value, and a semicolon. A sign within a word stays: `acme;dev` may be half a value. */
export function withoutComment(value: string): string {
  const isQuoted = /^(?:"[^"]*"|'[^']*')$/.test(value);
  return isQuoted ? value : value.replace(/(?:(?<=^|[\s"'`])[;#]|[;#](?=\s|$)).*/g, '');
}

/**
 * The settings in the environment that VS Code was started with. Tools that read them from a file may leave comments in
 * them (`docker run --env-file`).
 */
export function environmentValues(env: NodeJS.ProcessEnv): Values {
  // Cut one character above the limit, so that it is still refused as too long.
  const textOf = (name: Name) => (env[variable(name)] ?? '').slice(0, LONGEST_PASTE + 1);
  return valuesOf(
    NAMES.map((name) => [name, unquoted(withoutComment(withoutInvisible(textOf(name)).trim()))]),
  );
}

/** Leaves out empty values. */
export function valuesOf(entries: readonly (readonly [Name, string])[]): Values {
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** Whether a URL and both halves of an API key are set. */
export function isComplete(values: Values): boolean {
  return KEY_NAMES.every((name) => values[name] !== undefined);
}

/** @returns what is missing or wrong if the values aren't enough to log in; the sentence never contains a value */
export function toSettings(values: Values): SdkSettings | Pick<UnusableSection, 'problem'> {
  const { base_url, client_id, client_secret, verify_ssl = '', timeout = '' } = values;
  if (base_url === undefined || client_id === undefined || client_secret === undefined) {
    const missing = KEY_NAMES.filter((name) => values[name] === undefined);
    return { problem: l10n.t("The section doesn't set {0}.", missing.join(', ')) };
  }
  for (const [name, half] of Object.entries({ client_id, client_secret })) {
    if (!HALF_OF_KEY.test(half)) {
      return {
        problem: l10n.t(
          "The value of {0} isn't part of an API key, which has letters and digits only.",
          name,
        ),
      };
    }
    if (isPlaceholder(half) || isPadded(half)) {
      return {
        problem: l10n.t("The value of {0} isn't part of an API key, but a placeholder.", name),
      };
    }
  }
  if (looksLikeClientSecret(client_id) && looksLikeClientId(client_secret)) {
    return {
      problem: l10n.t('The values of client_id and client_secret are swapped.'),
    };
  }
  const seconds = Number.parseInt(timeout, 10);
  try {
    return {
      baseUrl: parseBaseUrl(CUT_OFF.test(base_url) ? base_url + UNFINISHED : base_url),
      apiKey: { clientId: client_id, clientSecret: client_secret },
      verifySsl: !/^(false|f|no|n|0)$/i.test(verify_ssl),
      timeout: seconds > 0 ? seconds : undefined,
    };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** Whether both halves of an API key are set, and neither is a placeholder or code. */
export function hasApiKey({ client_id = '', client_secret = '' }: Values): boolean {
  return [client_id, client_secret].every((half) => HALF_OF_KEY.test(half) && !isPlaceholder(half));
}

/** Whether both would send the same key to the same instance. */
export function isSameKey(one: SdkSettings, other: SdkSettings): boolean {
  return (
    one.baseUrl === other.baseUrl &&
    one.apiKey.clientId === other.apiKey.clientId &&
    one.apiKey.clientSecret === other.apiKey.clientSecret
  );
}

/**
 * Builds a section from the values in one place. In Looker's SDKs the environment overrides files, but here its key is
 * never sent to another URL: it fills gaps only if its other values agree. The section gets a doubt if the environment
 * fills a gap, and if its values differ.
 */
export function sectionOf(
  name: string,
  own: Values,
  environment: Values,
  said: Pick<UsableSection, 'doubts' | 'notes'>,
): IniSection {
  const isSet = (name: Name) => environment[name] !== undefined;
  const differing = KEY_NAMES.filter(
    (name) => isSet(name) && own[name] !== undefined && !isSameValue(name, own, environment),
  );
  const gaps = KEY_NAMES.filter((name) => isSet(name) && own[name] === undefined);
  const fills = differing.length === 0 ? gaps : [];
  const settings = toSettings({
    ...own,
    ...valuesOf(fills.map((name) => [name, environment[name] ?? ''])),
    ...valuesOf(
      (['verify_ssl', 'timeout'] as const).map((name) => [
        name,
        environment[name] ?? own[name] ?? '',
      ]),
    ),
  });
  if ('problem' in settings) return { name, problem: settings.problem };
  const list = (names: readonly Name[]) => names.map(variable).join(', ');
  const doubts = [
    ...said.doubts,
    ...(fills.length > 0 ? [l10n.t('from the environment: {0}', list(fills))] : []),
    ...(differing.length > 0
      ? [l10n.t("set to another value in VS Code's environment: {0}", list(differing))]
      : []),
  ];
  return { name, settings, doubts, notes: said.notes };
}

function isSameValue(name: Name, { [name]: one = '' }: Values, { [name]: other = '' }: Values) {
  return one === other || (name === 'base_url' && originIn(one) === originIn(other));
}

function originIn(text: string): string {
  try {
    return parseBaseUrl(text);
  } catch {
    return text;
  }
}

function variable(name: Name): string {
  return `${PREFIX}${name.toUpperCase()}`;
}
