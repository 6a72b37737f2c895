/** An OAuth client of an instance, registered once by an admin for all of its users. */
export interface OAuthClient {
  readonly clientId: string;
  /**
   * The URLs that Looker may redirect the browser to. Looker compares them exactly, ports included. The first one works
   * everywhere; the others only if the instance accepts several ({@link hasSeveralRedirectUris}).
   */
  readonly redirectUris: readonly [string, ...string[]];
}

/**
 * Below the ports that systems use for outgoing connections (from 32768 on Linux, from 49152 elsewhere), and not used
 * by other Looker clients (7777, 8000, 8080) or VS Code (33418), nor blocked by browsers.
 */
const PORTS = [17653, 21387, 28461] as const;

/** Looker Auth's own client, used unless the settings name another. */
export const OWN_CLIENT: OAuthClient = {
  clientId: 'looker-auth-vscode',
  redirectUris: [redirectTo(PORTS[0]), redirectTo(PORTS[1]), redirectTo(PORTS[2])],
};

/**
 * Whether a client may have several redirect URIs (`redirect_uris`). The API of release 26.12 has one, that of 26.22
 * has several. It isn't known which release introduced them, so those in between count as having one.
 */
export function hasSeveralRedirectUris(release: string | undefined): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release ?? '')?.map(Number) ?? [];
  if (major === undefined || minor === undefined) return false;
  return major > 26 || (major === 26 && minor >= 22);
}

/** The redirect URIs of a client that an instance of this release accepts, preferred one first. */
export function redirectUrisFor(
  { redirectUris }: OAuthClient,
  release: string | undefined,
): readonly [string, ...string[]] {
  return hasSeveralRedirectUris(release) ? redirectUris : [redirectUris[0]];
}

function redirectTo(port: number): string {
  return `http://127.0.0.1:${port}/looker-auth`;
}
