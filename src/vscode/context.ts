import type { Accounts } from '../accounts/accounts';
import type { Log } from '../accounts/log';
import type { Release } from '../looker/api/apiVersion';
import { type ShownCertificate, inspectViaVsCode } from '../looker/tls/privateTls';
import { probe, type Found } from '../looker/api/probe';
import { OWN_CLIENT, type OAuthClient } from '../looker/oauth/client';
import { findOffer, type BrowserLoginOffer } from '../looker/oauth/offer';
import type { CheckStep } from '../diagnostics/checkStep';
import { checkConnection } from '../diagnostics/connectionCheck';
import type { ImportOffer } from './import/importOffer';
import type { NonAdmins } from './loginAsUser/nonAdmins';
import type { Messages } from './messages/messages';
import type { Connections } from './settings/connections';
import type { Settings } from './settings/settings';
import type { LookerTerminals } from './terminal/lookerTerminals';

/** What a window has built once, and commands work with. Each says which of it it needs, where that is little. */
export interface CommandContext {
  readonly accounts: Accounts;
  readonly settings: Pick<
    Settings,
    'instance' | 'instancesBeside' | 'nameInstance' | 'nameOf' | 'timeoutMs'
  >;
  /** What instances are trusted by, and in which ways the user lets them be reached. */
  readonly trust: Pick<Connections, 'certificates' | 'agreed' | 'exceptionsIn'>;
  readonly inquiries: Inquiries;
  readonly messages: Pick<Messages, 'attempt' | 'tell'>;
  readonly nonAdmins: NonAdmins;
  readonly importOffer: Pick<ImportOffer, 'settle'>;
  /** Loaded with the first terminal. */
  readonly terminals: () => Promise<LookerTerminals>;
  readonly log: Log;
}

/** What an instance can be asked without an account. */
export interface Inquiries {
  /** Looks for Looker at an instance. @throws LookerError; CanceledError */
  readonly probe: (baseUrl: string, signal: AbortSignal) => Promise<Found>;
  /** See {@link LookerApi.release}. */
  readonly release: (baseUrl: string, signal: AbortSignal) => Promise<Release | undefined>;
  /** The OAuth client to log in with in the browser: the one in the settings, else Looker Auth's own. */
  readonly client: (baseUrl: string) => OAuthClient;
  /** See {@link findOffer}. */
  readonly browserLogin: (
    found: Found,
    signal: AbortSignal,
  ) => Promise<BrowserLoginOffer | undefined>;
  /** The certificate that it shows now; nothing is sent there. See `src/looker/privateTls.ts`. */
  readonly certificate: (baseUrl: string, signal: AbortSignal) => Promise<ShownCertificate>;
  /** See {@link checkConnection}. Looks at the accounts there, too. */
  readonly check: (url: string, signal: AbortSignal) => AsyncIterable<CheckStep>;
}

/** Asks instances as the user has set each of them. */
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
      return checkConnection(url, options, signal);
    },
  };
}
