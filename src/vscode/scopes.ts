import * as l10n from '@vscode/l10n';
import type { Account } from '../accounts/account';
import { parseBaseUrl } from '../looker/baseUrl';
import { InvalidInstanceError } from '../looker/errors';
import { userIdOf } from '../looker/user';

/** What an extension asks of a session. Absent means it does not matter. */
export interface Wanted {
  readonly baseUrl?: string;
  readonly sudoUserId?: string;
}

/** A scope that means nothing here. Ignoring it would hand out more than was asked for. */
export class UnknownScopeError extends Error {
  override readonly name = 'UnknownScopeError';
  constructor(scope: string) {
    const shown = scope.length > LONGEST_SHOWN ? `${scope.slice(0, LONGEST_SHOWN)}…` : scope;
    super(
      l10n.t(
        'Looker Auth does not know the scope "{0}". A scope is an instance, such as "https://acme.cloud.looker.com", or "sudo:" with a user id.',
        shown,
      ),
    );
  }
}

/** The user has logged in, but as somebody for whom the scopes asked for do not hold. */
export class OtherAccountError extends Error {
  override readonly name = 'OtherAccountError';
  constructor({ label }: Account, scopes: readonly string[]) {
    super(l10n.t('{0} is not what was asked for: {1}.', label, scopes.join(' ')));
  }
}

const SUDO = 'sudo:';
const LONGEST_SHOWN = 100;

/** @throws UnknownScopeError, also where two scopes contradict each other */
export function parseScopes(scopes: readonly string[]): Wanted {
  let wanted: Wanted = {};
  for (const scope of scopes) {
    const next = parseScope(scope);
    const merged = { ...wanted, ...next };
    const contradicts =
      (wanted.baseUrl ?? merged.baseUrl) !== merged.baseUrl ||
      (wanted.sudoUserId ?? merged.sudoUserId) !== merged.sudoUserId;
    if (contradicts) throw new UnknownScopeError(scopes.join(' '));
    wanted = merged;
  }
  return wanted;
}

/** Whether every scope asked for holds for the account. */
export function satisfies({ baseUrl, user, sudo }: Account, wanted: Wanted): boolean {
  return (
    (wanted.baseUrl === undefined || wanted.baseUrl === baseUrl) &&
    (wanted.sudoUserId === undefined || (sudo !== undefined && wanted.sudoUserId === user.id))
  );
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
