import type { ApiVersion } from './apiVersion';
import type { Faults } from './faults';
import type { LoginRate } from './loginRate';
import type { OAuth } from './oauth';
import type { People } from './people';
import type { RecordedRequest } from './requestLog';
import type { Tokens } from './tokens';

/** The state of one stand-in Looker, which its routes work on. */
export interface Instance {
  readonly release: string;
  readonly apiVersions: readonly ApiVersion[];
  readonly googleCloudCore: boolean;
  readonly people: People;
  readonly tokens: Tokens;
  readonly oauth: OAuth;
  readonly loginRate: LoginRate;
  readonly faults: Faults;
  readonly requests: RecordedRequest[];
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Whether the release is this one or a later one. */
export function isSince(release: string, major: number, minor: number): boolean {
  const [itsMajor = 0, itsMinor = 0] = release.split('.').map(Number);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}
