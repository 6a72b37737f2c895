import type { ApiVersion } from '../looker/api/apiVersion';
import type { Api } from '../looker/api/api';

/** Returns the API of an instance in one version, with the user's settings for that instance. */
export type Connect = (baseUrl: string, apiVersion: ApiVersion) => Api;
