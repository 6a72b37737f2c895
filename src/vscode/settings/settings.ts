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
  /** Set where the version is not to be found out. */
  readonly apiVersion?: ApiVersion;
  readonly plainHttp: boolean;
  readonly credentialsInQuery: boolean;
  /**
   * Path of the certificates that are trusted there in place of the system's, as it was set but for `~`. That it is
   * absolute is checked when it is read.
   */
  readonly caFile?: string;
  /** The OAuth client to log in with in the browser, in place of Looker Auth's own. */
  readonly oauth?: v.InferOutput<typeof OAuthEntry>;
}

/** Looker compares redirect URIs letter for letter, so what stands in the settings is what is sent. */
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
    // Whatever stands there, the instance is not to be reached without it.
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

/**
 * The user's settings, read anew each time. All have `application` scope: no workspace can point an
 * instance elsewhere.
 */
export class Settings {
  /** Longest time a request may take; half a minute where the setting makes no sense. */
  get timeoutMs(): number {
    const seconds: unknown = vscode.workspace.getConfiguration('lookerAuth').get('timeout');
    const isSensible = typeof seconds === 'number' && seconds >= 1 && seconds <= 600;
    return Math.round((isSensible ? seconds : 30) * 1000);
  }

  /** What VS Code itself is told about proxies. */
  get proxy(): ProxySettings {
    const http = vscode.workspace.getConfiguration('http');
    return {
      proxy: http.get('proxy') ?? '',
      noProxy: http.get('noProxy') ?? [],
      isOff: http.get('proxySupport') === 'off',
    };
  }

  /** The instances the user has named; where one is named twice, the first entry counts. */
  get instances(): readonly InstanceSettings[] {
    return this.entries().flatMap(({ instance, isFirst }) => (instance && isFirst ? instance : []));
  }

  /** What is wrong with the entries, CA files included. Each entry without a fault counts all the same. */
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

  /** What is set for an instance; for one the user has not named, the defaults. */
  instance(baseUrl: string): InstanceSettings {
    return (
      this.instances.find((instance) => instance.baseUrl === baseUrl) ?? {
        baseUrl,
        plainHttp: false,
        credentialsInQuery: false,
      }
    );
  }

  /** What people call an instance: the name the user has given it, else its host. */
  nameOf(baseUrl: string): string {
    return this.instance(baseUrl).name ?? hostOf(baseUrl);
  }

  /**
   * Gives an instance a name in the user's settings, or with '' takes it away. Its other properties stay, and the other
   * entries.
   * @returns the name it has now
   * @throws InvalidAnswerError if it can't be called that, or VS Code can't write the settings
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
  /** What to call it when something is wrong with it. */
  readonly name: string;
  /** Undefined where it names no instance. */
  readonly instance: InstanceSettings | undefined;
  /** Sentences. */
  readonly faults: readonly string[];
  /** Whether none before it is for the same instance. */
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

/** The code comes by it, so that it must be on this machine or encrypted. Looker puts a query of its own behind it. */
function isRedirectUri(text: string): boolean {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false;
  const { protocol, origin, username, password, port } = new URL(text);
  if (username + password !== '' || port === '0') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(origin));
}

function fromHome(path: string): string {
  // Not as a replacement text, in which a `$` has a meaning of its own.
  return path.replace(/^~(?=[/\\])/, () => homedir());
}
