import type { StandInLooker } from '../standIn/standInLooker';

/** Not secret: it is sent to find out whether a client is registered. */
const QUESTION = 'looker-auth-asks-whether-';

/**
 * An instance's secrets, which only Looker and Looker Auth may see: client secrets, access tokens, refresh tokens, and
 * codes with their verifiers and states.
 */
export function secretsOf(looker: StandInLooker): ReadonlySet<string> {
  const found = [
    ...looker.people.map(({ apiKey }) => apiKey?.clientSecret),
    ...looker.liveTokens().map(({ value }) => value),
    ...looker.liveRefreshTokens().map(({ value }) => value),
    ...looker.requests.flatMap(({ token, form, query }) => [
      token,
      form['code'],
      form['code_verifier'],
      form['refresh_token'],
      query['state'],
    ]),
  ];
  return new Set(
    found.filter((each): each is string => typeof each === 'string' && !each.startsWith(QUESTION)),
  );
}
