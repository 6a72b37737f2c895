import { randomBytes } from 'node:crypto';
import { accountId, type Account } from '../src/accounts/account';
import { AccountStore } from '../src/accounts/store/accountStore';
import { KnownAccounts, type Memento } from '../src/accounts/knownAccounts';
import type { Secrets } from '../src/accounts/store/secrets';
import { Clock } from '../src/looker/clock';

/** An instance that gets no requests. */
export const NOWHERE = 'https://acme.looker.test';

const WEEK_MS = 7 * 24 * 60 * 60_000;

/**
 * Stores accounts from user `first` on, as logins would: each with its API key, and a token that is valid for a week.
 */
export async function storeAccounts(
  { secrets, memento }: { readonly secrets: Secrets; readonly memento: Memento },
  count: number,
  first = 1,
): Promise<void> {
  const store = new AccountStore(secrets);
  const known = new KnownAccounts({
    memento,
    clock: new Clock(Date.now, () => performance.now()),
    log: console,
  });
  for (let user = first; user < first + count; user++) {
    const account = accountOf(String(user));
    const issuedAt = Date.now();
    await store.write({
      account,
      login: `login-${user}`,
      credential: {
        kind: 'apiKey',
        clientId: randomBytes(10).toString('hex'),
        clientSecret: randomBytes(12).toString('hex'),
      },
      credentialChanges: 0,
      tokens: {
        production: {
          token: {
            value: randomBytes(20).toString('hex'),
            issuedAt,
            expiresAt: issuedAt + WEEK_MS,
            clockAhead: 0,
          },
          replaced: [],
        },
      },
    });
    known.noteLogin(account);
  }
  await store.writeActive([accountOf(String(first)).id]);
}

function accountOf(userId: string): Account {
  return {
    id: accountId(NOWHERE, userId),
    label: `Person ${userId} (acme.looker.test)`,
    baseUrl: NOWHERE,
    apiVersion: '4.0',
    user: { id: userId, name: `Person ${userId}`, email: `${userId}@acme.test` },
  };
}
