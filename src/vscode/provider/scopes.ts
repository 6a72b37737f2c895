import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import { ExpectedError } from '../../looker/errors/expectedError';
import { parseBaseUrl } from '../../looker/instance/baseUrl';
import { cut, inertText } from '../../looker/inert';
import { InvalidInstanceError } from '../../looker/errors/input';
import { userIdOf } from '../../looker/api/user';
import { isSameInstance } from '../../looker/instance/host';
import { WORKSPACES, type Workspace } from '../../looker/workspace';

/** What an extension asks of a session. */
export interface Wanted {
  /** The instance; absent where it does not matter. */
  readonly baseUrl?: string;
  /** The user acted as; absent where it does not matter. */
  readonly sudoUserId?: string;
  /** The one account that will do; absent where another one may. */
  readonly account?: Account;
  /** Absent means `production`. */
  readonly workspace?: Workspace;
}

/** A scope that means nothing here. Ignoring it would hand out more than was asked for. */
export class UnknownScopeError extends ExpectedError {
  override readonly name = 'UnknownScopeError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  constructor(scope: string) {
    super(
      l10n.t(
        'Looker Auth does not know the scope "{0}". A scope is an instance, such as "https://acme.cloud.looker.com", "sudo:" with a user ID, "workspace:dev", or "workspace:production".',
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
const WORKSPACE = 'workspace:';
/** With an ID as Looker has them. */
const SUDO_SCOPE = /^sudo:[A-Za-z\d][\w-]{0,63}$/;
const LONGEST_SHOWN = 100;

/** @throws UnknownScopeError, also where two scopes contradict each other */
export function parseScopes(scopes: readonly string[]): Wanted {
  let wanted: Wanted = {};
  for (const scope of scopes) {
    const next = parseScope(scope);
    // The first one named counts, where two name the same instance.
    const merged = { ...next, ...wanted };
    const contradicts =
      (next.baseUrl !== undefined &&
        !isSameInstance(next.baseUrl, merged.baseUrl ?? next.baseUrl)) ||
      (next.sudoUserId ?? merged.sudoUserId) !== merged.sudoUserId ||
      (next.workspace ?? merged.workspace) !== merged.workspace;
    if (contradicts) throw new UnknownScopeError(scopes.join(' '));
    wanted = merged;
  }
  return wanted;
}

/** The narrowest scopes that hold for an account's session. */
export function scopesOf({ baseUrl, user, sudo }: Account, workspace?: Workspace): string[] {
  return [
    baseUrl,
    ...(sudo ? [SUDO + user.id] : []),
    ...(workspace === 'dev' ? [WORKSPACE + workspace] : []),
  ];
}

function parseScope(scope: string): Wanted {
  if (SUDO_SCOPE.test(scope)) return { sudoUserId: userIdOf(scope.slice(SUDO.length)) };
  const workspace = WORKSPACES.find((known) => scope === WORKSPACE + known);
  if (workspace) return { workspace };
  if (!/^https?:\/\/\S+$/.test(scope)) throw new UnknownScopeError(scope);
  try {
    return { baseUrl: parseBaseUrl(scope) };
  } catch (error) {
    if (error instanceof InvalidInstanceError) throw new UnknownScopeError(scope);
    throw error;
  }
}
