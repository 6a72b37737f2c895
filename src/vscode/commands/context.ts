import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { Log } from '../../accounts/log';
import type { CheckStep } from '../../accounts/connectionCheck';
import type { TrustedCertificates } from '../../accounts/trustedCertificates';
import type { Release } from '../../looker/apiVersion';
import type { ShownCertificate } from '../../looker/privateTls';
import type { Found } from '../../looker/probe';
import type { InstanceSettings } from '../settings';

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
  /** Says an error that nobody waits for, beside whatever is open. @param account whom it is about */
  readonly tell: (error: unknown, account?: Account) => Promise<void>;
  /** See {@link checkConnection} of the accounts. */
  readonly check: (url: string, signal: AbortSignal) => AsyncIterable<CheckStep>;
  /** The server certificates that the user has trusted. */
  readonly certificates: TrustedCertificates;
  /** The certificate that an instance shows now; nothing is sent there. See `src/looker/privateTls.ts`. */
  readonly lookAtCertificate: (baseUrl: string, signal: AbortSignal) => Promise<ShownCertificate>;
}
