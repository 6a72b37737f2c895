import assert from 'node:assert/strict';
import { CanceledError } from '../../../src/looker/errors/expectedError';
import { ApiKeyRefusedError } from '../../../src/looker/errors/refusal';
import { ServerError } from '../../../src/looker/errors/response';
import { MemoryMemento } from '../../support/memoryMemento';
import { until } from '../../support/until';
import { announced, labels, MINUTE, setUp } from './harness';

describe('a login', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, login, target, host, asked } = harness;

  it('verifies the key and its user before saving', async () => {
    const accounts = await openWindow();
    const events = announced(accounts);
    const account = await login(accounts, 'Ada');
    assert.equal(account.label, `Ada Lovelace (${host()})`);
    assert.deepEqual(
      harness.looker.requests.map(({ method, path }) => `${method} ${path}`),
      ['POST /api/4.0/login', 'GET /api/4.0/user'],
    );
    assert.deepEqual(events, ['added Ada Lovelace']);
    assert.equal(accounts.active?.account.id, account.id);
    assert.deepEqual(labels(await openWindow()), [account.label]);
  });

  it('shows that it is in progress', async () => {
    const accounts = await openWindow();
    const seen: boolean[] = [];
    accounts.onDidChange(() => seen.push(accounts.isLoggingIn));
    await login(accounts, 'Ada');
    assert.equal(seen[0], true);
    await until(() => seen.at(-1) === false);
  });

  it('saves nothing if the key is rejected', async () => {
    const accounts = await openWindow();
    const key = { clientId: 'wrong', clientSecret: 'wrong' };
    await assert.rejects(accounts.login(target(), key), ApiKeyRefusedError);
    assert.deepEqual(accounts.statuses(), []);
    assert.equal(harness.secrets.stored.size, 0);
  });

  it("revokes its token if it can't find out the user", async () => {
    const accounts = await openWindow();
    harness.looker.fault({ path: '/user', kind: { is: 'html', status: 502 } });
    await assert.rejects(login(accounts, 'Ada'), ServerError);
    await until(() => harness.looker.liveTokens().length === 0);
    assert.equal(harness.secrets.stored.size, 0);
  });

  it('leaves nothing behind when canceled, not even on the server', async () => {
    const accounts = await openWindow();
    harness.looker.fault({ path: '/user', kind: { is: 'slow', ms: 200 } });
    const cancel = new AbortController();
    const login = accounts.login(target(), harness.looker.apiKeyOf('Ada'), cancel.signal);
    await until(() => asked('/user').length === 1);
    cancel.abort();
    await assert.rejects(login, CanceledError);
    await until(() => harness.looker.liveTokens().length === 0);
    assert.equal(harness.secrets.stored.size, 0);
  });

  it('as the same user replaces key and token, and keeps ID and label', async () => {
    const accounts = await openWindow();
    const events = announced(accounts);
    const first = await login(accounts, 'Ada');
    const second = await login(accounts, 'Ada');
    assert.deepEqual(second, first);
    assert.equal(accounts.statuses().length, 1);
    assert.deepEqual(events, ['added Ada Lovelace', 'renewed Ada Lovelace']);
  });

  /** Adds another Ada Lovelace, and returns her key. */
  const addNamesake = () => {
    const ada = { id: 9, firstName: 'Ada', lastName: 'Lovelace', roles: [] };
    return harness.looker.addPerson({ ...ada, apiKey: true }).apiKey ?? assert.fail();
  };

  it('distinguishes users with the same name', async () => {
    const other = addNamesake();
    const { accounts } = await openWindowOf('Ada');
    await accounts.login(target(), other);
    assert.deepEqual(labels(accounts), [`Ada Lovelace (${host()})`, `Ada Lovelace #9 (${host()})`]);
  });

  it("never reuses another account's label, and gives each account its earlier label again", async () => {
    const other = addNamesake();
    const { accounts, account: first } = await openWindowOf('Ada');
    await accounts.logout([first.id]);
    const later = await openWindow();
    const second = await later.login(target(), other);
    assert.equal(second.label, `Ada Lovelace #9 (${host()})`);
    await later.logout([second.id]);
    assert.equal((await login(later, 'Ada')).label, first.label);
    assert.equal((await later.login(target(), other)).label, second.label);
  });

  it('never reuses the label of a forgotten account', async () => {
    const other = addNamesake();
    const { accounts, account: first } = await openWindowOf('Ada');
    accounts.forgetInstance(harness.looker.baseUrl);
    assert.equal(accounts.known.length, 1, 'forgotten while logged in');
    await accounts.logout([first.id]);
    accounts.forgetInstance(harness.looker.baseUrl);
    assert.deepEqual(accounts.known, []);
    const second = await (await openWindow()).login(target(), other);
    assert.equal(second.label, `Ada Lovelace #9 (${host()})`);
    assert.equal((await login(await openWindow(), 'Ada')).label, first.label);
  });

  it('never reuses a label that another profile has given to another account', async () => {
    const other = addNamesake();
    const here = await openWindow();
    const first = await login(here, 'Ada');
    await here.logout([first.id]);
    const mementoHere = harness.memento;
    harness.memento = new MemoryMemento();
    const second = await (await openWindow()).login(target(), other);
    assert.equal(second.label, `Ada Lovelace #9 (${host()})`);
    harness.memento = mementoHere;
    assert.equal((await login(await openWindow(), 'Ada')).label, first.label);
  });

  it("never reuses another account's label, even after the secret storage was lost", async () => {
    const other = addNamesake();
    const { accounts, id } = await openWindowOf('Ada');
    await accounts.logout([id]);
    harness.secrets.stored.clear();
    const second = await (await openWindow()).login(target(), other);
    assert.equal(second.label, `Ada Lovelace #9 (${host()})`);
  });

  it('gives two users with the same name different labels if two windows log them in at once', async () => {
    const other = addNamesake();
    const [one, two] = [await openWindow(), await openWindow()];
    const goOn = harness.secrets.holdBack('lookerAuth.label:');
    const logins = Promise.all([login(one, 'Ada'), two.login(target(), other)]);
    await until(() => harness.secrets.waiting === 2);
    goOn();
    const [first, second] = await logins;
    assert.notEqual(first.label, second.label);
  });

  it("succeeds if it can't be remembered, and so does a logout", async () => {
    harness.memento.isBroken = true;
    const { accounts, id } = await openWindowOf('Ada');
    await accounts.session(id);
    assert.deepEqual(await accounts.logout([id]), []);
    await until(() => harness.log.filter((line) => line.includes('The disk is full')).length === 2);
  });
});

