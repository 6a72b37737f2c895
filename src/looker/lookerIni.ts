import * as l10n from '@vscode/l10n';
import ini from 'ini';
import * as v from 'valibot';
import { parseBaseUrl } from './baseUrl';
import { messageOf } from './errors';
import type { ApiKey } from './lookerApi';
import { inertName } from './inert';

/** What somebody has written for Looker's SDKs: one instance, and the API key to use there. */
export interface SdkSettings {
  readonly baseUrl: string;
  readonly apiKey: ApiKey;
  /** Whether certificates are to be verified, as far as the SDKs are concerned. */
  readonly verifySsl: boolean;
  /** In seconds, where it is set. */
  readonly timeout: number | undefined;
}

/** A section of a `looker.ini` that says all it takes to log in, with what the environment has to say against it. */
export interface UsableSection {
  readonly name: string;
  /** Environment variables that win over what stands in the section. */
  readonly overriddenBy: readonly string[];
  readonly settings: SdkSettings;
}

/** A section that does not, and a sentence for the user: what is missing or wrong. */
export interface UnusableSection {
  readonly name: string;
  readonly problem: string;
}

export type IniSection = UsableSection | UnusableSection;

/** Values by the SDKs' names for them. */
type Values = Readonly<Record<string, unknown>>;

/** How the official SDKs' names for settings begin in the environment. */
const PREFIX = 'LOOKERSDK_';
const NAMES = ['base_url', 'client_id', 'client_secret', 'verify_ssl', 'timeout'] as const;

/** Quotes that are left after parsing; a value in quotes that looks like a number has become one. */
const text = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform((value) => unquote(String(value)).trim()),
  v.minLength(1),
);

const SdkValues = v.object({ base_url: text, client_id: text, client_secret: text });

/**
 * Reads all sections of a `looker.ini`, with the parser and by the rules of Looker's own SDK for Node
 * (`@looker/sdk-node`, `nodeSettings.ts`; `@looker/sdk-rtl`, `apiSettings.ts` and `constants.ts`): quotes are taken
 * off, `;` and `#` begin comments, `LOOKERSDK_*` in the environment wins over any section, and only `false`, `f`,
 * `no`, `n` and `0` are a no. As in the SDK for Python, an empty variable counts as unset, and a section's name may
 * hold dots.
 */
export function readIni(contents: string, env: NodeJS.ProcessEnv): readonly IniSection[] {
  const fromEnv = valuesOf(env);
  const overriddenBy = Object.keys(fromEnv).map((name) => variable(name));
  return sectionsIn(ini.parse(contents)).map(([path, values]) => {
    const name = inertName(path) || '?';
    const settings = toSettings({ ...values, ...fromEnv });
    return 'problem' in settings ? { name, ...settings } : { name, overriddenBy, settings };
  });
}

/** What the environment alone says, where that is enough to log in. */
export function readEnvironment(env: NodeJS.ProcessEnv): SdkSettings | undefined {
  const settings = toSettings(valuesOf(env));
  return 'problem' in settings ? undefined : settings;
}

/** The environment's values by the names they have in a file. */
function valuesOf(env: NodeJS.ProcessEnv): Values {
  const values = NAMES.map((name) => [name, unquote(env[variable(name)] ?? '')] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== ''));
}

function variable(name: string): string {
  return `${PREFIX}${name.toUpperCase()}`;
}

/** The parser takes `[a.b]` for a section in a section. Values outside any section are nobody's. */
function sectionsIn(parsed: Values, path: readonly string[] = []): [name: string, Values][] {
  const inner = Object.entries(parsed).filter((entry): entry is [string, Values] =>
    isSection(entry[1]),
  );
  const isOuterOnly = inner.length > 0 && inner.length === Object.keys(parsed).length;
  return [
    ...(path.length > 0 && !isOuterOnly ? [[path.join('.'), parsed] as [string, Values]] : []),
    ...inner.flatMap(([name, values]) => sectionsIn(values, [...path, name])),
  ];
}

function isSection(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toSettings(values: Values): SdkSettings | Pick<UnusableSection, 'problem'> {
  const parsed = v.safeParse(SdkValues, values);
  if (!parsed.success) {
    const names = new Set(parsed.issues.map(({ path }) => String(path?.[0].key)));
    return { problem: l10n.t('Missing: {0}', [...names].join(', ')) };
  }
  const { base_url, client_id, client_secret } = parsed.output;
  const timeout = Number.parseInt(unquote(String(values['timeout'])), 10);
  try {
    return {
      baseUrl: parseBaseUrl(base_url),
      apiKey: { clientId: client_id, clientSecret: client_secret },
      verifySsl: !/^(false|f|no|n|0)$/i.test(unquote(String(values['verify_ssl']))),
      timeout: timeout > 0 ? timeout : undefined,
    };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

function unquote(text: string): string {
  return /^(["'`])(.*)\1$/s.exec(text)?.[2] ?? text;
}
