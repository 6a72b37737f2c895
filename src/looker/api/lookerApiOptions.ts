import type { ApiVersion } from './apiVersion';
import type { ServerClock } from '../clock';
import type { Connection } from '../network/http';

/** An instance as configured by the user, with the API version to speak. */
export interface LookerApiOptions extends Connection {
  readonly apiVersion: ApiVersion;
  /** Send the API key in the query instead of the body, for servers that require it. */
  readonly credentialsInQuery: boolean;
  /** The instance's clock, updated from Looker's responses. */
  readonly serverClock: ServerClock;
}