describe('a known account', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, login } = harness;

  it('is remembered after logout, without any secret', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    const sudo = await accounts.loginAs(admin, '3');
    const known = () =>
      accounts.known.map(({ account, isLoggedIn }) => [account.label, isLoggedIn]).sort();
    assert.deepEqual(known(), [
      [admin.label, true],
      [sudo.label, true],
    ]);
    await accounts.logout([admin.id]);
    assert.deepEqual(known(), [
      [admin.label, false],
      [sudo.label, false],
    ]);
    const { clientId, clientSecret } = harness.looker.apiKeyOf('Ada');
    const tokens = harness.looker.requests.flatMap(({ token }) => token ?? []);
    for (const secret of [clientId, clientSecret, ...tokens]) {
      assert.ok(!harness.memento.text().includes(secret));
    }
  });

  it('is sorted by last use, which is written at most once an hour', async () => {
    const { accounts, account: ada } = await openWindowOf('Ada');
    harness.now += MINUTE;
    const grace = await login(accounts, 'Grace Hopper');
    const order = () => accounts.known.map(({ account }) => account.id);
    assert.deepEqual(order(), [grace.id, ada.id]);
    harness.now += 40 * MINUTE;
    const written = harness.memento.updates.length;
    await accounts.session(ada.id);
    assert.equal(harness.memento.updates.length, written);
    harness.now += 20 * MINUTE;
    await accounts.session(ada.id);
    await accounts.session(ada.id);
    await accounts.activate(ada.id);
    assert.equal(harness.memento.updates.length, written + 1);
    assert.deepEqual(order(), [ada.id, grace.id]);
  });

  it("isn't added by reading", async () => {
    await login(await openWindow(), 'Ada');
    harness.memento = new MemoryMemento();
    const accounts = await openWindow();
    accounts.statuses();
    accounts.peek(accounts.active?.account.id ?? '');
    assert.deepEqual(harness.memento.updates, []);
  });
});
