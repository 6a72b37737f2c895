import { Looker40SDK } from '@looker/sdk';
import { NodeSession, NodeSettings, NodeTransport } from '@looker/sdk-node';
import { DefaultSettings } from '@looker/sdk-rtl';
import type { ApiKey } from '../../src/looker/api/lookerApi';

/** Uses the test's key; NodeSettings reads keys only from the environment. */
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

/** Looker's own SDK for Node, without a token yet. */
export function officialSdk(baseUrl: string, apiKey: ApiKey) {
  const settings = new Settings(baseUrl, apiKey);
  const session = new NodeSession(settings, new NodeTransport(settings));
  return { session, sdk: new Looker40SDK(session) };
}

/**
 * Silences the SDK's transport, which wrongly warns at every request that there is no AbortSignal.timeout.
 * @returns a function that restores all warnings
 */
export function silenceSdk(): () => void {
  const { debug } = console;
  console.debug = () => undefined;
  return () => {
    console.debug = debug;
  };
}
