import { Looker40SDK } from '@looker/sdk';
import { NodeSession, NodeSettings, NodeTransport } from '@looker/sdk-node';
import { DefaultSettings } from '@looker/sdk-rtl';
import type { ApiKey } from '../../src/looker/api/lookerApi';

/** Takes its key from the test; NodeSettings reads keys from the environment alone. */
class Settings extends NodeSettings {
  constructor(
    baseUrl: string,
    private readonly apiKey: ApiKey,
  ) {
    super('STAND_IN_LOOKER', { ...DefaultSettings(), base_url: baseUrl });
  }

  override readConfig() {
    return { client_id: this.apiKey.clientId, client_secret: this.apiKey.clientSecret };
  }
}

/** Looker's own SDK for Node, with no token yet. */
export function officialSdk(baseUrl: string, apiKey: ApiKey) {
  const settings = new Settings(baseUrl, apiKey);
  const session = new NodeSession(settings, new NodeTransport(settings));
  return { session, sdk: new Looker40SDK(session) };
}

/**
 * Its transport wrongly reports at every request that there is no AbortSignal.timeout.
 * @returns lets it, and everybody, speak again
 */
export function silenceSdk(): () => void {
  const { debug } = console;
  console.debug = () => undefined;
  return () => {
    console.debug = debug;
  };
}
