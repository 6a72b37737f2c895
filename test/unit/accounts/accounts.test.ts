import assert from 'node:assert/strict';
import { Accounts } from '../../../src/accounts/accounts';
import { serverClocks } from '../../../src/looker/clock';
import { AccountStore, NewerAccountError } from '../../../src/accounts/accountStore';
import type { AccountsChange } from '../../../src/accounts/accountBook';
import { Heartbeat } from '../../../src/accounts/heartbeat';
import {
  LoggedOutError,
  LoginNeededError,
  needsLogin,
  TokenAcceptedError,
} from '../../../src/accounts/errors';
import type { RenewalMode } from '../../../src/accounts/renewals';
import {
  ApiKeyRefusedError,
  CancelledError,
  NotLookerApiError,
  ServerError,
  SudoMismatchError,
  SudoRefusedError,
  TimeoutError,
  TokenRejectedError,
  UnreachableError,
} from '../../../src/looker/errors';
import { StandInLooker } from '../../standIn/standInLooker';
import { lookerApi } from '../../support/lookerApi';
import { MemoryMemento } from '../../support/memoryMemento';
import { MemorySecrets } from '../../support/memorySecrets';
import { SimulatedTimers } from '../../support/simulatedTimers';
import { until } from '../../support/until';

const MINUTE = 60_000;

