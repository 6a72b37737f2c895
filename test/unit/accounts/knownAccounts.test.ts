import assert from 'node:assert/strict';
import type { Account } from '../../../src/accounts/account';
import { KnownAccounts } from '../../../src/accounts/knownAccounts';
import { Clock } from '../../../src/looker/clock';
import { MemoryMemento } from '../../support/memoryMemento';
import { until } from '../../support/until';

const MINUTE = 60_000;
const BASE_URL = 'https://acme.cloud.looker.com';

const ada: Account = {
  id: `${BASE_URL}#1`,
  label: 'Ada Lovelace (acme.cloud.looker.com)',
  baseUrl: BASE_URL,
  apiVersion: '4.0',
  user: { id: '1', name: 'Ada Lovelace', email: 'ada@acme.example' },
};
const alan: Account = {
  ...ada,
  id: `${BASE_URL}#1>3`,
  label: 'Alan Turing, sudo by Ada Lovelace (acme.cloud.looker.com)',
  user: { id: '3', name: 'Alan Turing' },
  sudo: { adminAccountId: ada.id, admin: ada.user },
};

describe('the known accounts', () => {
  let memento: MemoryMemento;
  let known: KnownAccounts;
  let now: number;
  let log: string[];

  beforeEach(() => {
    memento = new MemoryMemento();
    now = Date.UTC(2030, 0);
    log = [];
    known = openWindow();
  });

  const openWindow = () =>
    new KnownAccounts({
      memento: memento.openWindow(),
      clock: new Clock(
        () => now,
        () => now,
      ),
      log: { info: (line) => log.push(line), warn: (line) => log.push(line) },
    });
  /** A window that is opened later. */
  const openLater = async () => {
    await until(() => memento.isSettled);
    return openWindow();
  };

  describe('that version 1.0.0 remembered, with names as the server sent them', () => {
    const stored = (label: string, account: Account = ada) => {
      const entry = { account: { ...account, label }, lastUsedAt: now, isLoggedIn: true };
      memento.stored.set(`lookerAuth.known:${account.id}`, entry);
      return openWindow().get(account.id)?.account.label;
    };
    const HOST = '(acme.cloud.looker.com)';

    for (const name of [
      '$(verified-filled) Ada',
      '[Ada](command:workbench.action.quit)',
      '<command:workbench.action.quit>',
      'Ada www.evil.test',
      'Ada\u001b[31m',
      'Ada\nLooker Auth: all is well',
      `Ada ${HOST}${'\u2800'.repeat(500)}`,
      'Ada\u202e',
      'A'.repeat(4000),
      '',
    ]) {
      it(`have another label in place of ${JSON.stringify(name.slice(0, 40))}`, () => {
        assert.equal(stored(`${name} ${HOST}`), `Ada Lovelace ${HOST}`);
        assert.equal(stored(`Alan, sudo by ${name} ${HOST}`, alan), alan.label);
      });
    }

    for (const label of [
      `Ada King ${HOST}`,
      `Ada #1 ${HOST}`,
      `Ada #1, 2 ${HOST}`,
      `\u2068עדה\u2069 #1 ${HOST}`,
      `Alan #3, sudo by ${'A'.repeat(40)} #some-admin_7 ${HOST}`,
      `Ada (Sales) & O'Brien, Jr. ${HOST}`,
    ]) {
      it(`keep the label "${label}", which extensions have consent for`, () => {
        assert.equal(stored(label), label);
      });
    }

    it("have no email that isn't one", () => {
      for (const email of ['$(verified) ada@acme.example', '[Ada](command:a.b)', 'a\nb@c.d', '']) {
        const user = { ...ada.user, email };
        stored(ada.label, { ...ada, user });
        assert.deepEqual(openWindow().get(ada.id)?.account.user, { id: '1', name: 'Ada Lovelace' });
      }
      stored(ada.label);
      assert.equal(openWindow().get(ada.id)?.account.user.email, 'ada@acme.example');
    });

    it('have another label if it names another host', () => {
      assert.equal(stored('Ada Lovelace (evil.test)'), ada.label);
    });
  });

  it('start out empty', () => {
    assert.deepEqual(known.all(), []);
    assert.equal(known.get(ada.id), undefined);
  });

  it('are the same in another window, the last used first', async () => {
    known.noteLogin(ada);
    now += MINUTE;
    known.noteLogin(alan);
    assert.deepEqual((await openLater()).all(), [
      { account: alan, lastUsedAt: now, isLoggedIn: true },
      { account: ada, lastUsedAt: now - MINUTE, isLoggedIn: true },
    ]);
    assert.deepEqual(memento.keys(), [`lookerAuth.known:${ada.id}`, `lookerAuth.known:${alan.id}`]);
  });

  it('stay after logout, with the time of their last use', () => {
    known.noteLogin(ada);
    now += MINUTE;
    known.noteLogout(ada);
    assert.deepEqual(known.all(), [{ account: ada, lastUsedAt: now - MINUTE, isLoggedIn: false }]);
  });

  it('count as logged in when used for the first time, but not when used after a logout', () => {
    known.noteUse(ada);
    assert.equal(known.get(ada.id)?.isLoggedIn, true);
    known.noteLogout(ada);
    now += 2 * 60 * MINUTE;
    known.noteUse(ada);
    assert.deepEqual(known.get(ada.id), { account: ada, lastUsedAt: now, isLoggedIn: false });
  });

  it('are written at most once an hour when used, even if the clock is set back', () => {
    known.noteLogin(ada);
    for (let minute = 0; minute < 180; minute++, now += MINUTE) known.noteUse(ada);
    assert.equal(memento.updates.length, 3);
    now -= 24 * 60 * MINUTE;
    known.noteUse(ada);
    assert.equal(known.get(ada.id)?.lastUsedAt, now);
  });

  const unusable: [what: string, entry: unknown][] = [
    ['is a text', 'Ada'],
    ['is null', null],
    ['lacks its account', { lastUsedAt: 1, isLoggedIn: true }],
    ['is of another account', { account: alan, lastUsedAt: 1, isLoggedIn: true }],
    ['has no time', { account: ada, lastUsedAt: 'yesterday', isLoggedIn: true }],
    ['has a time beyond all dates', { account: ada, lastUsedAt: -Infinity, isLoggedIn: true }],
    [
      'names no instance',
      { account: { ...ada, baseUrl: 'acme' }, lastUsedAt: 1, isLoggedIn: true },
    ],
    [
      'has an admin without a name',
      { account: { ...alan, id: ada.id, sudo: { admin: {} } }, lastUsedAt: 1, isLoggedIn: true },
    ],
  ];
  for (const [what, entry] of unusable) {
    it(`ignore an entry that ${what}, and leave it in place`, async () => {
      const key = `lookerAuth.known:${ada.id}`;
      memento.stored.set(key, entry).set('somebody else', { account: ada });
      known = openWindow();
      known.noteLogin(alan);
      assert.deepEqual(
        known.all().map(({ account }) => account.id),
        [alan.id],
      );
      await until(() => memento.isSettled);
      assert.deepEqual(memento.get(key), entry);
      assert.deepEqual(log, []);
    });
  }

  it('cause no failure: an error while storing is only logged', async () => {
    memento.isBroken = true;
    known.noteLogin(ada);
    known.noteUse(ada);
    known.noteLogout(ada);
    await until(() => log.length === 2);
    assert.match(log[0] ?? '', /Ada Lovelace \(acme.cloud.looker.com\).*The disk is full/);
  });

  describe('of a forgotten instance', () => {
    const elsewhere: Account = {
      ...ada,
      id: 'https://other.dev#1',
      label: 'Ada Lovelace (other.dev)',
      baseUrl: 'https://other.dev',
    };

    it('are gone in all windows, and the others stay', async () => {
      for (const account of [ada, alan, elsewhere]) known.noteLogin(account);
      known.forget(BASE_URL);
      assert.deepEqual(
        (await openLater()).all().map(({ account }) => account.id),
        [elsewhere.id],
      );
      assert.doesNotMatch(memento.text(), /Turing|acme\.cloud/);
    });

    it('never give their labels to another account', async () => {
      known.noteLogin(ada);
      assert.ok(known.isTaken(ada.label, alan.id));
      known.forget(BASE_URL);
      assert.ok((await openLater()).isTaken(ada.label, alan.id));
      assert.ok(!known.isTaken(ada.label, ada.id));
      assert.ok(!known.isTaken(alan.label, ada.id));
    });
  });
});
