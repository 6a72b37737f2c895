import { Readable } from 'node:stream';
import type { Account, Sudo } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { Lease, Minting } from '../../broker/minting';
import { TokenRejectedError } from '../../looker/errors/refusal';
import { UnexpectedReplyError } from '../../looker/errors/response';
import type { FetchStream } from '../../looker/network/streams';
import type { Token } from '../../looker/api/token';

/** How the broker of a terminal gets tokens of an account. */
export function mintingOf(accounts: Accounts, account: Account, fetch: FetchStream): Minting {
  const { id, sudo } = account;
  const api = accounts.apiOf(account);
  const leaseOf = (token: Token): Lease => ({
    token: token.value,
    timeLeft: () => accounts.timeLeft({ account, token }),
  });
  const revoke = (token: string) => api.logout(token).catch(() => undefined);
  const asUser = async ({ adminAccountId, associative }: Sudo): Promise<Token> => {
    const actAs = async () => {
      const { token } = await accounts.session(adminAccountId);
      try {
        return await api.loginAs(account.user.id, token.value, associative);
      } catch (error) {
        // The admin's own token may have been ended at Looker before its time.
        if (error instanceof TokenRejectedError) {
          await accounts.replaceRejected(adminAccountId, token.value);
        }
        throw error;
      }
    };
    return actAs().catch((error: unknown) => {
      if (error instanceof TokenRejectedError) return actAs();
      throw error;
    });
  };
  return {
    mint: async (workspace) => {
      // Who has been logged out meanwhile gets no other token.
      if (!accounts.peek(id)) await accounts.session(id);
      const token = sudo ? await asUser(sudo) : (await accounts.tryKey(id))?.token;
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