describe('who is logged in', () => {
  let looker: StandInLooker;
  let secrets: MemorySecrets;
  let memento: MemoryMemento;
  /** The server's time. */
  let now: number;
  /** How far this machine's clock is ahead of it. */
  let wrongBy: number;
  /** How long this machine has slept. */
  let asleep: number;
  let log: string[];
  let renewal: RenewalMode;
  const windows: Accounts[] = [];

  beforeEach(async () => {
    now = Date.now();
    wrongBy = asleep = 0;
    log = [];
    renewal = 'onUse';
    secrets = new MemorySecrets();
    memento = new MemoryMemento();
    looker = await StandInLooker.start({ now: () => now });
  });
  afterEach(async () => {
    for (const window of windows.splice(0)) window.dispose();
    await looker.stop();
  });

  /** Another window of the same VS Code. */
  const openWindow = async ({ isFocused = true, random = 0.5 } = {}) => {
    const clock = { now: () => now + wrongBy, uptime: () => now - asleep };
    const serverClock = serverClocks(clock);
    const accounts = await Accounts.open({
      store: new AccountStore(secrets),
      memento,
      connect: (baseUrl, apiVersion) =>
        lookerApi(baseUrl, {
          apiVersion,
          timeoutMs: 1000,
          clock,
          serverClock: serverClock(baseUrl),
        }),
      renewal: () => renewal,
      isFocused: () => isFocused,
      clock,
      serverClock,
      random: () => random,
      pause: () => Promise.resolve(),
      log: { info: (line) => log.push(line), warn: (line) => log.push(line) },
    });
    windows.push(accounts);
    return accounts;
  };
  const target = () => ({ baseUrl: looker.baseUrl, apiVersion: '4.0' as const });
  const login = (accounts: Accounts, name: string) =>
    accounts.login(target(), looker.apiKeyOf(name));
  const asked = (path: string) => looker.requests.filter((request) => request.path.endsWith(path));
  const labels = (accounts: Accounts) => accounts.all().map(({ account }) => account.label);
  const host = () => new URL(looker.baseUrl).host;
  const giveNewKey = () => {
    looker.removePerson('Ada');
    const ada = { id: 1, firstName: 'Ada', lastName: 'Lovelace', roles: ['admin'] as const };
    looker.addPerson({ ...ada, apiKey: true });
  };
  const announced = (accounts: Accounts) => {
    const lines: string[] = [];
    accounts.onDidChange((change: AccountsChange) => {
      for (const kind of ['added', 'removed', 'renewed'] as const) {
        for (const { user } of change[kind]) lines.push(`${kind} ${user.name}`);
      }
    });
    return lines;
  };

  describe('a clock that is wrong', () => {
    const HOUR = 60 * MINUTE;
    const isAlive = (token: string) => looker.liveTokens().some(({ value }) => value === token);

    for (const hours of [-5, 5]) {
      it(`by ${hours} hours changes nothing`, async () => {
        wrongBy = hours * HOUR;
        const accounts = await openWindow();
        const { id } = await login(accounts, 'Ada');
        assert.equal(accounts.active?.timeLeft, HOUR);
        for (const window of [accounts, await openWindow()]) {
          assert.equal(window.active?.timeLeft, accounts.active.timeLeft);
          await window.session(id);
        }
        now += 58 * MINUTE;
        await accounts.session(id);
        await until(() => asked('/login').length === 2);
      });

      it(`and is set by ${hours} hours lets no dead token out`, async () => {
        const accounts = await openWindow();
        const { id } = await login(accounts, 'Ada');
        wrongBy = hours * HOUR;
        now += 61 * MINUTE;
        assert.ok(isAlive((await accounts.session(id)).token.value));
        assert.equal(accounts.active?.timeLeft, HOUR);
      });
    }

    it('and is set back while the machine sleeps is put right by the next answer', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      now += 50 * MINUTE;
      asleep += 50 * MINUTE;
      wrongBy = -2 * HOUR;
      await accounts.searchUsers(accounts.peek(id)?.account ?? assert.fail(), 'Ada');
      // To the second, as the server tells it.
      assert.equal(Math.round((accounts.active?.timeLeft ?? 0) / MINUTE), 10);
    });

    it('does not log out whose token is all they have: the server is asked the time first', async () => {
      const accounts = await openWindow();
      const { id } = await accounts.login(target(), looker.apiKeyOf('Ada'), undefined, {
        keepsKey: false,
      });
      wrongBy = 2 * HOUR;
      const window = await openWindow();
      window.renewDue();
      assert.equal(window.active?.isDue, false);
      assert.ok(isAlive((await window.session(id)).token.value));
      assert.ok(window.active.timeLeft > 59 * MINUTE);
      assert.equal(looker.requests.filter(({ path }) => path === '/versions').length, 1);
      now += 61 * MINUTE;
      await assert.rejects(window.session(id), LoginNeededError);
      assert.equal(window.active.isDue, true);
    });

    it('neither hastens nor holds up the next try after a failure', async () => {
      renewal = 'background';
      const accounts = await openWindow();
      await login(accounts, 'Ada');
      looker.fault({ kind: { is: 'reset' } });
      now += 56 * MINUTE;
      accounts.renewDue();
      await until(() => accounts.active?.failure !== undefined);
      wrongBy = -5 * HOUR;
      assert.equal(accounts.renewDue(), MINUTE);
      now += MINUTE;
      const before = looker.requests.length;
      accounts.renewDue();
      await until(() => looker.requests.length > before);
    });
  });

  describe('a secret storage that fails', () => {
    it('does not keep anybody from logging in: they are logged in here, and stored later', async () => {
      const accounts = await openWindow();
      secrets.broken = ['store'];
      const { id } = await login(accounts, 'Ada');
      await accounts.session(id);
      assert.match(
        accounts.storeFailure?.message ?? '',
        /keyring is locked. This log-in ends with/,
      );
      assert.deepEqual(labels(await openWindow()), []);
      await accounts.catchUp();
      assert.deepEqual(labels(accounts), [`Ada Lovelace (${host()})`]);
      secrets.broken = [];
      await accounts.catchUp();
      assert.equal(accounts.storeFailure, undefined);
      assert.deepEqual(labels(await openWindow()), labels(accounts));
    });

    it('has the log-in that another window could store', async () => {
      const accounts = await openWindow();
      secrets.broken = ['store'];
      const { id } = await login(accounts, 'Ada');
      secrets.broken = [];
      await login(await openWindow(), 'Ada');
      await until(() => accounts.storeFailure === undefined || accounts.isBehind);
      await accounts.catchUp();
      const stored = (await openWindow()).peek(id);
      assert.equal(accounts.peek(id)?.token.value, stored?.token.value);
    });

    it('is asked again until it tells who is logged in', async () => {
      await login(await openWindow(), 'Ada');
      for (const broken of ['keys', 'get'] as const) {
        secrets.broken = [broken];
        const accounts = await openWindow();
        assert.deepEqual(labels(accounts), []);
        assert.match(
          accounts.storeFailure?.message ?? '',
          /locked. Accounts stored in it are missing/,
        );
        secrets.broken = [];
        const heartbeat = new Heartbeat(accounts, new SimulatedTimers(() => now).set);
        await until(() => labels(accounts).length === 1);
        assert.equal(accounts.storeFailure, undefined);
        heartbeat.dispose();
      }
    });

    it('that says nothing of a change is looked at when the user comes back', async () => {
      const [one, other] = [await openWindow(), await openWindow()];
      secrets.isMute = true;
      const { id } = await login(one, 'Ada');
      await other.catchUp();
      assert.deepEqual(labels(other), labels(one));
      await other.logout([id]);
      await one.catchUp();
      assert.deepEqual(labels(one), []);
    });
  });

  describe('log-in', () => {
    it('verifies the key and whose it is, then keeps it', async () => {
      const accounts = await openWindow();
      const events = announced(accounts);
      const account = await login(accounts, 'Ada');
      assert.equal(account.label, `Ada Lovelace (${host()})`);
      assert.deepEqual(
        looker.requests.map(({ method, path }) => `${method} ${path}`),
        ['POST /api/4.0/login', 'GET /api/4.0/user'],
      );
      assert.deepEqual(events, ['added Ada Lovelace']);
      assert.equal(accounts.active?.account.id, account.id);
      assert.deepEqual(labels(await openWindow()), [account.label]);
    });

    it('shows that it is under way', async () => {
      const accounts = await openWindow();
      const seen: boolean[] = [];
      accounts.onDidChange(() => seen.push(accounts.isLoggingIn));
      await login(accounts, 'Ada');
      assert.equal(seen[0], true);
      assert.equal(seen.at(-1), false);
    });

    it('keeps nothing of a key that is refused', async () => {
      const accounts = await openWindow();
      const key = { clientId: 'wrong', clientSecret: 'wrong' };
      await assert.rejects(accounts.login(target(), key), ApiKeyRefusedError);
      assert.deepEqual(accounts.all(), []);
      assert.equal(secrets.stored.size, 0);
    });

    it('revokes the token it got when it cannot learn whose it is', async () => {
      const accounts = await openWindow();
      looker.fault({ path: '/user', kind: { is: 'html', status: 502 } });
      await assert.rejects(login(accounts, 'Ada'), ServerError);
      await until(() => looker.liveTokens().length === 0);
      assert.equal(secrets.stored.size, 0);
    });

    it('leaves nothing behind when it is cancelled, at Looker neither', async () => {
      const accounts = await openWindow();
      looker.fault({ path: '/user', kind: { is: 'slow', ms: 200 } });
      const cancel = new AbortController();
      const login = accounts.login(target(), looker.apiKeyOf('Ada'), cancel.signal);
      await until(() => asked('/user').length === 1);
      cancel.abort();
      await assert.rejects(login, CancelledError);
      await until(() => looker.liveTokens().length === 0);
      assert.equal(secrets.stored.size, 0);
    });

    it('again as the same user replaces key and token, and keeps id and label', async () => {
      const accounts = await openWindow();
      const events = announced(accounts);
      const first = await login(accounts, 'Ada');
      const second = await login(accounts, 'Ada');
      assert.deepEqual(second, first);
      assert.equal(accounts.all().length, 1);
      assert.deepEqual(events, ['added Ada Lovelace', 'renewed Ada Lovelace']);
    });

    it('tells people of the same name apart', async () => {
      looker.addPerson({ id: 9, firstName: 'Ada', lastName: 'Lovelace', roles: [], apiKey: true });
      const accounts = await openWindow();
      await login(accounts, 'Ada');
      const other = looker.people.find(({ id }) => id === 9)?.apiKey;
      assert.ok(other);
      await accounts.login(target(), other);
      assert.deepEqual(labels(accounts), [
        `Ada Lovelace (${host()})`,
        `Ada Lovelace #9 (${host()})`,
      ]);
    });

    it('gives nobody a label that another account has had, and everybody their own again', async () => {
      looker.addPerson({ id: 9, firstName: 'Ada', lastName: 'Lovelace', roles: [], apiKey: true });
      const accounts = await openWindow();
      const first = await login(accounts, 'Ada');
      await accounts.logout([first.id]);
      const other = looker.people.find(({ id }) => id === 9)?.apiKey;
      assert.ok(other);
      const later = await openWindow();
      const second = await later.login(target(), other);
      assert.equal(second.label, `Ada Lovelace #9 (${host()})`);
      await later.logout([second.id]);
      assert.equal((await login(later, 'Ada')).label, first.label);
      assert.equal((await later.login(target(), other)).label, second.label);
    });

    it('gives nobody the label of somebody who has been forgotten', async () => {
      looker.addPerson({ id: 9, firstName: 'Ada', lastName: 'Lovelace', roles: [], apiKey: true });
      const other = looker.people.find(({ id }) => id === 9)?.apiKey;
      assert.ok(other);
      const accounts = await openWindow();
      const first = await login(accounts, 'Ada');
      accounts.forgetInstance(looker.baseUrl);
      assert.equal(accounts.known.length, 1, 'forgotten while logged in');
      await accounts.logout([first.id]);
      accounts.forgetInstance(looker.baseUrl);
      assert.deepEqual(accounts.known, []);
      const second = await (await openWindow()).login(target(), other);
      assert.equal(second.label, `Ada Lovelace #9 (${host()})`);
      assert.equal((await login(await openWindow(), 'Ada')).label, first.label);
    });

    it('gives nobody the label that another profile has given to somebody else', async () => {
      looker.addPerson({ id: 9, firstName: 'Ada', lastName: 'Lovelace', roles: [], apiKey: true });
      const other = looker.people.find(({ id }) => id === 9)?.apiKey;
      assert.ok(other);
      const here = await openWindow();
      const first = await login(here, 'Ada');
      await here.logout([first.id]);
      const mementoHere = memento;
      memento = new MemoryMemento();
      const second = await (await openWindow()).login(target(), other);
      assert.equal(second.label, first.label);
      memento = mementoHere;
      assert.equal((await login(await openWindow(), 'Ada')).label, `Ada Lovelace #1 (${host()})`);
    });

    it('succeeds where it cannot be remembered, and so does log-out', async () => {
      memento.isBroken = true;
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      await accounts.session(id);
      assert.deepEqual(await accounts.logout([id]), []);
      await until(() => log.filter((line) => line.includes('The disk is full')).length === 2);
    });
  });

  describe('who was logged in', () => {
    it('is remembered after log-out, without any secret', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
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
      const { clientId, clientSecret } = looker.apiKeyOf('Ada');
      const tokens = looker.requests.flatMap(({ token }) => token ?? []);
      for (const secret of [clientId, clientSecret, ...tokens]) {
        assert.ok(!memento.text().includes(secret));
      }
    });

    it('comes in the order of last use, which is written once an hour at most', async () => {
      const accounts = await openWindow();
      const ada = await login(accounts, 'Ada');
      now += MINUTE;
      const grace = await login(accounts, 'Grace Hopper');
      const order = () => accounts.known.map(({ account }) => account.id);
      assert.deepEqual(order(), [grace.id, ada.id]);
      now += 40 * MINUTE;
      const written = memento.updates.length;
      await accounts.session(ada.id);
      assert.equal(memento.updates.length, written);
      now += 20 * MINUTE;
      await accounts.session(ada.id);
      await accounts.session(ada.id);
      await accounts.activate(ada.id);
      assert.equal(memento.updates.length, written + 1);
      assert.deepEqual(order(), [ada.id, grace.id]);
    });

    it('is not learned by reading', async () => {
      await login(await openWindow(), 'Ada');
      memento = new MemoryMemento();
      const accounts = await openWindow();
      accounts.all();
      accounts.peek(accounts.active?.account.id ?? '');
      assert.deepEqual(memento.updates, []);
    });
  });

  describe('an account that the secret storage forgot', () => {
    const lost = (accounts: Accounts) => accounts.lost.map(({ user }) => user.name).sort();
    const forget = (name: string) => {
      for (const [key, record] of secrets.stored) {
        if (record.includes(`"name":"${name}"`)) secrets.stored.delete(key);
      }
    };

    it('is lost, with those it acted as, until that has been told in one window', async () => {
      const before = await openWindow();
      const admin = await login(before, 'Ada');
      await before.loginAs(admin, '3');
      await login(before, 'Grace Hopper');
      assert.deepEqual(lost(before), []);
      forget('Ada Lovelace');
      const [one, two] = [await openWindow(), await openWindow()];
      assert.deepEqual(lost(one), ['Ada Lovelace', 'Alan Turing']);
      one.settleLost();
      for (const window of [one, two, await openWindow()]) assert.deepEqual(lost(window), []);
    });

    it('is not lost any more once its user has logged in again', async () => {
      await login(await openWindow(), 'Ada');
      secrets.stored.clear();
      const accounts = await openWindow();
      assert.deepEqual(lost(accounts), ['Ada Lovelace']);
      await login(accounts, 'Ada');
      assert.deepEqual(lost(accounts), []);
      assert.deepEqual(lost(await openWindow()), []);
    });

    it('is none that was logged out', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      await accounts.loginAs(admin, '3');
      await accounts.logout([admin.id]);
      assert.deepEqual(lost(await openWindow()), []);
    });

    it('is none whose record is damaged, and none of which the keyring says nothing now', async () => {
      const { id } = await login(await openWindow(), 'Ada');
      await login(await openWindow(), 'Grace Hopper');
      forget('Grace Hopper');
      secrets.broken = ['get'];
      assert.deepEqual(lost(await openWindow()), []);
      secrets.broken = [];
      secrets.stored.set(`lookerAuth.account:${id}`, '{"version":1');
      assert.deepEqual(lost(await openWindow()), ['Grace Hopper']);
      secrets.broken = ['keys'];
      assert.deepEqual(lost(await openWindow()), []);
    });

    it('is none that was logged out where it was still shown, readable or not', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      await accounts.loginAs(admin, '3');
      const { id } = await login(accounts, 'Grace Hopper');
      secrets.stored.set(`lookerAuth.account:${id}`, '{"version":1');
      const other = await openWindow();
      secrets.stored.clear();
      await other.logout([admin.id, id]);
      assert.deepEqual(lost(await openWindow()), []);
    });

    it('is none that was damaged before it was logged out', async () => {
      const { id } = await login(await openWindow(), 'Ada');
      secrets.stored.set(`lookerAuth.account:${id}`, '{"version":1');
      await (await openWindow()).logout([id]);
      assert.deepEqual(lost(await openWindow()), []);
    });
  });

  describe('acting as another user', () => {
    it('adds an account of its own under the admin', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      const sudo = await accounts.loginAs(admin, '3');
      assert.equal(sudo.label, `Alan Turing, sudo by Ada Lovelace (${host()})`);
      assert.deepEqual(labels(accounts), [admin.label, sudo.label]);
      assert.equal(accounts.active?.account.id, sudo.id);
      const { token } = await accounts.session(sudo.id);
      assert.equal((await lookerApi(looker.baseUrl).me(token.value)).name, 'Alan Turing');
    });

    it('is refused to whom Looker refuses it, and leaves them logged in as themselves', async () => {
      const accounts = await openWindow();
      const grace = await login(accounts, 'Grace Hopper');
      await assert.rejects(accounts.loginAs(grace, '3'), SudoRefusedError);
      assert.deepEqual(labels(accounts), [grace.label]);
    });

    it('asks Looker whether it agrees who acts as whom', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      await accounts.loginAs(admin, '3');
      assert.equal(asked('/session').length, 1);
    });

    const lies: [what: string, path: string, body: object, sentence: RegExp][] = [
      ['another user', '/user', { id: '9' }, /asked for user 3 and gave a token of user 9/],
      ['another admin', '/session', { sudo_user_id: 9 }, /user 9 who acts as user 3, not you/],
    ];
    for (const [what, path, body, sentence] of lies) {
      it(`keeps nothing where Looker then says it is ${what}, and ends the token`, async () => {
        const accounts = await openWindow();
        const admin = await login(accounts, 'Ada');
        looker.fault({ path, kind: { is: 'json', status: 200, body } });
        await assert.rejects(accounts.loginAs(admin, '3'), (error: Error) => {
          assert.ok(error instanceof SudoMismatchError);
          assert.match(error.message, sentence);
          return true;
        });
        assert.deepEqual(labels(accounts), [admin.label]);
        await until(() => looker.liveTokens().length === 1);
      });
    }

    it('goes on where Looker does not tell, and notes that', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      looker.fault({ path: '/session', kind: { is: 'html', status: 403 } });
      await accounts.loginAs(admin, '3');
      assert.ok(log.some((line) => line.includes('does not tell who acts as whom')));
    });

    it('takes an id with zeros before it for the same user', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      assert.equal((await accounts.loginAs(admin, '003')).user.name, 'Alan Turing');
    });

    it('keeps nothing when the admin logs out meanwhile', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      looker.fault({ path: '/user', kind: { is: 'slow', ms: 100 } });
      const sudo = accounts.loginAs(admin, '3');
      await until(() => asked('/user').length === 2);
      await accounts.logout([admin.id]);
      await assert.rejects(sudo, LoggedOutError);
      await until(() => looker.liveTokens().length === 0);
      assert.deepEqual(accounts.all(), []);
    });

    it('gets the admin a new token first, where theirs was revoked', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      looker.revokeTokens();
      await accounts.loginAs(admin, '3');
      assert.equal(asked('/login').length, 2);
      assert.equal(asked('/login/3').length, 2);
    });
  });

  describe('a session', () => {
    it('is answered without Looker while the token is good', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const before = looker.requests.length;
      now += 54 * MINUTE;
      await accounts.session(id);
      assert.equal(looker.requests.length, before);
    });

    it('renews an expired token once, however many ask', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const events = announced(accounts);
      now += 61 * MINUTE;
      const sessions = await Promise.all(Array.from({ length: 50 }, () => accounts.session(id)));
      assert.equal(asked('/login').length, 2);
      assert.equal(new Set(sessions.map(({ token }) => token.value)).size, 1);
      assert.deepEqual(events, ['renewed Ada Lovelace']);
    });

    it('hands out a token that is still good and renews it beside', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const old = accounts.peek(id)?.token.value;
      now += 56 * MINUTE;
      looker.fault({ path: '/login', kind: { is: 'slow', ms: 50 } });
      assert.equal((await accounts.session(id)).token.value, old);
      assert.ok(accounts.active?.isRenewing);
      await until(() => accounts.peek(id)?.token.value !== old);
    });

    it('of a sudo account renews through the admin, whose own token comes first', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      const sudo = await accounts.loginAs(admin, '3');
      now += 61 * MINUTE;
      const [a, b] = await Promise.all([accounts.session(sudo.id), accounts.session(sudo.id)]);
      assert.equal(a.token.value, b.token.value);
      assert.equal(asked('/login').length, 2);
      assert.equal(asked('/login/3').length, 2);
      assert.equal((await lookerApi(looker.baseUrl).me(a.token.value)).name, 'Alan Turing');
    });

    it('is kept through a network failure, which is told', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      now += 61 * MINUTE;
      const remove = looker.fault({ kind: { is: 'reset' } });
      await assert.rejects(accounts.session(id), UnreachableError);
      assert.ok(accounts.active?.failure instanceof UnreachableError);
      remove();
      now += 5000;
      await accounts.session(id);
      assert.equal(accounts.active.failure, undefined);
    });

    it('is told of the same failure for seconds: a loop of requests is none to Looker', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      now += 61 * MINUTE;
      looker.fault({ kind: { is: 'reset' } });
      await assert.rejects(accounts.session(id), UnreachableError);
      const before = looker.requests.length;
      for (let times = 0; times < 100; times++) {
        now += 49;
        await assert.rejects(accounts.session(id), UnreachableError);
      }
      assert.equal(looker.requests.length, before);
      now += 100;
      await assert.rejects(accounts.session(id), UnreachableError);
      assert.equal(looker.requests.length, before + 1);
    });

    it('gives up on a Looker that hangs, and asks again later', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      now += 61 * MINUTE;
      looker.fault({ path: '/login', times: 1, kind: { is: 'halfOpen' } });
      await assert.rejects(accounts.session(id), TimeoutError);
      now += 5000;
      await accounts.session(id);
    });

    it('asks Looker no more once it has refused the key, until the next log-in', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const key = looker.apiKeyOf('Ada');
      looker.revokeApiKey(key.clientId);
      now += 61 * MINUTE;
      await assert.rejects(accounts.session(id), ApiKeyRefusedError);
      const before = looker.requests.length;
      await assert.rejects(accounts.session(id), ApiKeyRefusedError);
      assert.equal(looker.requests.length, before);
      assert.equal(accounts.all().length, 1);
    });

    it('adopts what another window has renewed', async () => {
      const one = await openWindow();
      const { id } = await login(one, 'Ada');
      const two = await openWindow();
      now += 61 * MINUTE;
      await one.session(id);
      const { token } = await two.session(id);
      assert.equal(token.value, one.peek(id)?.token.value);
      assert.equal(asked('/login').length, 2);
    });

    it('of a sudo account is to be had again once its admin has logged in again', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      const sudo = await accounts.loginAs(admin, '3');
      looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
      now += 61 * MINUTE;
      await assert.rejects(accounts.session(sudo.id), ApiKeyRefusedError);
      giveNewKey();
      await login(accounts, 'Ada');
      await accounts.session(sudo.id);
    });

    it('outlives a keyring that is locked for a moment', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      now += 61 * MINUTE;
      secrets.broken = ['get', 'store'];
      const { token } = await accounts.session(id);
      assert.ok(looker.liveTokens().some(({ value }) => value === token.value));
      secrets.broken = [];
      await accounts.catchUp();
      assert.equal((await openWindow()).peek(id)?.token.value, token.value);
    });

    it('is not refused for what an older key was refused for', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      now += 61 * MINUTE;
      looker.fault({ path: '/login', times: 1, kind: { is: 'slow', ms: 100 } });
      looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
      const late = accounts.session(id);
      await until(() => asked('/login').length === 2);
      giveNewKey();
      await login(accounts, 'Ada');
      await assert.rejects(late, ApiKeyRefusedError);
      assert.equal(accounts.active?.failure, undefined);
      await accounts.session(id);
    });

    it('is over when its account was logged out meanwhile, and its token is revoked', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      now += 61 * MINUTE;
      looker.fault({ path: '/login', kind: { is: 'slow', ms: 100 } });
      const session = accounts.session(id);
      await until(() => asked('/login').length === 2);
      await accounts.logout([id]);
      await assert.rejects(session, LoggedOutError);
      await until(() => looker.liveTokens().length === 0);
      assert.deepEqual(accounts.all(), []);
    });
  });

  describe('renewal in the background', () => {
    beforeEach(() => {
      renewal = 'background';
    });

    it('happens five minutes ahead, with nobody asking', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const token = accounts.peek(id)?.token;
      assert.equal(accounts.renewDue(), 55 * MINUTE);
      now += 55 * MINUTE;
      accounts.renewDue();
      await until(() => accounts.peek(id)?.token.value !== token?.value);
      assert.equal(asked('/login').length, 2);
    });

    it('is left to the window the user is in, and adopted by the others', async () => {
      const focused = await openWindow();
      const { id } = await login(focused, 'Ada');
      const others = await Promise.all(
        Array.from({ length: 19 }, (_, n) =>
          openWindow({ isFocused: false, random: n / 19 + 0.05 }),
        ),
      );
      const old = focused.peek(id)?.token.value;
      now += 55 * MINUTE;
      for (const window of [...others, focused]) window.renewDue();
      const tokenOf = (window: Accounts) => window.peek(id)?.token.value;
      await until(() => tokenOf(focused) !== old);
      await until(() => others.every((other) => tokenOf(other) === tokenOf(focused)));
      now += 3 * MINUTE;
      for (const window of others) window.renewDue();
      await Promise.all(others.map((other) => other.session(id)));
      assert.equal(asked('/login').length, 2);
    });

    it('tries again after a network failure, later each time, and at last succeeds', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const token = accounts.peek(id)?.token.value;
      const back = looker.fault({ path: '/login', kind: { is: 'reset' } });
      now += 55 * MINUTE;
      const tries: number[] = [];
      for (let minute = 0; minute < 10; minute++, now += MINUTE) {
        const before = asked('/login').length;
        accounts.renewDue();
        if (accounts.active?.isRenewing) await until(() => !accounts.active?.isRenewing);
        if (asked('/login').length > before) tries.push(minute);
      }
      assert.deepEqual(tries, [0, 1, 3, 7]);
      back();
      now += 10 * MINUTE;
      accounts.renewDue();
      await until(() => accounts.peek(id)?.token.value !== token);
      assert.equal(accounts.active?.failure, undefined);
    });

    it('after a sleep of hours costs one log-in, however many windows wake up', async () => {
      const all = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          openWindow({ isFocused: false, random: (index + 1) / 21 }),
        ),
      );
      const { id } = await login(all[0] ?? assert.fail(), 'Ada');
      await until(() => all.every((window) => window.peek(id)));
      const before = asked('/login').length;
      now += 10 * 60 * MINUTE;
      asleep += 10 * 60 * MINUTE;
      for (let second = 0; second < 40; second++, now += 1000) {
        for (const window of all) window.renewDue();
        await until(() => all.every((window) => !window.active?.isRenewing));
      }
      assert.equal(asked('/login').length - before, 1);
      assert.ok(all.every((window) => (window.active?.timeLeft ?? 0) > 0));
    });

    it('is as patient as Looker asks for, though the token is in use', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      looker.fault({ path: '/login', kind: { is: 'rateLimited', retryAfter: '240' } });
      now += 55 * MINUTE;
      const before = asked('/login').length;
      for (let second = 0; second < 200; second++, now += 1000) {
        await accounts.session(id);
        accounts.renewDue();
        if (accounts.active?.isRenewing) await until(() => !accounts.active?.isRenewing);
      }
      assert.equal(asked('/login').length - before, 1);
    });

    it('of tokens of a second goes on, not one after the other', async () => {
      looker.setTokenLife(1);
      const accounts = await openWindow();
      await login(accounts, 'Ada');
      for (let tick = 0; tick < 200; tick++, now += 100) {
        accounts.renewDue();
        if (accounts.active?.isRenewing) await until(() => !accounts.active?.isRenewing);
      }
      assert.ok(asked('/login').length <= 6, `${asked('/login').length} log-ins in 20 s`);
      assert.ok(asked('/login').length >= 4);
    });

    it('leaves Looker alone between tries, for sudo accounts too', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      await accounts.loginAs(admin, '3');
      const heartbeat = new Heartbeat(accounts, new SimulatedTimers(() => now).set);
      looker.fault({ kind: { is: 'reset' } });
      const before = looker.requests.length;
      now += 61 * MINUTE;
      heartbeat.beat();
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(looker.requests.length - before, 1);
      heartbeat.dispose();
    });

    it('stops for an account that Looker has refused, and for no other', async () => {
      const accounts = await openWindow();
      await login(accounts, 'Ada');
      const grace = await login(accounts, 'Grace Hopper');
      looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
      for (let hour = 0; hour < 3; hour++) {
        now += 56 * MINUTE;
        accounts.renewDue();
        await until(() => accounts.all().every(({ isRenewing }) => !isRenewing));
      }
      assert.equal(asked('/login').filter(({ status }) => status === 404).length, 1);
      await accounts.session(grace.id);
      assert.deepEqual(
        accounts.all().map(({ renewsItself }) => renewsItself),
        [false, true],
      );
    });

    it('renews the admin once before those they act as', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      for (const user of ['2', '3', '4']) await accounts.loginAs(admin, user);
      now += 59.5 * MINUTE;
      accounts.renewDue();
      await until(() => accounts.all().every(({ isDue }) => !isDue));
      assert.equal(asked('/login').length, 2);
    });

    for (const mode of ['onUse', 'off'] as const) {
      it(`does not happen where renewal is "${mode}"`, async () => {
        renewal = mode;
        const accounts = await openWindow();
        await login(accounts, 'Ada');
        now += 56 * MINUTE;
        assert.equal(accounts.active?.renewsItself, false);
        accounts.renewDue();
        await new Promise((resolve) => setTimeout(resolve, 50));
        assert.equal(asked('/login').length, 1);
      });
    }

    it('can be switched off: then only the user renews', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      renewal = 'off';
      now += 56 * MINUTE;
      assert.equal(accounts.renewDue(), undefined);
      await accounts.session(id);
      now += 5 * MINUTE;
      await assert.rejects(accounts.session(id), /renewal is switched off/);
      assert.equal(asked('/login').length, 1);
      await accounts.renew(id);
      await accounts.session(id);
    });
  });

  describe('a refusal', () => {
    beforeEach(() => {
      renewal = 'background';
    });
    const logins = () => asked('/login').length;

    it('is for all windows, those opened later too, and told in one', async () => {
      const [one, other] = [await openWindow(), await openWindow({ isFocused: false, random: 1 })];
      const { id } = await login(one, 'Ada');
      looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
      now += 56 * MINUTE;
      await assert.rejects(one.renew(id), ApiKeyRefusedError);
      await until(() => needsLogin(other.active?.failure));
      const later = await openWindow();
      const before = logins();
      for (const window of [one, other, later]) {
        assert.match(window.active?.failure?.message ?? '', /refused this API key/);
        assert.equal(window.active?.renewsItself, false);
        assert.equal(window.active.isFailureTold, false);
        window.renewDue();
      }
      now += 5 * MINUTE;
      for (const window of [one, other, later])
        await assert.rejects(window.session(id), needsLogin);
      assert.equal(logins(), before);
      await one.markFailureTold(id);
      await until(() => other.active?.isFailureTold === true);
      assert.equal((await openWindow()).active?.isFailureTold, true);
    });

    it('ends with a renewal by hand that succeeds, and with a new log-in', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const { clientId } = looker.apiKeyOf('Ada');
      looker.disable('Ada');
      await assert.rejects(accounts.renew(id), ApiKeyRefusedError);
      assert.ok(needsLogin(accounts.active?.failure));
      looker.enable('Ada');
      await accounts.renew(id);
      assert.equal((await openWindow()).active?.failure, undefined);
      looker.revokeApiKey(clientId);
      await assert.rejects(accounts.renew(id), ApiKeyRefusedError);
      giveNewKey();
      await login(accounts, 'Ada');
      assert.equal((await openWindow()).active?.failure, undefined);
    });

    it('is not asked for again by whoever searches for users', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
      for (const { value } of looker.liveTokens()) looker.revokeToken(value);
      await assert.rejects(accounts.searchUsers(admin, 'A'), ApiKeyRefusedError);
      const before = logins();
      await assert.rejects(accounts.searchUsers(admin, 'Al'), ApiKeyRefusedError);
      assert.equal(logins(), before);
    });

    it('by somebody else in its place stops the background, until the account is used', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const remove = looker.fault({ kind: { is: 'html', status: 200 } });
      now += 56 * MINUTE;
      accounts.renewDue();
      await until(() => accounts.active?.failure instanceof NotLookerApiError);
      assert.equal(accounts.active?.renewsItself, false);
      const before = looker.requests.length;
      now += 60 * MINUTE;
      accounts.renewDue();
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(looker.requests.length, before);
      remove();
      await accounts.session(id);
      assert.equal(accounts.active.failure, undefined);
      assert.equal(accounts.active.renewsItself, true);
    });
  });

  describe('a token that Looker has ended before its time', () => {
    const revoke = (accounts: Accounts, id: string) => {
      const { value } = accounts.peek(id)?.token ?? assert.fail();
      looker.revokeToken(value);
      return value;
    };

    it('is replaced when somebody reports it, with one log-in for a thousand reports', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const rejected = revoke(accounts, id);
      await Promise.all(Array.from({ length: 1000 }, () => accounts.replaceRejected(id, rejected)));
      assert.equal(asked('/login').length, 2);
      assert.notEqual((await accounts.session(id)).token.value, rejected);
    });

    it('is not replaced where it is good after all, whoever says so in a loop', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const { value } = accounts.peek(id)?.token ?? assert.fail();
      const before = looker.requests.length;
      for (let times = 0; times < 100; times++) {
        await assert.rejects(accounts.replaceRejected(id, value), TokenAcceptedError);
      }
      assert.equal(looker.requests.length - before, 1);
      assert.equal(accounts.peek(id)?.token.value, value);
    });

    it('is not handed out again, though there is no other to be had', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const rejected = revoke(accounts, id);
      const mend = looker.fault({ path: '/login', kind: { is: 'reset' } });
      await assert.rejects(accounts.replaceRejected(id, rejected), UnreachableError);
      await assert.rejects(accounts.session(id), UnreachableError);
      assert.equal(accounts.active?.timeLeft, 0);
      mend();
      now += 5000;
      assert.notEqual((await accounts.session(id)).token.value, rejected);
    });

    it('asks for a log-in where the key was not kept', async () => {
      const accounts = await openWindow();
      const { id } = await accounts.login(target(), looker.apiKeyOf('Ada'), undefined, {
        keepsKey: false,
      });
      const rejected = revoke(accounts, id);
      await assert.rejects(accounts.replaceRejected(id, rejected), LoginNeededError);
      await assert.rejects(accounts.session(id), LoginNeededError);
    });

    it('says why it could not be asked about', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const rejected = revoke(accounts, id);
      looker.fault({ kind: { is: 'reset' } });
      await assert.rejects(accounts.replaceRejected(id, rejected), UnreachableError);
      assert.equal(accounts.peek(id)?.token.value, rejected);
    });

    it('is replaced by the one another window has already, without a log-in', async () => {
      const [one, other] = [await openWindow(), await openWindow()];
      const admin = await login(one, 'Ada');
      await until(() => other.peek(admin.id) !== undefined);
      const { value } = other.peek(admin.id)?.token ?? assert.fail();
      looker.revokeToken(value);
      secrets.isMute = true;
      await one.searchUsers(admin, 'Al');
      await other.searchUsers(admin, 'Al');
      assert.equal(asked('/login').length, 2);
    });
  });

  describe('renewal by hand', () => {
    it('works where renewal is off, for sudo accounts too', async () => {
      renewal = 'off';
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      const sudo = await accounts.loginAs(admin, '3');
      now += 61 * MINUTE;
      await assert.rejects(accounts.session(sudo.id), /renewal is switched off/);
      assert.equal(accounts.active?.failure, undefined);
      await accounts.renew(sudo.id);
      await accounts.session(sudo.id);
    });

    it('asks Looker although the token is good', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      await accounts.renew(id);
      assert.equal(asked('/login').length, 2);
    });

    it('is not waited for once it is cancelled', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      looker.fault({ path: '/login', kind: { is: 'halfOpen' } });
      await assert.rejects(accounts.renew(id, AbortSignal.timeout(20)), CancelledError);
    });
  });

  describe('log-out', () => {
    it('ends sudo tokens before their admin, and leaves nothing stored', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      const sudo = await accounts.loginAs(admin, '3');
      const tokens = [sudo.id, admin.id].map((id) => accounts.peek(id)?.token.value);
      const events = announced(accounts);
      assert.deepEqual(await accounts.logout([admin.id]), []);
      assert.deepEqual(
        asked('/logout').map(({ token }) => token),
        tokens,
      );
      assert.deepEqual(looker.liveTokens(), []);
      assert.deepEqual(events.sort(), ['removed Ada Lovelace', 'removed Alan Turing']);
      assert.deepEqual([...secrets.stored.keys()], []);
      assert.deepEqual(labels(await openWindow()), []);
    });

    it('tells Looker also where the keyring fails, says so, and is done once it works', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      secrets.broken = ['delete'];
      assert.deepEqual(await accounts.logout([id]), []);
      assert.deepEqual(looker.liveTokens(), []);
      assert.deepEqual(accounts.all(), []);
      assert.match(
        accounts.storeFailure?.message ?? '',
        /keyring is locked. You are logged out, but/,
      );
      secrets.broken = [];
      await accounts.catchUp();
      assert.equal(accounts.storeFailure, undefined);
      assert.deepEqual(labels(await openWindow()), []);
    });

    it('wins over a renewal in another window, however they are interleaved', async () => {
      const [one, other] = [await openWindow(), await openWindow()];
      const { id } = await login(one, 'Ada');
      await until(() => other.peek(id) !== undefined);
      // Read by the renewal, deleted by the log-out, written by the renewal.
      const goOn = secrets.holdBack(`lookerAuth.token:${id}`);
      const renewal = other.renew(id);
      await until(() => asked('/login').length === 2);
      await one.logout([id]);
      goOn();
      await assert.rejects(renewal, LoggedOutError);
      await until(() => looker.liveTokens().length === 0);
      assert.equal(secrets.text().includes(id), false);
      for (const window of [one, other, await openWindow()]) assert.deepEqual(labels(window), []);
    });

    it('takes along whom another window has begun to act as, unheard of here', async () => {
      const [one, other] = [await openWindow(), await openWindow()];
      const admin = await login(one, 'Ada');
      await until(() => other.peek(admin.id) !== undefined);
      secrets.isMute = true;
      await other.loginAs(admin, '3');
      await one.logout([admin.id]);
      assert.deepEqual(looker.liveTokens(), []);
      assert.deepEqual(labels(await openWindow()), []);
    });

    it('ends the tokens of all log-ins, known here or not, and of those that came at once', async () => {
      const [one, other] = [await openWindow(), await openWindow()];
      await Promise.all([login(one, 'Ada'), login(other, 'Ada')]);
      secrets.isMute = true;
      const { id } = await login(one, 'Ada');
      await one.renew(id);
      await login(other, 'Ada');
      await other.logout([id]);
      await until(() => looker.liveTokens().length === 0);
    });

    it('ends the token that another window stores in the middle of it', async () => {
      const [one, other] = [await openWindow(), await openWindow()];
      const { id } = await login(one, 'Ada');
      await until(() => other.peek(id) !== undefined);
      const remove = secrets.delete.bind(secrets);
      secrets.delete = async (key) => {
        secrets.delete = remove;
        await other.renew(id);
        await remove(key);
      };
      await one.logout([id]);
      await until(() => looker.liveTokens().length === 0);
      assert.deepEqual(labels(other), []);
    });

    it('ends the token of a renewal whose account is damaged meanwhile', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      await accounts.renew(id);
      secrets.stored.set(`lookerAuth.account:${id}`, '{"version":1');
      await accounts.renew(id).catch(() => undefined);
      await accounts.logout([id]);
      await until(() => looker.liveTokens().length === 0);
    });

    it('ends replaced tokens, too, that a clock which was set takes for expired', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      await accounts.renew(id);
      wrongBy = 2 * 60 * MINUTE;
      await accounts.logout([id]);
      assert.deepEqual(looker.liveTokens(), []);
    });

    it('ends the tokens, too, that renewals have replaced', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      await accounts.renew(admin.id);
      await login(accounts, 'Ada');
      await accounts.renew(admin.id);
      assert.equal(looker.liveTokens().length, 4);
      await accounts.logout([admin.id]);
      assert.deepEqual(looker.liveTokens(), []);
    });

    it('deletes sudo accounts before their admin, so that none is left when the window closes', async () => {
      const accounts = await openWindow();
      const admin = await login(accounts, 'Ada');
      await accounts.loginAs(admin, '3');
      const deleted: string[] = [];
      secrets.onDidChange(({ key }) => deleted.push(key));
      await accounts.logout([admin.id]);
      assert.deepEqual(
        deleted.filter((key) => key.startsWith('lookerAuth.account:')),
        [`lookerAuth.account:${admin.id}>3`, `lookerAuth.account:${admin.id}`],
      );
    });

    it('can be waited for by a window that closes', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      looker.fault({ path: '/logout', kind: { is: 'slow', ms: 100 } });
      void accounts.logout([id]);
      await until(() => asked('/logout').length === 1);
      assert.equal(looker.liveTokens().length, 1);
      await accounts.allRevoked();
      assert.deepEqual(looker.liveTokens(), []);
    });

    it('of a sudo account makes its admin the active one again', async () => {
      const accounts = await openWindow();
      await login(accounts, 'Grace Hopper');
      const admin = await login(accounts, 'Ada');
      const sudo = await accounts.loginAs(admin, '3');
      await accounts.logout([sudo.id]);
      assert.equal(accounts.active?.account.id, admin.id);
    });

    for (const [what, kind] of [
      ['is down', { is: 'reset' }],
      ['hangs', { is: 'halfOpen' }],
      ['answers 500', { is: 'json', status: 500, body: { message: 'no' } }],
      ['answers with a page', { is: 'html', status: 502 }],
    ] as const) {
      it(`leaves nothing here and says what lives on where Looker ${what}`, async () => {
        const accounts = await openWindow();
        const { id } = await login(accounts, 'Ada');
        looker.fault({ path: '/logout', kind });
        const unrevoked = await accounts.logout([id]);
        assert.deepEqual(
          unrevoked.map(({ account }) => account.id),
          [id],
        );
        assert.deepEqual(accounts.all(), []);
        assert.deepEqual(labels(await openWindow()), []);
      });
    }

    for (const status of [401, 404]) {
      it(`is done where Looker answers ${status}: the token is dead already`, async () => {
        const accounts = await openWindow();
        const { id } = await login(accounts, 'Ada');
        looker.fault({ path: '/logout', kind: { is: 'json', status, body: { message: 'x' } } });
        assert.deepEqual(await accounts.logout([id]), []);
      });
    }

    it('of nobody does nothing', async () => {
      assert.deepEqual(await (await openWindow()).logout(['nobody']), []);
    });
  });

  describe('several windows', () => {
    it('see what one of them does', async () => {
      const one = await openWindow();
      const two = await openWindow();
      const events = announced(two);
      const admin = await login(one, 'Ada');
      await until(() => two.active?.account.id === admin.id);
      const sudo = await one.loginAs(admin, '3');
      await until(() => two.active?.account.id === sudo.id);
      await one.activate(admin.id);
      await until(() => two.active?.account.id === admin.id);
      await one.renew(admin.id);
      await until(() => two.peek(admin.id)?.token.value === one.peek(admin.id)?.token.value);
      await one.logout([admin.id]);
      await until(() => two.all().length === 0);
      assert.deepEqual(events.slice(0, 3), [
        'added Ada Lovelace',
        'added Alan Turing',
        'renewed Ada Lovelace',
      ]);
    });

    it('keep the account chosen last, however late the news of the one before', async () => {
      const accounts = await openWindow();
      const ada = await login(accounts, 'Ada');
      const grace = await login(accounts, 'Grace Hopper');
      for (let turn = 0; turn < 20; turn++) {
        const { id } = turn % 2 ? grace : ada;
        await accounts.activate(id);
        assert.equal(accounts.active?.account.id, id);
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(accounts.active.account.id, id);
      }
    });

    it('take no notice of events that change nothing', async () => {
      const accounts = await openWindow();
      const { id } = await login(accounts, 'Ada');
      const events = announced(accounts);
      const key = `lookerAuth.account:${id}`;
      await secrets.store(key, secrets.stored.get(key) ?? '');
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(events, []);
    });
  });

  it('survives one damaged record among good ones', async () => {
    const before = await openWindow();
    const { label } = await login(before, 'Ada');
    const damaged = 'https://x.example#1';
    secrets.stored.set(`lookerAuth.account:${damaged}`, '{"version":1');
    const accounts = await openWindow();
    assert.deepEqual(labels(accounts), [label]);
    assert.deepEqual(
      accounts.unreadable.map(({ accountId }) => accountId),
      [damaged],
    );
  });

  it("leaves a newer version's record alone, at a log-in as that account too", async () => {
    const { id } = await login(await openWindow(), 'Ada');
    const key = `lookerAuth.account:${id}`;
    const newer = JSON.stringify({ version: 2, whatever: 'comes' });
    secrets.stored.set(key, newer);
    const accounts = await openWindow();
    await assert.rejects(login(accounts, 'Ada'), NewerAccountError);
    await until(() => asked('/logout').length === 1);
    assert.equal(secrets.stored.get(key), newer);
    secrets.isMute = true;
    secrets.stored.delete(key);
    const unaware = await openWindow();
    secrets.stored.set(key, newer);
    await assert.rejects(login(unaware, 'Ada'), NewerAccountError);
    assert.equal(secrets.stored.get(key), newer);
    assert.match(accounts.unreadable[0]?.message ?? '', /Update the extension/);
  });

  it("leaves a newer version's record alone that came while its own could not be stored", async () => {
    const accounts = await openWindow();
    secrets.broken = ['store'];
    const { id } = await login(accounts, 'Ada');
    secrets.broken = [];
    const newer = JSON.stringify({ version: 2, whatever: 'comes' });
    secrets.stored.set(`lookerAuth.account:${id}`, newer);
    await accounts.catchUp();
    assert.equal(secrets.stored.get(`lookerAuth.account:${id}`), newer);
    assert.deepEqual(labels(accounts), []);
  });

  it('leaves a damaged record alone, until everybody is logged out', async () => {
    const damaged = 'https://x.example#1';
    secrets.stored.set(`lookerAuth.account:${damaged}`, '{"version":1');
    const accounts = await openWindow();
    const { id } = await login(accounts, 'Ada');
    assert.equal(secrets.stored.get(`lookerAuth.account:${damaged}`), '{"version":1');
    await accounts.logout([id, damaged]);
    assert.equal(secrets.stored.size, 0);
    assert.deepEqual(accounts.unreadable, []);
  });

  it('asks for a new log-in where only the token was kept', async () => {
    renewal = 'background';
    const accounts = await openWindow();
    const key = looker.apiKeyOf('Ada');
    const { id } = await accounts.login(target(), key, undefined, { keepsKey: false });
    assert.ok(!secrets.text().includes(key.clientSecret));
    assert.ok(accounts.active?.isLast);
    now += 56 * MINUTE;
    assert.equal(accounts.renewDue(), undefined);
    await accounts.session(id);
    now += 5 * MINUTE;
    await assert.rejects(accounts.session(id), LoginNeededError);
    assert.equal(asked('/login').length, 1);
  });

  it('writes no secret and no token into the log', async () => {
    const accounts = await openWindow();
    const admin = await login(accounts, 'Ada');
    const sudo = await accounts.loginAs(admin, '3');
    const given = [admin.id, sudo.id].map((id) => accounts.peek(id)?.token.value ?? '');
    now += 61 * MINUTE;
    await accounts.session(sudo.id);
    const key = looker.apiKeyOf('Ada');
    looker.revokeTokens();
    looker.revokeApiKey(key.clientId);
    await assert.rejects(accounts.renew(sudo.id), ApiKeyRefusedError);
    await accounts.logout([admin.id]);
    const lines = log.join('\n');
    assert.ok(lines.includes(admin.label));
    const { clientId, clientSecret } = key;
    for (const secret of [
      clientId,
      clientSecret,
      ...given,
      ...looker.requests.flatMap(({ token }) => token ?? []),
    ]) {
      assert.ok(!lines.includes(secret));
    }
  });

  it('tells a token rejected from an account logged out', async () => {
    const accounts = await openWindow();
    const { id } = await login(accounts, 'Ada');
    looker.revokeTokens();
    const { token } = await accounts.session(id);
    await assert.rejects(lookerApi(looker.baseUrl).me(token.value), TokenRejectedError);
    await accounts.logout([id]);
    await assert.rejects(accounts.session(id), LoggedOutError);
  });
});
