import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Accounts } from '../../../../src/accounts/accounts';
import { AccountStore } from '../../../../src/accounts/store/accountStore';
import type { LiveAccount } from '../../../../src/accounts/memory/liveAccount';
import { ActiveAccounts } from '../../../../src/accounts/memory/activeAccounts';
import { StandInLooker } from '../../../standIn/standInLooker';
import { MemorySecrets } from '../../../support/memorySecrets';
import { until } from '../../../support/until';
import { setUp, turns } from '../harness';

describe('the current account of an instance', () => {
  const harness = setUp();
  let elsewhere: StandInLooker;
  let accounts: Accounts;

  beforeEach(async () => {
    elsewhere = await StandInLooker.start({ now: () => harness.now });
    accounts = await harness.openWindow();
  });
  afterEach(() => elsewhere.stop());

  const login = (looker: StandInLooker, name: string, window = accounts) =>
    window.login({ baseUrl: looker.baseUrl, apiVersion: '4.0' }, looker.apiKeyOf(name));
  const currentOn = ({ baseUrl }: StandInLooker, window = accounts) =>
    window.currentOn(baseUrl)?.user.name;
  const activeIn = (window: Accounts) => window.active?.account.user.name;

  it('is the one last active there, whatever is active elsewhere', async () => {
    const { looker } = harness;
    const ada = await login(looker, 'Ada');
    const grace = await login(looker, 'Grace Hopper');
    const other = await login(elsewhere, 'Ada');
    assert.equal(currentOn(looker), 'Grace Hopper');
    await accounts.activate(ada.id);
    assert.equal(currentOn(looker), 'Ada Lovelace');
    await accounts.activate(other.id);
    await accounts.activate(grace.id);
    await accounts.activate(other.id);
    assert.equal(activeIn(accounts), 'Ada Lovelace');
    assert.equal(currentOn(looker), 'Grace Hopper');
    assert.equal(currentOn(elsewhere), 'Ada Lovelace');
    assert.equal(accounts.currentOn('https://nowhere.looker.com'), undefined);
  });

  it('is the same in other windows, and in one that is opened later', async () => {
    const { looker } = harness;
    const neighbor = await harness.openWindow();
    const ada = await login(looker, 'Ada');
    await login(looker, 'Grace Hopper');
    await accounts.activate(ada.id);
    await login(elsewhere, 'Grace Hopper');
    await until(() => neighbor.list.length === 3 && activeIn(neighbor) === 'Grace Hopper');
    await until(() => currentOn(looker, neighbor) === 'Ada Lovelace');
    const later = await harness.openWindow();
    assert.equal(activeIn(later), 'Grace Hopper');
    assert.equal(currentOn(looker, later), 'Ada Lovelace');
  });

  it("keeps another window's choice for another instance", async () => {
    const { looker } = harness;
    const neighbor = await harness.openWindow();
    const ada = await login(looker, 'Ada');
    const grace = await login(looker, 'Grace Hopper');
    const other = await login(elsewhere, 'Ada');
    await until(() => neighbor.list.length === 3);
    harness.secrets.isMute = true;
    await accounts.activate(ada.id);
    await neighbor.activate(other.id);
    harness.secrets.isMute = false;
    const later = await harness.openWindow();
    assert.equal(later.active?.account.id, other.id);
    assert.equal(later.currentOn(looker.baseUrl)?.id, ada.id);
    assert.notEqual(later.currentOn(looker.baseUrl)?.id, grace.id);
  });

  it('is the admin again after acting has ended, active or not', async () => {
    const { looker } = harness;
    await login(looker, 'Grace Hopper');
    const ada = await login(looker, 'Ada');
    const alan = await accounts.loginAs(ada, '3');
    assert.equal(currentOn(looker), 'Alan Turing');
    await login(elsewhere, 'Grace Hopper');
    assert.equal(currentOn(looker), 'Alan Turing');
    await accounts.logout([alan.id]);
    assert.equal(currentOn(looker), 'Ada Lovelace');
    assert.equal(currentOn(looker, await harness.openWindow()), 'Ada Lovelace');
  });

  it('is active once the active account elsewhere is logged out, and no other in between', async () => {
    await login(harness.looker, 'Ada');
    await login(harness.looker, 'Grace Hopper');
    const other = await login(elsewhere, 'Ada');
    const neighbor = await harness.openWindow();
    const shown = new Set<unknown>();
    for (const window of [accounts, neighbor]) {
      window.onDidChange(() => shown.add(window.active?.account.id));
    }
    await accounts.logout([other.id]);
    await until(() => neighbor.list.length === 2);
    await turns();
    shown.delete(other.id);
    assert.deepEqual([...shown], [accounts.active?.account.id]);
    assert.equal(activeIn(accounts), 'Grace Hopper');
    assert.equal(activeIn(neighbor), 'Grace Hopper');
    assert.equal(activeIn(await harness.openWindow()), 'Grace Hopper');
  });

  it('leaves nothing behind with the last account', async () => {
    const ada = await login(harness.looker, 'Ada');
    const other = await login(elsewhere, 'Ada');
    await accounts.logout([ada.id]);
    assert.doesNotMatch(harness.secrets.stored.get('lookerAuth.active') ?? '', new RegExp(ada.id));
    await accounts.logout([other.id]);
    assert.equal(harness.secrets.stored.has('lookerAuth.active'), false);
  });

  it('is chosen in memory only while the secret storage fails, and stored later', async () => {
    const ada = await login(harness.looker, 'Ada');
    await login(harness.looker, 'Grace Hopper');
    const other = await login(elsewhere, 'Ada');
    harness.secrets.broken = ['get', 'store'];
    await accounts.activate(ada.id);
    await accounts.activate(other.id);
    assert.equal(currentOn(harness.looker), 'Ada Lovelace');
    harness.secrets.broken = [];
    await accounts.catchUp();
    const later = await harness.openWindow();
    assert.equal(later.active?.account.id, other.id);
    assert.equal(currentOn(harness.looker, later), 'Ada Lovelace');
  });
});

