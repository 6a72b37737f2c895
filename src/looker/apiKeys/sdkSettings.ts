import * as l10n from '@vscode/l10n';
import { parseBaseUrl } from '../instance/baseUrl';
import { messageOf } from '../errors/expectedError';
import type { ApiKey } from '../api/lookerApi';
import { looksLikeClientId, looksLikeClientSecret } from './pastedApiKey';
import { LONGEST_PASTE, withoutInvisible } from '../pastedText';

/** What people have written for Looker's SDKs: one instance, and the API key to use there. */
export interface SdkSettings {
  readonly baseUrl: string;
  readonly apiKey: ApiKey;
  /** Whether certificates are to be verified, as far as the SDKs are concerned. */
  readonly verifySsl: boolean;
  /** In seconds, where it is set. */
  readonly timeout: number | undefined;
}

/** All it takes to log in, as it stands in one place. */
export interface UsableSection {
  readonly name: string;
  readonly settings: SdkSettings;
  /** Why this may not be what is meant, as clauses. Where there are any, nothing is done unless the user wants it. */
  readonly doubts: readonly string[];
  /** What else there is to say, as clauses. */
  readonly notes: readonly string[];
}

/** Less than that, and a sentence for the user: what is missing or wrong. */
export interface UnusableSection {
  readonly name: string;
  readonly problem: string;
}

export type IniSection = UsableSection | UnusableSection;

/** What has to stand together. */
const KEY_NAMES = ['base_url', 'client_id', 'client_secret'] as const;
/** The SDKs' names for their settings, in a file. */
export const NAMES = [...KEY_NAMES, 'verify_ssl', 'timeout'] as const;
export type Name = (typeof NAMES)[number];

/** Texts by the names of the settings, without quotes; what is empty is left out. */
export type Values = Readonly<Partial<Record<Name, string>>>;

/** How the official SDKs' names for settings begin in the environment. */
export const PREFIX = 'LOOKERSDK_';

/** Letters and digits, where Looker makes them; no sentence, no variable and no placeholder. */
const HALF_OF_KEY = /^[\w-]{1,128}$/;

export function isName(text: string): text is Name {
  return (NAMES as readonly string[]).includes(text);
}

/** The same text without blanks and quotes around it. */
export function unquoted(text: string): string {
  const bare = text.trim();
  return (/^(["'`])(.*)\1$/s.exec(bare)?.[2] ?? bare).trim();
}

/** What the environment says, which is that of the moment when VS Code was started. */
export function environmentValues(env: NodeJS.ProcessEnv): Values {
  // One too long for a URL is cut where it is still too long.
  const textOf = (name: Name) => (env[variable(name)] ?? '').slice(0, LONGEST_PASTE + 1);
  return valuesOf(NAMES.map((name) => [name, unquoted(withoutInvisible(textOf(name)))]));
}

/** Without what is empty. */
export function valuesOf(entries: readonly (readonly [Name, string])[]): Values {
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** @returns what is missing or wrong, where that is not enough to log in; it never names a value */
export function toSettings(values: Values): SdkSettings | Pick<UnusableSection, 'problem'> {
  const { base_url, client_id, client_secret, verify_ssl = '', timeout = '' } = values;
  if (base_url === undefined || client_id === undefined || client_secret === undefined) {
    const missing = KEY_NAMES.filter((name) => values[name] === undefined);
    return { problem: l10n.t('Missing: {0}', missing.join(', ')) };
  }
  for (const [name, half] of Object.entries({ client_id, client_secret })) {
    if (HALF_OF_KEY.test(half)) continue;
    return {
      problem: l10n.t("{0} isn't half of an API key, which has letters and digits only", name),
    };
  }
  if (looksLikeClientSecret(client_id) && looksLikeClientId(client_secret)) {
    return {
      problem: l10n.t('client_id has the client secret in it, and client_secret the client ID'),
    };
  }
  const seconds = Number.parseInt(timeout, 10);
  try {
    return {
      baseUrl: parseBaseUrl(base_url),
      apiKey: { clientId: client_id, clientSecret: client_secret },
      verifySsl: !/^(false|f|no|n|0)$/i.test(verify_ssl),
      timeout: seconds > 0 ? seconds : undefined,
    };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** Whether the same key would go to the same instance. */
export function isSameKey(one: SdkSettings, other: SdkSettings): boolean {
  return (
    one.baseUrl === other.baseUrl &&
    one.apiKey.clientId === other.apiKey.clientId &&
    one.apiKey.clientSecret === other.apiKey.clientSecret
  );
}

/**
 * A section of what stands in one place. The environment, which wins over files in Looker's SDKs, never sends its key
 * elsewhere: it fills a gap, with a doubt, where all else in it agrees; where it differs, that is a doubt too.
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
      ? [l10n.t("set to something else in VS Code's environment: {0}", list(differing))]
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
