import type * as vscode from 'vscode';
import type { Account } from '../accounts/account';
import type { Accounts } from '../accounts/accounts';
import { checkConnection, type CheckStep } from '../diagnostics/connectionCheck';
import type { AgreedExceptions } from '../accounts/agreedExceptions';
import type { Log } from '../accounts/log';
import type { Connect } from '../accounts/renewals';
import type { TrustedCertificates } from '../accounts/trustedCertificates';
import type { Release } from '../looker/api/apiVersion';
import type { Clock, ServerClock } from '../looker/clock';
import { type ShownCertificate, type Trust, inspectViaVsCode } from '../looker/tls/privateTls';
import { probe, type Found } from '../looker/api/probe';
import type { Connections } from './settings/connections';
import type { InstanceSettings, Settings } from './settings/settings';

/** What commands work with. */
export interface CommandContext {
  readonly accounts: Accounts;
  /** The instances the user has named in the settings. */
  readonly instances: () => readonly InstanceSettings[];
  /** What people call an instance: the name the user has given it, else its host. */
  readonly nameOf: (baseUrl: string) => string;
  /** Looks for Looker at an instance. @throws LookerError; CancelledError */
  readonly probe: (baseUrl: string, signal: AbortSignal) => Promise<Found>;
  /** See {@link LookerApi.release}. */
  readonly releaseOf: (baseUrl: string, signal: AbortSignal) => Promise<Release | undefined>;
  /** Longest time a request may take, in ms, as the user has set it. */
  readonly timeoutMs: () => number;
  readonly log: Log;
  /** Does something beside whatever is open, and says what goes wrong. @param account whom it is about */
  readonly attempt: (work: () => Promise<unknown>, account?: Account) => Promise<void>;
  /** Says an error that nobody waits for, beside whatever is open. @param account whom it is about */
  readonly tell: (error: unknown, account?: Account) => Promise<void>;
  /** See {@link checkConnection} of the accounts. */
  readonly check: (url: string, signal: AbortSignal) => AsyncIterable<CheckStep>;
  /** Remembers that a file was imported, which need not be offered then. */
  readonly imported: (file: vscode.Uri) => Promise<void>;
  /** The server certificates that the user has trusted. */
  readonly certificates: TrustedCertificates;
  /** The certificate that an instance shows now; nothing is sent there. See `src/looker/tls/privateTls.ts`. */
  readonly inspectViaVsCode: (baseUrl: string, signal: AbortSignal) => Promise<ShownCertificate>;
  /** See {@link Connections.exceptionsIn}. */
  readonly exceptionsIn: Connections['exceptionsIn'];
  /** What the user has agreed to. */
  readonly agreed: AgreedExceptions;
}

/** What the window has built, of which commands work with some. */
export interface WindowParts extends Pick<
  CommandContext,
  'accounts' | 'agreed' | 'certificates' | 'exceptionsIn' | 'log' | 'attempt' | 'tell' | 'imported'
> {
  readonly settings: Settings;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly serverClock: (baseUrl: string) => ServerClock;
  /** What an instance is trusted by, beside what VS Code and the system trust. */
  readonly trustIn: (baseUrl: string) => Trust | undefined;
}

export function contextOf(parts: WindowParts): CommandContext {
  const { accounts, agreed, certificates, exceptionsIn } = parts;
  const { log, attempt, tell, imported, settings, connect, trustIn } = parts;
  return {
    accounts,
    agreed,
    certificates,
    exceptionsIn,
    log,
    attempt,
    tell,
    imported,
    instances: () => settings.instances,
    nameOf: (baseUrl) => settings.nameOf(baseUrl),
    timeoutMs: () => settings.timeoutMs,
    releaseOf: (baseUrl, signal) => connect(baseUrl, '4.0').release(signal),
    probe: (baseUrl, signal) => {
      const configuredVersion = (baseUrl: string) => settings.instance(baseUrl).apiVersion;
      return probe(baseUrl, { connect, configuredVersion }, signal);
    },
    inspectViaVsCode: (baseUrl, signal) =>
      inspectViaVsCode({ baseUrl, timeoutMs: settings.timeoutMs }, trustIn(baseUrl), signal),
    check: (url, signal) => {
      const { proxy, timeoutMs } = settings;
      return checkConnection(url, { ...parts, proxy, timeoutMs, env: process.env }, signal);
    },
  };
}
