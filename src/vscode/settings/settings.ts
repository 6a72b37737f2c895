import { homedir } from 'node:os';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { API_VERSIONS, type ApiVersion } from '../../looker/api/apiVersion';
import { parseBaseUrl } from '../../looker/instance/baseUrl';
import { messageOf } from '../../looker/errors/expectedError';
import { InvalidAnswerError } from '../../looker/errors/input';
import { CaFileError } from '../../looker/errors/protection';
import { caFileIn } from '../../looker/tls/caFile';
import { hostOf, isLoopback } from '../../looker/instance/host';
import { inertText } from '../../looker/inert';
import type { ProxySettings } from '../../looker/network/proxy';
import { InstanceName, namesOtherHost, nameTyped, withName } from './instanceNames';

/** What the user has set for one instance in `lookerAuth.instances`. */
export interface InstanceSettings {
  readonly baseUrl: string;
  /** What the user calls it. */
  readonly name?: string;
  /** Set if the user has chosen the version. */
  readonly apiVersion?: ApiVersion;
  readonly plainHttp: boolean;
  readonly credentialsInQuery: boolean;
  /**
   * Path of a CA file that replaces the system's certificates, with `~` expanded. Whether it is absolute is checked
   * when it is read.
   */
  readonly caFile?: string;
  /** The OAuth client for browser logins, in place of Looker Auth's own. */
  readonly oauth?: v.InferOutput<typeof OAuthEntry>;
}

/** Looker compares redirect URIs letter by letter, so they are sent exactly as set. */
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
    plainHttp: v.optional(v.boolean(), false),
    credentialsInQuery: v.optional(v.boolean(), false),
    // Kept even if it is invalid: the instance must not be reached without it.
    caFile: v.exactOptional(v.pipe(v.unknown(), v.transform(String), v.transform(fromHome))),
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

/** The user's settings, read each time. All have `application` scope, so no workspace can change them. */
export class Settings {
  /** Time limit for a request, in ms; half a minute if the setting is invalid. */
  get timeoutMs(): number {
    const seconds: unknown = vscode.workspace.getConfiguration('lookerAuth').get('timeout');
    const isSensible = typeof seconds === 'number' && seconds >= 1 && seconds <= 600;
    return Math.round((isSensible ? seconds : 30) * 1000);
  }

  /** VS Code's own proxy settings. */
  get proxy(): ProxySettings {
    const http = vscode.workspace.getConfiguration('http');
    return {
      proxy: http.get('proxy') ?? '',
      noProxy: http.get('noProxy') ?? [],
      isOff: http.get('proxySupport') === 'off',
    };
  }

  /** The instances in the settings. If there are several entries for one, the first one counts. */
  get instances(): readonly InstanceSettings[] {
    return this.entries().flatMap(({ instance, isFirst }) => (instance && isFirst ? instance : []));
  }

  /** Problems with the entries and CA files. The valid parts of an entry still apply. */
  async problems(): Promise<readonly string[]> {
    const found = this.entries().map(async ({ name, instance, faults, isFirst }) => {
      const sentences = [...faults];
      if (!isFirst) {
        sentences.push(l10n.t('An earlier entry for the same instance applies instead.'));
      }
      if (instance?.caFile !== undefined) {
        await caFileIn(instance.baseUrl, instance.caFile).catch((error: unknown) => {
          sentences.push(error instanceof CaFileError ? error.problem : String(error));
        });
      }
      return sentences.map((sentence) => l10n.t('{0}: {1}', name, sentence));
    });
    return (await Promise.all(found)).flat();
  }

  /** The settings for an instance; the defaults if it has no entry. */
  instance(baseUrl: string): InstanceSettings {
    return (
      this.instances.find((instance) => instance.baseUrl === baseUrl) ?? {
        baseUrl,
        plainHttp: false,
        credentialsInQuery: false,
      }
    );
  }

  /** The name of an instance in the settings, or else its host. */
  nameOf(baseUrl: string): string {
    return this.instance(baseUrl).name ?? hostOf(baseUrl);
  }

