/** An OAuth client of an instance: what an admin registers once, for everybody there. */
export interface OAuthClient {
  readonly clientId: string;
  /**
   * Where Looker sends the browser back to. Looker compares them letter for letter, ports included. The first one works
   * wherever the client is registered; the others, where the instance takes several ({@link hasSeveralRedirectUris}).
   */
  readonly redirectUris: readonly [string, ...string[]];
}

/**
 * Below the ports that systems give to outgoing connections (from 32768 on Linux, from 49152 elsewhere), and none that
 * other Looker clients (7777, 8000, 8080) or VS Code (33418) listen on, or that browsers refuse.
 */
const PORTS = [17653, 21387, 28461] as const;

/** Looker Auth's own, where the settings name no other. */
export const OWN_CLIENT: OAuthClient = {
  clientId: 'looker-auth-vscode',
  redirectUris: [redirectTo(PORTS[0]), redirectTo(PORTS[1]), redirectTo(PORTS[2])],
};

/**
 * Whether a client may have several redirect URIs (`redirect_uris`). The API of release 26.12 has one, that of 26.22
 * several; which release brought them is not known, so those in between count as having one.
 */
export function hasSeveralRedirectUris(release: string | undefined): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release ?? '')?.map(Number) ?? [];
  if (major === undefined || minor === undefined) return false;
  return major > 26 || (major === 26 && minor >= 22);
}

/** The redirect URIs of a client that an instance of this release can know, the one to prefer first. */
export function redirectUrisFor(
  { redirectUris }: OAuthClient,
  release: string | undefined,
): readonly [string, ...string[]] {
  return hasSeveralRedirectUris(release) ? redirectUris : [redirectUris[0]];
}

function redirectTo(port: number): string {
  return `http://127.0.0.1:${port}/looker-auth`;
}
