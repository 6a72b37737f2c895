import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { withoutUsualPort } from '../../looker/instance/host';

/** The role of the account that extensions get if they name neither instance nor account. */
const ACTIVE = 'active';

/** Tracks which accounts extensions get by default: see `accountsFor`. */
export class NewlyCurrent {
  private byRole: ReadonlyMap<string, Account>;

  constructor(private readonly accounts: Accounts) {
    this.byRole = rolesOf(accounts);
  }

  /** Accounts that have become the active one, or the current one of an instance, since the last call. */
  takeNew(): readonly Account[] {
    const before = this.byRole;
    this.byRole = rolesOf(this.accounts);
    const entered = [...this.byRole].filter(([role, { id }]) => before.get(role)?.id !== id);
    return [...new Map(entered.map(([, account]) => [account.id, account])).values()];
  }
}

function rolesOf(accounts: Accounts): ReadonlyMap<string, Account> {
  const roles = new Map<string, Account>();
  const { active, list } = accounts;
  if (active) roles.set(ACTIVE, active.account);
  for (const { baseUrl } of list) {
    const instance = withoutUsualPort(baseUrl);
    const current = roles.has(instance) ? undefined : accounts.currentOn(baseUrl);
    if (current) roles.set(instance, current);
  }
  return roles;
}
