import fetch from 'node-fetch';
import { LookerApi, type LookerApiOptions } from '../../src/looker/lookerApi';

/** The API of an instance over real HTTP, as the extension would set it up by default. */
export function lookerApi(baseUrl: string, options: Partial<LookerApiOptions> = {}): LookerApi {
  return new LookerApi({
    baseUrl,
    apiVersion: '4.0',
    fetch,
    timeoutMs: 2000,
    plainHttp: false,
    credentialsInQuery: false,
    now: Date.now,
    ...options,
  });
}
