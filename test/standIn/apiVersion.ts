/** The API versions Looker has served; a release serves some of them side by side. */
export const API_VERSIONS = ['3.0', '3.1', '4.0'] as const;

export type ApiVersion = (typeof API_VERSIONS)[number];

/** The API version in a path, whether or not this instance serves it. */
export function apiVersionOf(path: string): ApiVersion | undefined {
  return API_VERSIONS.find((version) => path.startsWith(`/api/${version}/`));
}

/** An ID in the format of this API version: integers in 3.x, strings in 4.0. */
export function writeId(id: number | string, version: ApiVersion): number | string {
  return version === '4.0' ? String(id) : Number(id);
}
