import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ApiKey } from '../standIn/people';

/** Where a folder and an environment would lead programs, and with which key. */
export interface Elsewhere {
  readonly baseUrl: string;
  /** Another user's, which the instance would accept. */
  readonly apiKey: ApiKey;
}

/** Writes a `looker.ini` that would lead Looker's SDKs elsewhere. */
export async function writeHostileIni(
  folder: string,
  { baseUrl, apiKey: { clientId, clientSecret } }: Elsewhere,
): Promise<void> {
  const ini = `[Looker]\nbase_url=${baseUrl}\nclient_id=${clientId}\nclient_secret=${clientSecret}\nverify_ssl=false\n`;
  await writeFile(path.join(folder, 'looker.ini'), ini);
}

/** Variables that would lead programs elsewhere. */
export function hostileVariables({
  baseUrl,
  apiKey: { clientId, clientSecret },
}: Elsewhere): Record<string, string> {
  return {
    LOOKERSDK_BASE_URL: baseUrl,
    LOOKERSDK_CLIENT_ID: clientId,
    LOOKERSDK_CLIENT_SECRET: clientSecret,
    LOOKERSDK_VERIFY_SSL: 'false',
    LOOKER_BASE_URL: baseUrl,
    LOOKER_CLIENT_ID: clientId,
    LOOKER_CLIENT_SECRET: clientSecret,
    LOOKER_ACCESS_TOKEN: 'somebody-elses',
  };
}

/** Variables that would lead programs through a proxy, and VS Code too if it had them. */
export function hostileProxies(url: string): Record<string, string> {
  return {
    HTTP_PROXY: url,
    http_proxy: url,
    ALL_PROXY: url,
    all_proxy: url,
    NO_PROXY: 'a.example',
  };
}
