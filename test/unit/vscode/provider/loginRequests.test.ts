import assert from 'node:assert/strict';
import type { Accounts } from '../../../../src/accounts/accounts';
import type { AccountStatus } from '../../../../src/accounts/accountStatus';
import { Emitter } from '../../../../src/base/emitter';
import { NO_CHANGE, type AccountsChange } from '../../../../src/accounts/memory/announcements';
import { LoginRequests } from '../../../../src/vscode/provider/loginRequests';
import type { SessionRequest } from '../../../../src/vscode/provider/scopes';
import { StandInLooker } from '../../../standIn/standInLooker';
import { ADA } from '../../../support/accountStatus';
import { MemoryMemento } from '../../../support/memoryMemento';
import { MemorySecrets } from '../../../support/memorySecrets';
import { openAccounts } from '../../../support/openAccounts';

describe('a login that another extension waits for', () => {
  let accounts: Accounts;
  let looker: StandInLooker;
  let baseUrl: string;
  /** The requests that the user was prompted for. */
  let prompted: SessionRequest[];
  beforeEach(async () => {
    accounts = await openAccounts(new MemorySecrets(), new MemoryMemento());
    looker = await StandInLooker.start();
    ({ baseUrl } = looker);
    prompted = [];
  });
  afterEach(async () => {
    accounts.dispose();
    await looker.stop();
  });
  const logInAsAda = () => accounts.login({ baseUrl, apiVersion: '4.0' }, looker.apiKeyOf('Ada'));
  const logsInAsAda = (wanted: SessionRequest) => {
    prompted.push(wanted);
    return logInAsAda();
  };

  it("times out if the user doesn't respond, and doesn't block later ones", async () => {
    const wanted: unknown[] = [];
    const walksAway = () => new Promise<never>((_resolve) => wanted.push(_resolve));
    const requests = new LoginRequests(accounts, walksAway, { longestMs: 20 });
    const asked = [requests.ask({}), requests.ask({ sudoUserId: '3' }), requests.ask({})];
    for (const request of asked) await assert.rejects(request, /The login timed out/);
    assert.equal(wanted.length, 2);
    await assert.rejects(requests.ask({}), /The login timed out/);
    assert.equal(wanted.length, 3);
  });

  it('gets the account that another request has brought in the meantime, if it matches', async () => {
    const requests = new LoginRequests(accounts, logsInAsAda);
    const [first, second] = await Promise.all([requests.ask({}), requests.ask({ baseUrl })]);
    assert.deepEqual(second, first);
    assert.deepEqual(prompted, [{}]);
  });

  it('gets the account that just logged in for another request, but not one from earlier', async () => {
    let now = 0;
    const requests = new LoginRequests(accounts, logsInAsAda, { now: () => now });
    const ada = await requests.ask({});
    assert.deepEqual([await requests.ask({}), await requests.ask({ baseUrl })], [ada, ada]);
    assert.deepEqual(prompted, [{}]);
    await requests.ask({ sudoUserId: '3' });
    assert.deepEqual(prompted, [{}, { sudoUserId: '3' }]);
    now += 1000;
    await requests.ask({ baseUrl });
    assert.deepEqual(prompted, [{}, { sudoUserId: '3' }, { baseUrl }]);
  });

  it("for one account doesn't get another account that just logged in", async () => {
    const requests = new LoginRequests(accounts, logsInAsAda, { now: () => 0 });
    const ada = await requests.ask({});
    const grace = { ...ada, id: `${baseUrl}#2` };
    assert.equal(await requests.ask({ baseUrl, account: ada }), ada);
    await requests.ask({ baseUrl, account: grace });
    assert.deepEqual(prompted, [{}, { baseUrl, account: grace }]);
  });

  it("doesn't get the account that just came for an instance if another one is active", async () => {
    const elsewhere = await StandInLooker.start();
    try {
      const requests = new LoginRequests(accounts, logsInAsAda, { now: () => 0 });
      await requests.ask({ baseUrl });
      const target = { baseUrl: elsewhere.baseUrl, apiVersion: '4.0' as const };
      const other = await accounts.login(target, elsewhere.apiKeyOf('Ada'));
      assert.equal(accounts.active?.account.id, other.id);
      await requests.ask({ baseUrl });
      assert.deepEqual(prompted, [{ baseUrl }]);
      await requests.ask({});
      assert.deepEqual(prompted, [{ baseUrl }, {}]);
    } finally {
      await elsewhere.stop();
    }
  });

  it('shares a prompt for the usual ports of one host', async () => {
    const never = (wanted: SessionRequest) => {
      prompted.push(wanted);
      return new Promise<never>(() => undefined);
    };
    const requests = new LoginRequests(accounts, never, { longestMs: 20 });
    const urls = ['https://acme.looker.com', 'https://acme.looker.com:19999'];
    const asked = urls.map((url) => requests.ask({ baseUrl: url }));
    for (const request of asked) await assert.rejects(request, /The login timed out/);
    assert.equal(prompted.length, 1);
  });

  it("doesn't wait for another prompt if its account matches", async () => {
    const elsewhere = { baseUrl: 'https://elsewhere.looker.com' };
    const requests = new LoginRequests(accounts, () => new Promise(() => undefined), {
      longestMs: 1000,
    });
    const walkedAwayFrom = requests.ask(elsewhere);
    const waiting = requests.ask({ baseUrl });
    const ada = await logInAsAda();
    assert.deepEqual(await waiting, ada);
    await assert.rejects(walkedAwayFrom, /The login timed out/);
  });

  it("ignores an account that works again, but that the scopes don't lead to", async () => {
    const status = (id: string): AccountStatus => ({
      ...ADA,
      account: { ...ADA.account, id },
      canRenew: false,
    });
    const [ada, grace] = [
      status('https://acme.cloud.looker.com#1'),
      status('https://acme.cloud.looker.com#2'),
    ];
    const changes = new Emitter<AccountsChange>();
    const stub = {
      statuses: () => [ada, grace],
      list: [ada.account, grace.account],
      active: ada,
      currentOn: () => ada.account,
      onDidChange: changes.event,
    } as unknown as Accounts;
    const requests = new LoginRequests(stub, () => new Promise(() => undefined));
    const asked = [requests.ask({}), requests.ask({ baseUrl: ada.account.baseUrl })];
    changes.fire({ ...NO_CHANGE, renewed: [grace.account] });
    changes.fire({ ...NO_CHANGE, renewed: [ada.account] });
    assert.deepEqual(
      (await Promise.all(asked)).map(({ id }) => id),
      [ada.account.id, ada.account.id],
    );
  });
});
