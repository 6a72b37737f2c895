import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../looker/errors/expectedError';
import { parseBaseUrl } from '../../looker/instance/baseUrl';
import { cut, inertText } from '../../looker/inert';
import { InvalidInstanceError } from '../../looker/errors/input';
import { userIdOf } from '../../looker/api/user';
import { isSameInstance } from '../../looker/instance/host';
import { WORKSPACES } from '../../looker/workspace';
import { SUDO, WORKSPACE, type SessionRequest } from './scopes';

/** A scope without a meaning. Ignoring it could give an extension more than it requested. */
export class UnknownScopeError extends ExpectedError {
  override readonly name = 'UnknownScopeError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  constructor(scope: string) {
    super(
      l10n.t(
        'Looker Auth doesn\'t recognize the scope "{0}". Use an instance URL such as "https://acme.cloud.looker.com", "sudo:" with a user ID, "workspace:dev", or "workspace:production".',
        cut(inertText(scope), LONGEST_SHOWN),
      ),
    );
  }
}

/** `sudo:` with a user ID as Looker writes them. */
const SUDO_SCOPE = /^sudo:[A-Za-z\d][\w-]{0,63}$/;
const LONGEST_SHOWN = 100;

/** @throws UnknownScopeError, also if two scopes contradict each other */
export function parseScopes(scopes: readonly string[]): SessionRequest {
  let wanted: SessionRequest = {};
  for (const scope of scopes) {
    const next = parseScope(scope);
    // The first URL counts if two name the same instance.
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

function parseScope(scope: string): SessionRequest {
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
