import type { Session } from '../../accounts/session';

/** The token, in Looker's own words for it. Scripts put it into the Authorization header. */
export const ACCESS_TOKEN = 'LOOKER_ACCESS_TOKEN';

/** The instance, under a name that no tool reads: each takes what else it needs from a file or from other variables. */
export const INSTANCE = 'LOOKER_AUTH_INSTANCE';

/**
 * Taken out of the terminal: what Looker's SDKs and tools read of an instance and an API key. Of what VS Code was started
 * with, some may belong to another instance, and what is missing comes from a `looker.ini`; an SDK would then send the
 * key of one instance to another, or this token. The SDKs for Python, Go, TypeScript and gzr read `LOOKERSDK_*`
 * (`python/looker_sdk/rtl/api_settings.py`, `go/rtl/constants.go`, `packages/sdk-rtl/src/apiSettings.ts` in
 * looker-open-source/sdk-codegen; `lib/gzr/modules/session.rb` in looker-open-source/gzr), spectacles and googleapis/mcp-toolbox
 * `LOOKER_BASE_URL`, `LOOKER_CLIENT_ID` and `LOOKER_CLIENT_SECRET` (`internal/sources/looker/looker.go`), and the SDK for
 * Ruby `LOOKER_API_ENDPOINT`, beside the token, and `LOOKER_SECRET` (`lib/looker-sdk/default.rb` in
 * looker-open-source/looker-sdk-ruby).
 */
const TAKEN_OUT = [
  ...['LOOKERSDK_BASE_URL', 'LOOKERSDK_CLIENT_ID', 'LOOKERSDK_CLIENT_SECRET'],
  ...['LOOKER_BASE_URL', 'LOOKER_CLIENT_ID', 'LOOKER_CLIENT_SECRET'],
  ...['LOOKER_API_ENDPOINT', 'LOOKER_SECRET'],
];

/** What a terminal opened as an account has in its environment; null takes a variable out. */
export function terminalEnvironment({
  account,
  token,
}: Session): Readonly<Record<string, string | null>> {
  return {
    ...Object.fromEntries(TAKEN_OUT.map((name) => [name, null])),
    [INSTANCE]: account.baseUrl,
    [ACCESS_TOKEN]: token.value,
  };
}
