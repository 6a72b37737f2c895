import * as v from 'valibot';
import { ReleaseNumber } from './shapes';

/** The API versions that Looker Auth supports, preferred one first. */
export const API_VERSIONS = ['4.0', '3.1', '3.0'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

/** The parts of `GET /versions` that Looker Auth needs. */
export interface Release {
  /** Looker's own release, such as `26.12.3`; undefined if the server doesn't send one, or sends something else. */
  readonly release: string | undefined;
  /** The supported API versions that the server also speaks, best first. */
  readonly apiVersions: readonly ApiVersion[];
  /** `web_server_url`, unverified: see {@link webUrlOf}. API 3.0 doesn't send it. */
  readonly webUrl: string | undefined;
}

/** What an instance says about itself. */
export interface ToldRelease extends Release {
  /** See `otherApiUrl`. */
  readonly apiUrl?: string;
}

/** Every field is optional in the vendor's schema (ApiVersion, 3.0 to 4.0). */
export const VersionsResponse = v.pipe(
  v.object({
    looker_release_version: ReleaseNumber,
    supported_versions: v.array(v.object({ version: v.nullish(v.string()) })),
    web_server_url: v.fallback(v.nullish(v.string()), undefined),
  }),
  v.transform((response): Release => ({
    release: response.looker_release_version ?? undefined,
    apiVersions: API_VERSIONS.filter((ours) =>
      response.supported_versions.some(({ version }) => version === ours),
    ),
    webUrl: response.web_server_url ?? undefined,
  })),
);

/** The best version both sides speak; 4.0 if the server lists none of them. */
export function bestApiVersion(release: Release): ApiVersion {
  return release.apiVersions[0] ?? '4.0';
}

/**
 * Whether `POST /login/{user_id}` accepts `associative`. The vendor dropped it from API 4.0 with release 26.8
 * (sdk-codegen commit c39c5296); 3.x always has it. An unknown release counts as a new one.
 */
export function hasAssociative(apiVersion: ApiVersion, release: string | undefined): boolean {
  if (apiVersion !== '4.0') return true;
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release ?? '')?.map(Number) ?? [];
  if (major === undefined || minor === undefined) return false;
  return major < 26 || (major === 26 && minor < 8);
}
