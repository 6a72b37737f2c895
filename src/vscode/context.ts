import type { Accounts } from '../accounts/accounts';
import type { Log } from '../base/log';
import type { Release } from '../looker/api/apiVersion';
import { type ShownCertificate, inspectViaVsCode } from '../looker/tls/privateTls';
import { probe, type ProbeResult } from '../looker/api/probe';
import { OWN_CLIENT, type OAuthClient } from '../looker/oauth/client';
import { findOffer, type BrowserLoginOffer } from '../looker/oauth/offer';
import type { CheckStep } from '../diagnostics/checkStep';
import { runConnectionCheck } from '../diagnostics/connectionCheck';
import type { ImportOffer } from './import/importOffer';
import type { NonAdmins } from './loginAsUser/nonAdmins';
import type { Messages } from './messages/messages';
import type { Connections } from './settings/connections';
import type { Settings } from './settings/settings';
import type { LookerTerminals } from './terminal/lookerTerminals';

/** Built once per window, for the commands. Each member has only the parts that commands use. */
export interface CommandContext {
  readonly accounts: Accounts;
  readonly settings: Pick<
    Settings,
    'instance' | 'instancesBeside' | 'nameInstance' | 'nameOf' | 'timeoutMs'
  >;
  /** Trusted certificates, and the exceptions that the user has agreed to. */
  readonly trust: Pick<Connections, 'certificates' | 'agreed' | 'exceptionsIn'>;
  readonly inquiries: Inquiries;
  readonly messages: Pick<Messages, 'attempt' | 'showError'>;
  readonly nonAdmins: NonAdmins;
  readonly importOffer: Pick<ImportOffer, 'settle'>;
  /** Loads the code for terminals. */
  readonly terminals: () => Promise<LookerTerminals>;
  readonly log: Log;
}

/** Requests to an instance that need no account. */
export interface Inquiries {
  /** Looks for Looker at an instance. @throws LookerError; CanceledError */
  readonly probe: (baseUrl: string, signal: AbortSignal) => Promise<ProbeResult>;
  /** See {@link LookerApi.release}. */
  readonly release: (baseUrl: string, signal: AbortSignal) => Promise<Release | undefined>;
  /** The OAuth client for logins with the browser: the one in the settings, else Looker Auth's own. */
  readonly client: (baseUrl: string) => OAuthClient;
  /** See {@link findOffer}. */
  readonly browserLogin: (
    found: ProbeResult,
    signal: AbortSignal,
  ) => Promise<BrowserLoginOffer | undefined>;
  /** The certificate that the server presents now. Sends nothing else to it. See {@link inspectViaVsCode}. */
  readonly certificate: (baseUrl: string, signal: AbortSignal) => Promise<ShownCertificate>;
  /** See {@link runConnectionCheck}. Includes the accounts on the instance. */
  readonly check: (url: string, signal: AbortSignal) => AsyncIterable<CheckStep>;
}

/** Requests to instances, each with the user's settings for it. */
export function inquiriesOf(
  accounts: Accounts,
  settings: Settings,
  connections: Connections,
): Inquiries {
  const { connect, trustIn, clock, serverClock } = connections;
  const configuredVersion = (baseUrl: string) => settings.instance(baseUrl).apiVersion;
  const client = (baseUrl: string): OAuthClient => {
    const { oauth } = settings.instance(baseUrl);
    return oauth ? { clientId: oauth.clientId, redirectUris: [oauth.redirectUri] } : OWN_CLIENT;
  };
  return {
    probe: (baseUrl, signal) => probe(baseUrl, { connect, configuredVersion }, signal),
    release: (baseUrl, signal) => connect(baseUrl, '4.0').release(signal),
    client,
    browserLogin: ({ baseUrl, apiVersion, release }, signal) =>
      findOffer(connect(baseUrl, apiVersion).options, client(baseUrl), release, signal),
    certificate: (baseUrl, signal) =>
      inspectViaVsCode({ baseUrl, timeoutMs: settings.timeoutMs }, trustIn(baseUrl), signal),
    check: (url, signal) => {
      const { proxy, timeoutMs } = settings;
      const { env } = process;
      const options = { accounts, connect, trustIn, clock, serverClock, proxy, timeoutMs, env };
      return runConnectionCheck(url, options, signal);
    },
  };
}