describe('the last active accounts', () => {
  const ids = [
    'https://a.test#1',
    'https://a.test#1>2',
    'https://a.test:19999#3',
    'https://b.test#1',
  ];
  const log = { info: () => undefined, warn: () => undefined };
  const step = fc.record({
    window: fc.nat(1),
    id: fc.constantFrom(...ids),
    what: fc.constantFrom('activate', 'activate', 'forget'),
  });

  it('are one per instance, and the same in all windows and the store, after any choices', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const store = new AccountStore(new MemorySecrets());
        const windows = [0, 1].map(() => new ActiveAccounts(store, log, () => undefined));
        const expected = new Map<string, string>();
        for (const { window, id, what } of steps) {
          const chosen = windows[window];
          assert.ok(chosen);
          const instance = id.startsWith('https://b') ? 'b' : 'a';
          await chosen.sync();
          if (what === 'activate') {
            await chosen.activate(id);
            expected.set(instance, id);
            assert.equal(chosen.id, id);
          } else {
            await chosen.forget([id]);
            if (expected.get(instance) !== id) continue;
            if (id.includes('>')) expected.set(instance, 'https://a.test#1');
            else expected.delete(instance);
          }
        }
        for (const window of windows) {
          await window.sync();
          assert.equal(window.idOn('https://a.test'), expected.get('a'));
          assert.equal(window.idOn('https://b.test'), expected.get('b'));
        }
        assert.equal((await store.readActive()).length, expected.size);
      }),
    );
  });

  it('are read only if they are accounts', async () => {
    const secrets = new MemorySecrets();
    secrets.stored.set('lookerAuth.active', ['', 'x', 'https://x', ids[3], '\\#1'].join('\n'));
    const active = new ActiveAccounts(new AccountStore(secrets), log, () => undefined);
    await active.sync();
    assert.equal(active.id, ids[3]);
    await active.activate(ids[0]);
    assert.equal(active.idOn('https://b.test'), ids[3]);
  });
});

describe('the displayed account', () => {
  const live = (id: string) => ({ record: { account: { id } } }) as LiveAccount;
  let active: ActiveAccounts;
  beforeEach(() => {
    active = new ActiveAccounts(
      new AccountStore(new MemorySecrets()),
      { info: () => undefined, warn: () => undefined },
      () => undefined,
    );
  });

  it('is the admin once the account that acts as a user is gone', async () => {
    const [first, admin] = [live('https://a.test#1'), live('https://a.test#2')];
    await active.activate('https://a.test#2>12');
    assert.equal(active.shown([first, admin]), admin);
  });

  it("is the previous choice while the last one's record can't be read", async () => {
    const [first, before] = [live('https://a.test#1'), live('https://b.test#1')];
    await active.activate('https://b.test#1');
    await active.activate('https://c.test#1');
    assert.equal(active.shown([first, before]), before);
  });
});
