import type { Credentials } from './terminalCredentials';

/** What programs reach a broker with. */
export interface Address extends Credentials {
  readonly port: number;
  /** What of Looker's API the instance speaks, such as `4.0`. */
  readonly apiVersion: string;
  /** A broker token, for those who send a token themselves. */
  readonly accessToken: string;
}

/** The token, in Looker's own words for it: its SDK for Ruby reads it, and scripts put it into a header. */
export const ACCESS_TOKEN = 'LOOKER_ACCESS_TOKEN';

/** The instance, under a name that no tool reads. */
export const INSTANCE = 'LOOKER_AUTH_INSTANCE';

/** Where a broker listens, as programs write it. */
export function brokerUrl({ port }: Pick<Address, 'port'>): string {
  return `http://127.0.0.1:${port}`;
}

/**
 * The variables of a terminal; null takes one out. All that belongs together is set together: of what is missing, an
 * SDK takes each from a `looker.ini` in the folder, or from what VS Code was started with, and sends one instance's key
 * to another.
 *
 * The SDKs for Python, Go, TypeScript and gzr read `LOOKERSDK_*` (`python/looker_sdk/rtl/api_settings.py`,
 * `go/rtl/constants.go`, `packages/sdk-rtl/src/apiSettings.ts` in looker-open-source/sdk-codegen; `lib/gzr/modules/session.rb`
 * in looker-open-source/gzr), mcp-toolbox `LOOKER_BASE_URL`, `LOOKER_CLIENT_ID`, `LOOKER_CLIENT_SECRET` and beside them
 * (`internal/prebuiltconfigs/tools/looker.yaml` in googleapis/mcp-toolbox), spectacles `LOOKER_PORT` as well, the SDK for
 * Ruby `LOOKER_API_ENDPOINT` and `LOOKER_SECRET` (`lib/looker-sdk/default.rb` in looker-open-source/looker-sdk-ruby), and
 * the Terraform provider `LOOKER_API_CLIENT_ID` and `LOOKER_API_CLIENT_SECRET`.
 * @param instance its base URL
 * @param env what the terminal has otherwise
 */
export function terminalVariables(
  address: Address,
  instance: string,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | null>> {
  const { clientId, clientSecret, accessToken, port, apiVersion } = address;
  const url = brokerUrl(address);
  return {
    LOOKERSDK_BASE_URL: url,
    LOOKERSDK_CLIENT_ID: clientId,
    LOOKERSDK_CLIENT_SECRET: clientSecret,
    // Over http there is nothing to verify; `false` would make an SDK stop verifying for its whole process.
    LOOKERSDK_VERIFY_SSL: 'true',
    LOOKERSDK_API_VERSION: null,
    LOOKERSDK_LOOKER_URL: null,
    LOOKERSDK_REDIRECT_URI: null,
    LOOKER_BASE_URL: url,
    LOOKER_PORT: String(port),
    LOOKER_CLIENT_ID: clientId,
    LOOKER_CLIENT_SECRET: clientSecret,
    LOOKER_VERIFY_SSL: 'true',
    LOOKER_USE_CLIENT_OAUTH: 'false',
    LOOKER_API_ENDPOINT: `${url}/api/${apiVersion}`,
    LOOKER_SECRET: clientSecret,
    LOOKER_NETRC: null,
    LOOKER_PROXY: null,
    LOOKER_API_CLIENT_ID: clientId,
    LOOKER_API_CLIENT_SECRET: clientSecret,
    [ACCESS_TOKEN]: accessToken,
    [INSTANCE]: instance,
    ...withoutProxy(env),
  };
}

/**
 * The variables of a terminal that no broker can be reached from: the token alone. What else tools read of an instance
 * and a key is taken out, so that nothing of it goes to another instance than the one it belongs to.
 */
export function tokenVariables(
  token: string,
  instance: string,
): Readonly<Record<string, string | null>> {
  const none = { port: 0, clientId: '', clientSecret: '', accessToken: '', apiVersion: '' };
  const { NO_PROXY: _, no_proxy: __, ...all } = terminalVariables(none, instance, {});
  const takenOut = Object.fromEntries(Object.keys(all).map((name) => [name, null]));
  return { ...takenOut, [ACCESS_TOKEN]: token, [INSTANCE]: instance };
}

/**
 * A proxy is for what is elsewhere: it would get the secret and all data, and reach nothing. Some programs read the one
 * name, some the other.
 */
function withoutProxy(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const names = ['NO_PROXY', 'no_proxy'];
  const before = names.map((name) => env[name]?.trim()).filter(Boolean);
  // Where the two differ, whoever set them meant both.
  const all = [...new Set(before.concat('127.0.0.1', 'localhost').join(',').split(','))].join(',');
  return Object.fromEntries(names.map((name) => [name, all]));
}
