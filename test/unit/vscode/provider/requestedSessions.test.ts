import assert from 'node:assert/strict';
import type { Account } from '../../../../src/accounts/account';
import type { Accounts } from '../../../../src/accounts/accounts';
import { RequestedSessions } from '../../../../src/vscode/provider/requestedSessions';
import { MINUTE, setUp } from '../../accounts/harness';

/** Much shorter limits than in the running extension. */
const PATIENCE = { forOthers: 500, inAll: 1000 };

describe('a session that an extension has requested', () => {
  const harness = setUp();
  let accounts: Accounts;
  let requests: RequestedSessions;
  let grace: Account;
  let ada: Account;
  beforeEach(async () => {
    accounts = await harness.openWindow();
    requests = new RequestedSessions(accounts, () => assert.fail('Nobody is asked.'), PATIENCE);
    grace = await harness.login(accounts, 'Grace Hopper');
    ada = await harness.login(accounts, 'Ada');
    harness.now += 61 * MINUTE;
  });

  /** Holds back the next token, until the user has done something. @returns what the extension gets */
  const meanwhile = async (scopes: readonly string[], userDoes: () => Promise<unknown>) => {
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => (release = resolve));
    harness.looker.fault({ path: '/login', times: 1, kind: { is: 'held', until } });
    const asked = requests.sessionsFor(scopes, undefined);
    await userDoes();
    release();
    return (await asked).sessions.map(({ account }) => account.id);
  };

  const choices: [what: string, scopes: () => string[]][] = [
    ['no scopes', () => []],
    ['an instance', () => [harness.looker.baseUrl]],
  ];
  for (const [what, scopes] of choices) {
    it(`with ${what} is the account that is active by then`, async () => {
      assert.deepEqual(await meanwhile(scopes(), () => accounts.activate(grace.id)), [grace.id]);
    });

    it(`with ${what} isn't of an account that was logged out in the meantime`, async () => {
      assert.deepEqual(await meanwhile(scopes(), () => accounts.logout([ada.id])), [grace.id]);
    });

    it(`with ${what} doesn't fail because of an account that is no longer active`, async () => {
      const back = harness.looker.fault({ path: '/login', times: 1, kind: { is: 'reset' } });
      const asked = requests.sessionsFor(scopes(), undefined);
      await accounts.activate(grace.id);
      const { sessions } = await asked;
      back();
      assert.deepEqual(
        sessions.map(({ account }) => account.id),
        [grace.id],
      );
    });
  }
});
