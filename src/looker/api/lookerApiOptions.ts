import type { ApiVersion } from './apiVersion';
import type { ServerClock } from '../clock';
import type { Connection } from '../network/http';

/** An instance as the user configured it, with the API version to speak. */
export interface LookerApiOptions extends Connection {
  readonly apiVersion: ApiVersion;
  /** Send the API key in the query instead of the body, for servers that want it there. */
  readonly credentialsInQuery: boolean;
  /** The instance's own. Replies of Looker set it. */
  readonly serverClock: ServerClock;
}
