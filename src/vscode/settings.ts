import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Log } from '../accounts/log';
import type { RenewalMode } from '../accounts/renewals';
import { API_VERSIONS, type ApiVersion } from '../looker/apiVersion';
import { parseBaseUrl } from '../looker/baseUrl';
import { hostOf } from '../looker/errors';
import type { ProxySettings } from '../looker/proxy';

/** What the user has set for one instance in `lookerAuth.instances`. */
export interface InstanceSettings {
  readonly baseUrl: string;
  /** What the user calls it. */
  readonly name?: string;
  /** Set where the version is not to be found out. */
  readonly apiVersion?: ApiVersion;
  readonly plainHttp: boolean;
  readonly credentialsInQuery: boolean;
}

const InstanceEntry = v.pipe(
  v.object({
    url: v.pipe(
      v.string(),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        try {
          return parseBaseUrl(dataset.value);
        } catch (error) {
          addIssue({ message: error instanceof Error ? error.message : String(error) });
          return NEVER;
        }
      }),
    ),
    name: v.exactOptional(v.pipe(v.string(), v.trim(), v.minLength(1))),
    apiVersion: v.exactOptional(v.picklist(API_VERSIONS)),
    plainHttp: v.optional(v.boolean(), false),
    credentialsInQuery: v.optional(v.boolean(), false),
  }),
  v.transform(({ url, ...rest }): InstanceSettings => ({ baseUrl: url, ...rest })),
);

/**
 * The user's settings, read anew each time. All have `application` scope: no workspace can point an
 * instance elsewhere.
 */
export class Settings {
  /** What has been said of wrong entries: they are read again and again. */
  private readonly said = new Set<string>();

  constructor(private readonly log: Log) {}

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

  /** When tokens are renewed; in the background where the setting makes no sense. */
  get renewal(): RenewalMode {
    const mode = vscode.workspace.getConfiguration('lookerAuth').get<string>('renewal');
    return mode === 'onUse' || mode === 'off' ? mode : 'background';
  }

  /** The instances the user has named. An entry that is wrong is left out, and said in the log. */
  get instances(): readonly InstanceSettings[] {
    const entries = vscode.workspace.getConfiguration('lookerAuth').get<unknown>('instances');
    return (Array.isArray(entries) ? (entries as unknown[]) : []).flatMap((entry, index) => {
      const parsed = v.safeParse(InstanceEntry, entry);
      if (parsed.success) return parsed.output;
      const [{ message }] = parsed.issues;
      const warning = `Setting lookerAuth.instances, entry ${index + 1}: ${message}`;
      if (!this.said.has(warning)) this.log.warn(warning);
      this.said.add(warning);
      return [];
    });
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
}
