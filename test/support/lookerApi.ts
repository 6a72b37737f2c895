import { Clock, ServerClock } from '../../src/looker/clock';
import { LookerApi } from '../../src/looker/api/lookerApi';
import type { LookerApiOptions } from '../../src/looker/api/lookerApiOptions';
import { fetchFor } from './nodeFetch';

/** The clock of the machine the tests run on. */
export const machineClock = new Clock(Date.now, () => performance.now());

/** The API of an instance over real HTTP, as the extension would set it up by default. */
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
