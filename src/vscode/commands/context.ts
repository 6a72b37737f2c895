import type { Accounts } from '../../accounts/accounts';
import type { ApiVersion, Release } from '../../looker/apiVersion';
import type { InstanceSettings } from '../settings';

/** What commands work with. */
export interface CommandContext {
  readonly accounts: Accounts;
  /** The instances the user has named in the settings. */
  readonly instances: () => readonly InstanceSettings[];
  /** What people call an instance: the name the user has given it, else its host. */
  readonly nameOf: (baseUrl: string) => string;
  /** The API version to speak with an instance; fails where nothing answers. */
  readonly apiVersionOf: (baseUrl: string, signal: AbortSignal) => Promise<ApiVersion>;
  /** See {@link LookerApi.release}. */
  readonly releaseOf: (baseUrl: string, signal: AbortSignal) => Promise<Release | undefined>;
}
