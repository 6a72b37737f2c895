import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import { ExpectedError } from '../../looker/errors/expectedError';
import { parseBaseUrl } from '../../looker/instance/baseUrl';
import { cut, inertText } from '../../looker/inert';
import { InvalidInstanceError } from '../../looker/errors/input';
import { userIdOf } from '../../looker/api/user';

/** What an extension asks of a session. Absent means it does not matter. */
export interface Wanted {
  readonly baseUrl?: string;
  readonly sudoUserId?: string;
  /** The one account that will do. */
  readonly account?: Account;
}

/** A scope that means nothing here. Ignoring it would hand out more than was asked for. */
export class UnknownScopeError extends ExpectedError {
  override readonly name = 'UnknownScopeError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  constructor(scope: string) {
    super(
      l10n.t(
        'Looker Auth does not know the scope "{0}". A scope is an instance, such as "https://acme.cloud.looker.com", or "sudo:" with a user id.',
        cut(inertText(scope), LONGEST_SHOWN),
      ),
    );
  }
}

/** The user has logged in, but as somebody for whom the scopes asked for do not hold. */
export class OtherAccountError extends ExpectedError {
  override readonly name = 'OtherAccountError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  /** @param asked the account asked for, if one was */
  constructor({ label }: Account, scopes: readonly string[], asked?: Account) {
    const wanted = [...(asked ? [asked.label] : []), ...scopes];
    super(l10n.t('{0} is not what was asked for: {1}.', label, wanted.join(' ')));
  }
}

const SUDO = 'sudo:';
/** Where an instance serves its API: 443 since Looker has moved it there, which URLs leave out, 19999 before. */
const USUAL_PORTS = ['', '19999'];
const LONGEST_SHOWN = 100;

/** @throws UnknownScopeError, also where two scopes contradict each other */
export function parseScopes(scopes: readonly string[]): Wanted {
  let wanted: Wanted = {};
  for (const scope of scopes) {
    const next = parseScope(scope);
    // The first one named counts, where two name the same instance.
    const merged = { ...next, ...wanted };
    const contradicts =
      (next.baseUrl !== undefined && !isSameInstance(next.baseUrl, merged.baseUrl)) ||
      (next.sudoUserId ?? merged.sudoUserId) !== merged.sudoUserId;
    if (contradicts) throw new UnknownScopeError(scopes.join(' '));
    wanted = merged;
  }
  return wanted;
}

/** Whether every scope asked for holds for the account. */
export function satisfies({ id, baseUrl, user, sudo }: Account, wanted: Wanted): boolean {
  return (
    (wanted.account === undefined || wanted.account.id === id) &&
    (wanted.baseUrl === undefined || isSameInstance(wanted.baseUrl, baseUrl)) &&
    (wanted.sudoUserId === undefined || (sudo !== undefined && wanted.sudoUserId === user.id))
  );
}

/** Whether two base URLs name one instance: they are the same, or differ in which of the usual ports they name. */
export function isSameInstance(one: string, other: string | undefined): boolean {
  return (
    other !== undefined && (one === other || withoutUsualPort(one) === withoutUsualPort(other))
  );
}

/** A key for all base URLs that name the instance. */
export function withoutUsualPort(baseUrl: string): string {
  const url = new URL(baseUrl);
  if (url.protocol === 'https:' && USUAL_PORTS.includes(url.port)) url.port = '';
  return url.origin;
}

/** The narrowest scopes that hold for an account. */
export function scopesOf({ baseUrl, user, sudo }: Account): string[] {
  return sudo ? [baseUrl, SUDO + user.id] : [baseUrl];
}

function parseScope(scope: string): Wanted {
  if (/^sudo:[^\s:]+$/.test(scope)) return { sudoUserId: userIdOf(scope.slice(SUDO.length)) };
  if (!/^https?:\/\//.test(scope)) throw new UnknownScopeError(scope);
  try {
    return { baseUrl: parseBaseUrl(scope) };
  } catch (error) {
    if (error instanceof InvalidInstanceError) throw new UnknownScopeError(scope);
    throw error;
  }
}
