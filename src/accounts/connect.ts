import type { ApiVersion } from '../looker/apiVersion';
import type { Api } from '../looker/lazyLookerApi';

/** Speaks to an instance in one API version, the way the user configured that instance. */
export type Connect = (baseUrl: string, apiVersion: ApiVersion) => Api;
