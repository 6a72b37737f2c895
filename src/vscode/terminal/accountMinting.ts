import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { Lease, Minting } from '../../broker/minting';
import type { Token } from '../../looker/api/token';

/** How a terminal's broker gets an account's tokens. */
export function mintingOf(accounts: Accounts, account: Account): Minting {
  const { id } = account;
  const leaseOf = (token: Token): Lease => ({
    token: token.value,
    timeLeft: () => accounts.timeLeft({ account, token }),
  });
  return {
    mint: async (workspace) => {
      const token = await (await accounts.tokenRequests()).mint(id, workspace);
      return token && leaseOf(token);
    },
    shared: async () => leaseOf((await accounts.session(id)).token),
    rejected: (token) => accounts.replaceRejected(id, token).catch(() => undefined),
    revoke: (token) => accounts.revoke(account, token),
  };
}
