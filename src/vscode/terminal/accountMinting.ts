import { Readable } from 'node:stream';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { Lease, Minting } from '../../broker/minting';
import { UnexpectedReplyError } from '../../looker/errors/response';
import type { FetchStream } from '../../looker/network/streams';
import type { Token } from '../../looker/api/token';

/** How the broker of a terminal gets tokens of an account. */
export function mintingOf(accounts: Accounts, account: Account, fetch: FetchStream): Minting {
  const { id } = account;
  const leaseOf = (token: Token): Lease => ({
    token: token.value,
    timeLeft: () => accounts.timeLeft({ account, token }),
  });
  const revoke = (token: string) => accounts.revoke(account, token);
  return {
    mint: async (workspace) => {
      const token = await accounts.mint(id);
      if (!token) return undefined;
      try {
        if (workspace === 'dev') await selectDev(fetch, account, token);
      } catch (error) {
        await revoke(token.value);
        throw error;
      }
      return leaseOf(token);
    },
    shared: async () => leaseOf((await accounts.session(id)).token),
    rejected: (token) => accounts.replaceRejected(id, token).catch(() => undefined),
    revoke,
  };
}

/** `PATCH /session`: puts a token into Development Mode. @throws UnexpectedReplyError where it is not in it afterwards */
async function selectDev(
  fetch: FetchStream,
  { baseUrl, apiVersion }: Account,
  { value }: Token,
): Promise<void> {
  const { status, body } = await fetch(`${baseUrl}/api/${apiVersion}/session`, {
    method: 'PATCH',
    headers: { authorization: `token ${value}`, 'content-type': 'application/json' },
    body: Readable.from([Buffer.from(JSON.stringify({ workspace_id: 'dev' }))]),
    signal: AbortSignal.timeout(30_000),
    redirect: 'manual',
    compress: false,
  });
  body?.on('error', () => undefined).resume();
  if (status !== 200) throw new UnexpectedReplyError(baseUrl, status, 'PATCH /session');
}
