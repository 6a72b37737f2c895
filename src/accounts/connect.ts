import type { ApiVersion } from '../looker/api/apiVersion';
import type { Api } from '../looker/api/api';

/** Speaks to an instance in one API version, the way the user configured that instance. */
export type Connect = (baseUrl: string, apiVersion: ApiVersion) => Api;
