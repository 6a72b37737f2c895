import { Clock, ServerClock } from '../../src/looker/clock';
import { LookerApi } from '../../src/looker/api/lookerApi';
import type { LookerApiOptions } from '../../src/looker/api/lookerApiOptions';
import { fetchFor } from './nodeFetch';

/** The clock of the machine that runs the tests. */
export const machineClock = new Clock(Date.now, () => performance.now());

/** The API of an instance over real HTTP, with the extension's defaults. */
export function lookerApi(baseUrl: string, options: Partial<LookerApiOptions> = {}): LookerApi {
  const clock = options.clock ?? machineClock;
  return new LookerApi({
    baseUrl,
    apiVersion: '4.0',
    fetch: fetchFor(baseUrl),
    timeoutMs: 2000,
    plainHttp: false,
    credentialsInQuery: false,
    clock,
    serverClock: new ServerClock(clock),
    ...options,
  });
}