  /**
   * Names an instance in the user's settings; an empty text removes the name. Everything else in the setting stays.
   * @returns the name it has now
   * @throws InvalidAnswerError if the name can't be used, or VS Code can't write the settings
   */
  async nameInstance(baseUrl: string, typed: string): Promise<string> {
    const others = this.instances.filter((other) => other.baseUrl !== baseUrl);
    const taken = others.flatMap(({ baseUrl, name = '' }) => [name, hostOf(baseUrl)]);
    const name = typed === '' ? undefined : nameTyped(typed, baseUrl, taken);
    if (name === this.instance(baseUrl).name) return this.nameOf(baseUrl);
    const configuration = vscode.workspace.getConfiguration('lookerAuth');
    const entries = withName(configuration.inspect('instances')?.globalValue, baseUrl, name);
    try {
      await configuration.update('instances', entries, vscode.ConfigurationTarget.Global);
    } catch (error) {
      throw new InvalidAnswerError(
        l10n.t("VS Code couldn't save your settings: {0}", inertText(messageOf(error))),
      );
    }
    return this.nameOf(baseUrl);
  }

  private entries(): readonly Entry[] {
    const setting = vscode.workspace.getConfiguration('lookerAuth').get<unknown>('instances');
    const seen = new Set<string>();
    return (Array.isArray(setting) ? (setting as unknown[]) : []).map((raw, index) => {
      const { instance, faults } = parseEntry(raw);
      const number = index + 1;
      const isFirst = !instance || !seen.has(instance.baseUrl);
      if (instance) seen.add(instance.baseUrl);
      const name = instance
        ? l10n.t('entry {0} ({1})', number, hostOf(instance.baseUrl))
        : l10n.t('entry {0}', number);
      return { name, instance, faults: [...unknownProperties(raw), ...faults], isFirst };
    });
  }
}

/** One entry of `lookerAuth.instances`. */
interface Entry {
  /** How to refer to it in problems. */
  readonly name: string;
  /** Undefined if it has no valid URL. */
  readonly instance: InstanceSettings | undefined;
  /** Sentences. */
  readonly faults: readonly string[];
  /** Whether it is the first entry for its instance. */
  readonly isFirst: boolean;
}

/** An invalid property counts as left out, and the rest of the entry applies. */
function parseEntry(raw: unknown): Pick<Entry, 'instance' | 'faults'> {
  const parsed = v.safeParse(InstanceEntry, raw);
  if (parsed.success) return { instance: parsed.output, faults: [] };
  const faults = parsed.issues.map(toFault);
  const faulty = new Set(parsed.issues.map((issue) => v.getDotPath(issue)?.split('.')[0]));
  if (faulty.has(undefined) || faulty.has('url')) return { instance: undefined, faults };
  const valid = Object.entries(raw as object).filter(([key]) => !faulty.has(key));
  const rest = parseEntry(Object.fromEntries(valid));
  return { ...rest, faults: [...faults, ...rest.faults] };
}

function unknownProperties(raw: unknown): readonly string[] {
  return Object.keys(Object(raw) as object)
    .filter((key) => !Object.hasOwn(InstanceEntry.entries, key))
    .map((key) => l10n.t('The property "{0}" doesn\'t exist.', inertText(key)));
}

function toFault(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue);
  if (field === null) return l10n.t('The entry must be an object with a "url".');
  if (issue.type === 'check') return issue.message;
  if (field !== 'url') return l10n.t('"{0}" can\'t be {1}.', field, inertText(issue.received));
  return issue.type === 'raw_transform' ? issue.message : l10n.t('The property "url" is missing.');
}

/**
 * Whether a redirect URI is safe to receive the authorization code: on this machine, or encrypted. It can't have a
 * query, since Looker appends one.
 */
function isRedirectUri(text: string): boolean {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false;
  const { protocol, origin, username, password, port } = new URL(text);
  if (username + password !== '' || port === '0') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(origin));
}

function fromHome(path: string): string {
  // A function, since `$` has a meaning in a replacement text.
  return path.replace(/^~(?=[/\\])/, () => homedir());
}
