// The setting `lookerAuth.instances`, as it's read. VS Code doesn't check it, and any extension can write it.
import { homedir } from 'node:os';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { API_VERSIONS, type ApiVersion } from '../../looker/api/apiVersion';
import { showsSecret } from '../../looker/apiKeys/pastedApiKey';
import { messageOf } from '../../looker/errors/expectedError';
import { inertText } from '../../looker/inert';
import { parseBaseUrl } from '../../looker/instance/baseUrl';
import { hostOf, indexOfInstance, isLoopback, isSameInstance } from '../../looker/instance/host';
import { InstanceName, namesOtherHost } from './instanceNames';

/** The settings of one instance. */
export interface InstanceSettings {
  readonly baseUrl: string;
  /** What the user calls it. */
  readonly name?: string;
  /** Set if Looker Auth shouldn't find out the version itself. */
  readonly apiVersion?: ApiVersion;
  readonly plainHttp: boolean;
  readonly credentialsInQuery: boolean;
  /**
   * Path of the certificates to trust there in place of the system's, with `~` replaced; '' if the setting isn't a path.
   * It is checked when the file is read.
   */
  readonly caFile?: string;
  /** The OAuth client for browser logins, in place of Looker Auth's own. */
  readonly oauth?: v.InferOutput<typeof OAuthEntry>;
}

/** One entry of the setting. */
export interface Entry {
  /** What to call it when something is wrong with it. */
  readonly name: string;
  /** Undefined if it has no valid URL. */
  readonly instance: InstanceSettings | undefined;
  /** Whether no entry before it is for the same instance. */
  readonly isFirst: boolean;
  /** Sentences for the user. */
  readonly faults: readonly string[];
}

/** Looker compares redirect URIs character by character, so they are sent exactly as they are set. */
const OAuthEntry = v.object({
  clientId: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/)),
  redirectUri: v.pipe(
    v.string(),
    v.check(isRedirectUri, () =>
      l10n.t(
        '"oauth.redirectUri" must use HTTPS, or HTTP on this machine, without a user name or a query.',
      ),
    ),
  ),
});

const InstanceEntry = v.pipe(
  v.object({
    url: v.pipe(
      v.string(),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        try {
          return parseBaseUrl(dataset.value);
        } catch (error) {
          addIssue({ message: messageOf(error) });
          return NEVER;
        }
      }),
    ),
    name: v.exactOptional(InstanceName),
    apiVersion: v.exactOptional(v.picklist(API_VERSIONS)),
    plainHttp: v.exactOptional(v.boolean(), false),
    credentialsInQuery: v.exactOptional(v.boolean(), false),
    // Even if its value is invalid, the instance must not be reached without a CA file.
    caFile: v.exactOptional(v.pipe(v.unknown(), v.transform(toPath))),
    oauth: v.exactOptional(OAuthEntry),
  }),
  v.forward(
    v.check(
      ({ url, name = '' }) => !namesOtherHost(name, url),
      () => l10n.t('"name" can\'t contain the host of another instance.'),
    ),
    ['name'],
  ),
  v.transform(({ url, ...rest }): InstanceSettings => ({ baseUrl: url, ...rest })),
);

/** Reads the entries of the setting. A property with a fault counts as not set; the rest of its entry applies. */
export function readEntries(setting: unknown): readonly Entry[] {
  const urls = new Set<string>();
  const names = new Map<string, string>();
  return (Array.isArray(setting) ? (setting as unknown[]) : []).map((raw, index) => {
    const { instance, faults: known } = parseEntry(raw);
    const faults = [...unknownProperties(raw), ...known];
    const number = index + 1;
    if (!instance) return { name: l10n.t('Entry {0}', number), instance, isFirst: true, faults };
    const { name: called = '', ...unnamed } = instance;
    const { baseUrl } = instance;
    const isFirst = !urls.has(baseUrl);
    urls.add(baseUrl);
    const owner = names.get(called.toLowerCase()) ?? baseUrl;
    const isTaken = isFirst && !isSameInstance(owner, baseUrl);
    if (isFirst && called !== '') names.set(called.toLowerCase(), owner);
    return {
      name: l10n.t('Entry {0} ({1})', number, hostOf(baseUrl)),
      instance: isTaken ? unnamed : instance,
      isFirst,
      faults: [
        ...faults,
        ...(isTaken ? [l10n.t('An earlier entry has the same "name".')] : []),
        ...(isFirst ? [] : [l10n.t('An earlier entry for the same instance applies instead.')]),
      ],
    };
  });
}

/**
 * The settings of an instance, or the defaults. An entry for the other usual port of its host applies too, unless there
 * is one for exactly this URL.
 */
export function settingsFor(
  instances: readonly InstanceSettings[],
  baseUrl: string,
): InstanceSettings {
  const urls = instances.map((instance) => instance.baseUrl);
  const its = instances[indexOfInstance(urls, baseUrl)];
  return { plainHttp: false, credentialsInQuery: false, ...its, baseUrl };
}

/** A property with a fault is left out, and the rest is read again. */
function parseEntry(raw: unknown): Pick<Entry, 'instance' | 'faults'> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return {
      instance: undefined,
      faults: [l10n.t('The entry must be an object with a "url".')],
    };
  }
  const parsed = v.safeParse(InstanceEntry, raw);
  if (parsed.success) return { instance: parsed.output, faults: [] };
  const faults = parsed.issues.map(toFault);
  const faulty = new Set(parsed.issues.map((issue) => v.getDotPath(issue)?.split('.')[0]));
  if (faulty.has('url')) return { instance: undefined, faults };
  const valid = Object.entries(raw).filter(([key]) => !faulty.has(key));
  const rest = parseEntry(Object.fromEntries(valid));
  return { ...rest, faults: [...faults, ...rest.faults] };
}

function unknownProperties(raw: unknown): readonly string[] {
  const { oauth } = Object(raw) as { readonly oauth?: unknown };
  return [
    ...unknownIn(raw, InstanceEntry.entries),
    ...unknownIn(oauth, OAuthEntry.entries, 'oauth.'),
  ].map((key) =>
    l10n.t('The property "{0}" doesn\'t exist.', showsSecret(key) ? '…' : inertText(key)),
  );
}

/** Keys of a setting that the product doesn't know. */
function unknownIn(setting: unknown, known: object, prefix = ''): readonly string[] {
  if (typeof setting !== 'object' || Array.isArray(setting)) return [];
  return Object.keys(setting ?? {})
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => prefix + key);
}

function toFault(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? '';
  switch (issue.type) {
    case 'check':
    case 'raw_transform':
      return issue.message;
  }
  if (issue.received === 'undefined') return l10n.t('The property "{0}" is missing.', field);
  // A key may have been pasted into the wrong property, and this goes to the log.
  return showsSecret(issue.received)
    ? l10n.t('"{0}" is invalid.', field)
    : l10n.t('"{0}" can\'t be {1}.', field, inertText(issue.received));
}

/** The code is sent there, so it must be on this machine or encrypted. Looker appends a query of its own. */
function isRedirectUri(text: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text) || /[?#\\]/.test(text)) return false;
  const { protocol, origin, username, password, port } = new URL(text);
  if (username + password !== '' || port === '0') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(origin));
}

/** A path as file managers copy it, without the quotes around it, and with the home folder in place of `~`. */
function toPath(setting: unknown): string {
  if (typeof setting !== 'string') return '';
  const path = setting.trim().replace(/^(["'])(.*)\1$/, '$2');
  // A replacement text would give `$` a meaning of its own.
  return path.replace(/^~(?=[/\\])/, () => homedir());
}
