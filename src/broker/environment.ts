import type { Credentials } from './terminalCredentials';

/** What programs need to reach a broker. */
export interface Address extends Credentials {
  readonly port: number;
  /** Version of the instance's API, such as `4.0`. */
  readonly apiVersion: string;
  /** A broker token, for programs that send a token themselves. */
  readonly accessToken: string;
}

/** Looker's own name for the token: its SDK for Ruby reads it, and scripts can put it into a header. */
export const ACCESS_TOKEN = 'LOOKER_ACCESS_TOKEN';

/** Tells people and scripts which instance it is; no tool reads this variable. */
export const INSTANCE = 'LOOKER_AUTH_INSTANCE';

/** The broker's URL for programs. */
export function brokerUrl({ port }: Pick<Address, 'port'>): string {
  return `http://127.0.0.1:${port}`;
}

/**
 * The environment variables of a terminal; null removes one. Related variables are always set together: if some were
 * missing, an SDK would take them from a `looker.ini` in the folder or from VS Code's own environment, and would send
 * one instance's key to another.
 *
 * The SDKs for Python, Go, TypeScript and gzr read `LOOKERSDK_*` (`python/looker_sdk/rtl/api_settings.py`,
 * `go/rtl/constants.go`, `packages/sdk-rtl/src/apiSettings.ts` in looker-open-source/sdk-codegen;
 * `lib/gzr/modules/session.rb` in looker-open-source/gzr), mcp-toolbox reads `LOOKER_BASE_URL`, `LOOKER_CLIENT_ID`,
 * `LOOKER_CLIENT_SECRET` and the variables next to them (`internal/prebuiltconfigs/tools/looker.yaml` in
 * googleapis/mcp-toolbox), spectacles also `LOOKER_PORT`, the SDK for Ruby `LOOKER_API_ENDPOINT` and `LOOKER_SECRET`
 * (`lib/looker-sdk/default.rb` in looker-open-source/looker-sdk-ruby), and the Terraform provider
 * `LOOKER_API_CLIENT_ID` and `LOOKER_API_CLIENT_SECRET`.
 * @param instance the instance's base URL
 * @param env the terminal's other variables
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
    // There is nothing to verify over http, and `false` would turn off verification for an SDK's whole process.
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
 * The environment variables of a terminal that can't reach a broker: only the token. Other variables that tools read
 * for an instance and a key are removed, so that none of them is used with the wrong instance.
 */
export function tokenVariables(
  token: string,
  instance: string,
): Readonly<Record<string, string | null>> {
  const none = { port: 0, clientId: '', clientSecret: '', accessToken: '', apiVersion: '' };
  const { NO_PROXY: _, no_proxy: __, ...all } = terminalVariables(none, instance, {});
  const removed = Object.fromEntries(Object.keys(all).map((name) => [name, null]));
  return { ...removed, [ACCESS_TOKEN]: token, [INSTANCE]: instance };
}

/**
 * Keeps requests to the broker from going through a proxy, which would receive the secret and all data, and couldn't
 * reach the broker. Some programs read one of the two names, others the other.
 */
function withoutProxy(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const names = ['NO_PROXY', 'no_proxy'];
  const before = names.map((name) => env[name]?.trim()).filter(Boolean);
  // Programs support `*` only on its own, and it includes the broker.
  if (before.includes('*')) return Object.fromEntries(names.map((name) => [name, '*']));
  // If the two variables differ, the exceptions of both apply.
  const all = [...new Set(before.concat('127.0.0.1', 'localhost').join(',').split(','))].join(',');
  return Object.fromEntries(names.map((name) => [name, all]));
}
