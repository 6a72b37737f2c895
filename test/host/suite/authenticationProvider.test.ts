import assert from 'node:assert/strict';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { SessionChange } from '../../../packages/looker-auth-api';
import type { Account } from '../../../src/accounts/account';
import type { Accounts } from '../../../src/accounts/accounts';
import type { Unrevoked } from '../../../src/accounts/login/logouts';
import { RequestedSessions } from '../../../src/vscode/provider/requestedSessions';
import { exportsFor } from '../../../src/vscode/provider/exports';
import { LookerAuthenticationProvider } from '../../../src/vscode/provider/authenticationProvider';
import type { LoginPrompt } from '../../../src/vscode/provider/loginRequests';
import type { SessionRequest } from '../../../src/vscode/provider/scopes';
import { IssuedSessions } from '../../../src/vscode/provider/issuedSessions';
import type { Patience } from '../../../src/vscode/provider/patience';
import { CanceledError } from '../../../src/looker/errors/expectedError';
import { StandInLooker } from '../../standIn/standInLooker';
import { lookerApi } from '../../support/lookerApi';
import { MemoryMemento } from '../../support/memoryMemento';
import { MemorySecrets } from '../../support/memorySecrets';
import { openAccounts } from '../../support/openAccounts';
import { until } from '../../support/until';

/** A prompt that stays open until the test answers it. */
interface OpenPrompt {
  readonly wanted: SessionRequest;
  readonly abandoned: AbortSignal;
  readonly answer: (account: Account) => void;
  readonly fail: (error: Error) => void;
}

/** Much shorter limits than in the running extension. */
const PATIENCE: Patience = { forOthers: 700, inAll: 1000 };

/** Prompts the user this way. */
function asking(prompt: LoginPrompt) {
  return (accounts: Accounts) => Promise.resolve(new RequestedSessions(accounts, prompt, PATIENCE));
}

/** The contract with VS Code, call by call, in a separate window beside the running extension. */
describe('the authentication provider', () => {
  let looker: StandInLooker;
  let secrets: MemorySecrets;
  let accounts: Accounts;
  let provider: LookerAuthenticationProvider;
  let prompts: OpenPrompt[];
  let events: string[];
  let unrevoked: Unrevoked[];

  beforeEach(async () => {
    looker = await StandInLooker.start();
    secrets = new MemorySecrets();
    prompts = [];
    events = [];
    unrevoked = [];
    const opening = openAccounts(secrets, new MemoryMemento(), {
      connect: (baseUrl, apiVersion) => lookerApi(baseUrl, { apiVersion, timeoutMs: 20_000 }),
    });
    accounts = await opening;
    const requests = asking(
      (wanted, abandoned) =>
        new Promise((answer, fail) => {
          prompts.push({ wanted, abandoned, answer, fail });
        }),
    );
    const showUnrevoked = (tokens: readonly Unrevoked[]) => unrevoked.push(...tokens);
    provider = new LookerAuthenticationProvider(
      opening,
      requests,
      new IssuedSessions(),
      showUnrevoked,
      PATIENCE,
    );
    provider.onDidChangeSessions(({ added, removed, changed }) => {
      const say = (what: string, sessions: readonly vscode.AuthenticationSession[] = []) => {
        for (const { id, scopes } of sessions)
          events.push(`${what} ${short(id)} [${scopes.join()}]`);
      };
      say('added', added);
      say('removed', removed);
      say('changed', changed);
    });
  });
  afterEach(async () => {
    provider.dispose();
    accounts.dispose();
    await looker.stop();
  });

  /**
   * The announced changes, once nothing more follows: a change of the active account is announced a turn of the event
   * loop later.
   */
  const told = async () => {
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    return events;
  };
  /** Forgets the announced changes. */
  const forget = async () => {
    (await told()).length = 0;
  };
  const short = (text: string) => text.replaceAll(looker.baseUrl, '');
  const target = () => ({ baseUrl: looker.baseUrl, apiVersion: '4.0' as const });
  const login = (name: string, window = accounts) => window.login(target(), looker.apiKeyOf(name));
  const ids = (sessions: readonly vscode.AuthenticationSession[]) =>
    sessions.map(({ id }) => short(id));
  /** Ada, Grace, and Ada as Alan. */
  const logInAll = async () => {
    const ada = await login('Ada');
    const grace = await login('Grace Hopper');
    const alan = await accounts.loginAs(ada, '3');
    return { ada, grace, alan };
  };

  describe('returns the matching sessions', () => {
    const cases: [scopes: (baseUrl: string) => string[], fitting: string[]][] = [
      [() => [], ['#1>3']],
      [(baseUrl) => [baseUrl], ['#1>3']],
      [(baseUrl) => [`${baseUrl}/api/4.0/`], ['#1>3']],
      [() => ['workspace:production'], ['#1>3']],
      [() => ['sudo:3'], ['#1>3']],
      [(baseUrl) => [baseUrl, 'sudo:3'], ['#1>3']],
      [(baseUrl) => ['sudo:3', baseUrl], ['#1>3']],
      [(baseUrl) => [baseUrl, baseUrl, 'sudo:3', 'sudo:3'], ['#1>3']],
      [() => ['sudo:1'], []],
      [() => ['https://elsewhere.looker.com'], []],
      [() => ['https://elsewhere.looker.com', 'sudo:3'], []],
    ];
    for (const [scopesFor, fitting] of cases) {
      it(`for ${JSON.stringify(scopesFor('https://it'))}, with exactly these scopes`, async () => {
        await logInAll();
        const scopes = scopesFor(looker.baseUrl);
        const sessions = await provider.getSessions(scopes);
        assert.deepEqual(ids(sessions), fitting);
        for (const session of sessions) assert.deepEqual(session.scopes, scopes);
      });
    }

    it('in the order of the accounts, whichever instance responds first', async () => {
      const other = await StandInLooker.start();
      try {
        for (const each of [looker, other]) {
          const admin = await accounts.login(
            { ...target(), baseUrl: each.baseUrl },
            each.apiKeyOf('Ada'),
          );
          each.setTokenLife(1);
          await accounts.loginAs(admin, '3');
          each.setTokenLife(3600);
        }
        await wait(1000);
        const [first] = accounts.list;
        const slow = first?.baseUrl === looker.baseUrl ? looker : other;
        slow.fault({ path: '/login/3', times: 1, kind: { is: 'slow', ms: 300 } });
        assert.deepEqual(
          (await provider.getSessions(['sudo:3'])).map(({ id }) => id),
          accounts.list.filter(({ sudo }) => sudo).map(({ id }) => id),
        );
      } finally {
        await other.stop();
      }
    });

    it('of a requested account, active or not', async () => {
      const { ada, alan } = await logInAll();
      for (const account of [ada, alan]) {
        const [session, ...others] = await provider.getSessions([], { account });
        assert.equal(session?.id, account.id);
        assert.deepEqual(others, []);
        assert.deepEqual(
          ids(await provider.getSessions(['sudo:3'], { account })),
          account === alan ? ['#1>3'] : [],
        );
      }
    });

    it('of the active account, and of the current one for an instance', async () => {
      const { ada, grace, alan } = await logInAll();
      const other = await StandInLooker.start();
      try {
        const elsewhere = await accounts.login(
          { ...target(), baseUrl: other.baseUrl },
          other.apiKeyOf('Ada'),
        );
        const given = async (...scopes: string[]) =>
          (await provider.getSessions(scopes)).map(({ id }) => id);
        assert.deepEqual(await given(), [elsewhere.id]);
        assert.deepEqual(await given(other.baseUrl), [elsewhere.id]);
        assert.deepEqual(await given(looker.baseUrl), [alan.id]);
        await accounts.activate(grace.id);
        assert.deepEqual(await given(), [grace.id]);
        assert.deepEqual(await given(other.baseUrl), [elsewhere.id]);
        await accounts.activate(alan.id);
        await accounts.logout([alan.id]);
        assert.deepEqual(await given(), [ada.id]);
        assert.deepEqual(await given(looker.baseUrl), [ada.id]);
        const all = await provider.getSessions(undefined);
        assert.deepEqual(
          all.map(({ id }) => id).sort(),
          [ada, grace, elsewhere].map(({ id }) => id).sort(),
        );
      } finally {
        await other.stop();
      }
    });

    it('of no other account if the active one has no valid token', async () => {
      looker.setTokenLife(1);
      const grace = await login('Grace Hopper');
      looker.setTokenLife(3600);
      await login('Ada');
      await accounts.activate(grace.id);
      await wait(1000);
      looker.fault({ path: '/login', kind: { is: 'reset' } });
      await assert.rejects(provider.getSessions([]), { name: 'UnreachableError' });
      looker.clearFaults();
      looker.revokeApiKey(looker.apiKeyOf('Grace Hopper').clientId);
      await accounts.renew(grace.id).catch(() => undefined);
      assert.deepEqual(await provider.getSessions([]), []);
    });
  });

  const senseless = ['email', '', ' ', 'sudo:', 'sudo:1 2', 'SUDO:1', 'ftp://x', 'https://', '*'];
  for (const scope of senseless) {
    it(`refuses the scope ${JSON.stringify(scope)} by name, for a session and for a login`, async () => {
      const reason = /^Looker Auth doesn't recognize the scope/;
      await assert.rejects(provider.getSessions([scope]), { message: reason });
      await assert.rejects(provider.createSession([scope]), { message: reason });
      assert.deepEqual(prompts, []);
    });
  }

  it('refuses scopes that contradict each other, with a short message', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `sudo:${index}`);
    for (const scopes of [['sudo:1', 'sudo:2'], ['https://a.test', 'https://b.test'], many]) {
      await assert.rejects(
        provider.getSessions(scopes),
        (error: Error) => error.message.length < 400,
      );
    }
  });

  it('lists the accounts from memory, without requests, prompts, or errors', async () => {
    await logInAll();
    const before = looker.requests.length;
    looker.fault({ kind: { is: 'reset' } });
    secrets.broken = ['get', 'keys', 'store', 'delete'];
    assert.equal((await provider.getSessions(undefined)).length, 3);
    assert.equal(looker.requests.length, before);
    assert.deepEqual(prompts, []);
  });

  it("doesn't prompt for a login while the secret storage can't be read", async () => {
    await login('Ada');
    secrets.broken = ['keys'];
    const opening = openAccounts(secrets, new MemoryMemento());
    const requests = asking(() => assert.fail('No prompt should open.'));
    const nothing = () => undefined;
    const blind = new LookerAuthenticationProvider(
      opening,
      requests,
      new IssuedSessions(),
      nothing,
    );
    assert.deepEqual(await blind.getSessions(undefined), []);
    await assert.rejects(blind.getSessions([]), /keyring is locked. Your saved accounts can't/);
    secrets.broken = [];
    await (await opening).catchUp();
    assert.deepEqual(ids(await blind.getSessions([])), ['#1']);
    blind.dispose();
    (await opening).dispose();
  });

  it("waits only briefly for an instance that doesn't respond if others do", async () => {
    const away = await StandInLooker.start();
    try {
      const awayAda = await accounts.login(
        { ...target(), baseUrl: away.baseUrl },
        away.apiKeyOf('Ada'),
      );
      away.setTokenLife(1);
      await accounts.loginAs(awayAda, '3');
      const alan = await accounts.loginAs(await login('Ada'), '3');
      await wait(1000);
      away.fault({ kind: { is: 'halfOpen' } });
      const sessions = await provider.getSessions(['sudo:3']);
      assert.deepEqual(
        sessions.map(({ id }) => id),
        [alan.id],
      );
    } finally {
      await away.stop();
    }
  });

  it("doesn't wait for long, since VS Code holds up all others in the meantime", async () => {
    looker.setTokenLife(1);
    await login('Ada');
    await wait(1000);
    looker.fault({ path: '/login', times: 1, kind: { is: 'slow', ms: 2000 } });
    await assert.rejects(provider.getSessions([]), /didn't respond within 1 second.*try again/);
    assert.equal(accounts.active?.isRenewing, true);
    looker.setTokenLife(3600);
    await until(() => accounts.active?.isRenewing === false);
    assert.equal((await provider.getSessions([])).length, 1);
    assert.equal(looker.requests.filter(({ path }) => path.endsWith('/login')).length, 2);
  });

  it("doesn't wait for long for a logout, and says which tokens stay valid", async () => {
    const { ada, alan } = await logInAll();
    looker.fault({ path: '/logout', kind: { is: 'halfOpen' } });
    await provider.removeSession(ada.id);
    assert.deepEqual(
      new Set(unrevoked.map(({ account }) => account.id)),
      new Set([alan.id, ada.id]),
    );
    assert.deepEqual(ids(await provider.getSessions(undefined)), ['#2']);
  });

  describe('a login that an extension requests', () => {
    it('is announced with exactly the requested scopes', async () => {
      const scopes = [`${looker.baseUrl}/login`];
      const creating = provider.createSession(scopes);
      await until(() => prompts.length === 1);
      assert.deepEqual(prompts[0]?.wanted, { baseUrl: looker.baseUrl });
      prompts[0].answer(await login('Ada'));
      assert.deepEqual((await creating).scopes, scopes);
      assert.deepEqual(await told(), [`added #1 [${scopes.join()}]`]);
    });

    it('shares a prompt for all requests for the same, whatever the order of their scopes', async () => {
      const both = [looker.baseUrl, 'sudo:3'];
      const asking = [both, [...both].reverse()].map((scopes) => provider.createSession(scopes));
      await until(() => prompts.length === 1);
      const ada = await login('Ada');
      prompts[0]?.answer(await accounts.loginAs(ada, '3'));
      const sessions = await Promise.all(asking);
      assert.deepEqual(ids(sessions), ['#1>3', '#1>3']);
      assert.equal(prompts.length, 1);
    });

    it('waits for the prompt of another request for something else', async () => {
      const first = provider.createSession([looker.baseUrl]);
      const second = provider.createSession(['sudo:3']);
      await until(() => prompts.length === 1);
      await told();
      assert.equal(prompts.length, 1);
      prompts[0]?.fail(new CanceledError());
      await assert.rejects(first, vscode.CancellationError);
      await until(() => prompts.length === 2);
      prompts[1]?.fail(new CanceledError());
      await assert.rejects(second, vscode.CancellationError);
      assert.deepEqual(await told(), []);
    });

    it('closes its prompt once another window has logged in', async () => {
      const creating = provider.createSession([looker.baseUrl]);
      await until(() => prompts.length === 1);
      const other = await openAccounts(secrets, new MemoryMemento());
      await login('Grace Hopper', other);
      assert.equal(short((await creating).id), '#2');
      assert.equal(prompts[0]?.abandoned.aborted, true);
      other.dispose();
    });

    it('to act as a user stays open, whatever another window does', async () => {
      const creating = provider.createSession(['sudo:3']);
      await until(() => prompts.length === 1);
      const other = await openAccounts(secrets, new MemoryMemento());
      await other.loginAs(await login('Ada', other), '3');
      await until(() => accounts.statuses().length === 2);
      await wait(50);
      assert.equal(prompts[0]?.abandoned.aborted, false);
      prompts[0].fail(new CanceledError());
      await assert.rejects(creating, vscode.CancellationError);
      other.dispose();
    });

    it('is refused if the user logs in to another account, which is still announced', async () => {
      const creating = provider.createSession(['https://elsewhere.looker.com']);
      await until(() => prompts.length === 1);
      prompts[0]?.answer(await login('Ada'));
      await assert.rejects(creating, {
        name: 'OtherAccountError',
        message: /isn't the account that the extension asked for/,
      });
      assert.deepEqual(await told(), [`added #1 [${looker.baseUrl}]`]);
    });

    it("needs no prompt for an account chosen from VS Code's list, which becomes the active one", async () => {
      const { ada, grace } = await logInAll();
      for (const account of [ada, grace]) {
        const { id, label } = account;
        const session = await provider.createSession([], { account: { id, label } });
        assert.equal(session.id, account.id);
        assert.equal(accounts.active?.account.id, account.id);
        assert.deepEqual(ids(await provider.getSessions([])), [short(account.id)]);
      }
      assert.deepEqual(prompts, []);
    });

    it("prompts if the chosen account can't be used, and doesn't switch to it", async () => {
      const { grace, alan } = await logInAll();
      looker.revokeTokens();
      looker.revokeApiKey(looker.apiKeyOf('Grace Hopper').clientId);
      await accounts
        .replaceRejected(grace.id, accounts.peek(grace.id)?.token.value ?? '')
        .catch(() => undefined);
      const creating = provider.createSession([], { account: grace });
      await until(() => prompts.length === 1);
      assert.deepEqual(prompts[0]?.wanted, { baseUrl: looker.baseUrl, account: grace });
      assert.equal(accounts.active?.account.id, alan.id);
      prompts[0].fail(new CanceledError());
      await assert.rejects(creating, vscode.CancellationError);
    });

    it('for an account prompts for its instance, and the user it acts as', async () => {
      const { alan } = await logInAll();
      const creating = provider.createSession([], { account: alan });
      await until(() => prompts.length === 1);
      assert.deepEqual(prompts[0]?.wanted, {
        baseUrl: looker.baseUrl,
        sudoUserId: '3',
        account: alan,
      });
      prompts[0].answer(alan);
      assert.equal((await creating).id, alan.id);
    });
  });

  it('returns sessions that the exports know for a minute after their token was replaced', async () => {
    let now = 0;
    const opening = Promise.resolve(accounts);
    const issued = new IssuedSessions(() => now);
    const log = { info: () => undefined, warn: () => undefined };
    const api = exportsFor(opening, issued, log).getApi(1);
    const requests = asking(() => assert.fail('No prompt should open.'));
    const own = new LookerAuthenticationProvider(opening, requests, issued, () => undefined);
    try {
      const { id } = await login('Ada');
      const [old] = await own.getSessions([]);
      assert.ok(old);
      const reasons: string[] = [];
      const listener = ({ reason }: SessionChange) => reasons.push(reason);
      const subscription = api.onDidChangeSession(old, listener);
      assert.ok(subscription instanceof vscode.Disposable);
      await accounts.renew(id);
      now += 59_999;
      assert.ok(api.details(old));
      now += 1;
      assert.equal(api.details(old), undefined);
      await assert.rejects(api.reportRejected(old), { name: 'UnknownSessionError' });
      const [next] = await own.getSessions([]);
      assert.ok(next && api.details(next));
      await accounts.logout([id]);
      assert.deepEqual(reasons, ['renewed']);
    } finally {
      own.dispose();
    }
  });

  describe('while an extension waits for a login', () => {
    it("announces accounts that don't match at once, and matching ones when the login is done", async () => {
      const other = await StandInLooker.start();
      const creating = provider.createSession(['sudo:3', looker.baseUrl]);
      await until(() => prompts.length === 1);
      const ada = await login('Ada');
      assert.deepEqual(await told(), [`added #1 [${looker.baseUrl}]`]);
      const alan = await accounts.loginAs(ada, '3');
      await accounts.login({ ...target(), baseUrl: other.baseUrl }, other.apiKeyOf('Ada'));
      assert.deepEqual(await told(), [
        `added #1 [${looker.baseUrl}]`,
        `added ${other.baseUrl}#1 [${other.baseUrl}]`,
        `changed ${other.baseUrl}#1 [${other.baseUrl}]`,
      ]);
      prompts[0]?.answer(alan);
      await creating;
      assert.equal(events[3], `added #1>3 [sudo:3,${looker.baseUrl}]`);
      assert.equal(events.length, 4);
      await other.stop();
    });

    it('announces an account before its changes', async () => {
      const creating = provider.createSession(['sudo:3']);
      await until(() => prompts.length === 1);
      const ada = await login('Ada');
      const alan = await accounts.loginAs(ada, '3');
      await accounts.renew(alan.id);
      await accounts.renew(ada.id);
      const own = `#1 [${looker.baseUrl}]`;
      assert.deepEqual(await told(), [`added ${own}`, `changed ${own}`]);
      prompts[0]?.fail(new CanceledError());
      await assert.rejects(creating, vscode.CancellationError);
      assert.deepEqual((await told()).slice(2), [`added #1>3 [${looker.baseUrl},sudo:3]`]);
      await accounts.renew(alan.id);
    });

    it('announces nothing about an account that came and went', async () => {
      const creating = provider.createSession(['sudo:3']);
      await until(() => prompts.length === 1);
      const alan = await accounts.loginAs(await login('Ada'), '3');
      await accounts.logout([alan.id]);
      prompts[0]?.fail(new CanceledError());
      await assert.rejects(creating, vscode.CancellationError);
      const seen = await told();
      assert.equal(seen[0], `added #1 [${looker.baseUrl}]`);
      assert.deepEqual(
        seen.filter((event) => event.includes('#1>3')),
        [],
      );
    });

    it("announces at once a sudo account from another window that the prompt isn't for", async () => {
      const ada = await login('Ada');
      const other = await openAccounts(secrets, new MemoryMemento());
      await forget();
      const waiting = [[], [looker.baseUrl]].map((scopes) => provider.createSession(scopes));
      await until(() => prompts.length === 1);
      await other.loginAs(ada, '3');
      await until(() => events.some((event) => event.startsWith('changed #1>3')));
      assert.equal(events[0], `added #1>3 [${looker.baseUrl},sudo:3]`);
      assert.equal(prompts[0]?.abandoned.aborted, false);
      prompts[0].answer(await login('Grace Hopper'));
      await Promise.all(waiting);
      other.dispose();
    });
  });

  describe('a logged-out account that an extension requests', () => {
    const names = ({ id, label }: Account) => ({ id, label });

    it('gets a prompt for its instance and user', async () => {
      const { ada, alan } = await logInAll();
      await accounts.logout([ada.id]);
      for (const account of [ada, { ...ada, id: 'unknown' }]) {
        void provider.createSession([], { account: names(account) }).catch(() => undefined);
      }
      await until(() => prompts.length === 1);
      assert.deepEqual(prompts[0]?.wanted, { baseUrl: looker.baseUrl, account: ada });
      prompts[0].answer(await login('Ada'));
      const acting = provider.createSession([], { account: names(alan) });
      await until(() => prompts.length === 2);
      assert.deepEqual(prompts[1]?.wanted, {
        baseUrl: looker.baseUrl,
        sudoUserId: '3',
        account: alan,
      });
      prompts[1].fail(new CanceledError());
      await assert.rejects(acting, vscode.CancellationError);
    });

    it("isn't replaced by another one, which VS Code would request again and again", async () => {
      const { ada } = await logInAll();
      await accounts.logout([ada.id]);
      const creating = provider.createSession([], { account: names(ada) });
      await until(() => prompts.length === 1);
      prompts[0]?.answer(await login('Grace Hopper'));
      await assert.rejects(creating, {
        name: 'OtherAccountError',
        message: /^Grace Hopper .* isn't the account that the extension asked for \(Ada Lovelace/,
      });
    });

    it("gets no prompt if it doesn't match the scopes", async () => {
      const { ada } = await logInAll();
      await accounts.logout([ada.id]);
      for (const scope of ['sudo:3', 'https://elsewhere.looker.com']) {
        const asking = provider.createSession([scope], { account: names(ada) });
        await assert.rejects(asking, { name: 'OtherAccountError' });
      }
      assert.deepEqual(prompts, []);
    });

    it('can be any account if it is unknown', async () => {
      const account = { id: 'https://a.test#1', label: 'Nobody (a.test)' };
      const creating = provider.createSession([], { account });
      await until(() => prompts.length === 1);
      assert.deepEqual(prompts[0]?.wanted, {});
      prompts[0].answer(await login('Ada'));
      assert.equal(short((await creating).id), '#1');
    });
  });

  describe('announces', () => {
    it('a renewal as a change of the same session', async () => {
      const { ada } = await logInAll();
      await forget();
      await accounts.renew(ada.id);
      assert.deepEqual(await told(), [`changed #1 [${looker.baseUrl}]`]);
    });

    it('a logout of one account, and nothing about the others', async () => {
      const { grace } = await logInAll();
      await forget();
      await provider.removeSession(grace.id);
      assert.deepEqual(await told(), [`removed #2 [${looker.baseUrl}]`]);
    });

    it('accounts that are logged out with their admin', async () => {
      const { ada } = await logInAll();
      await forget();
      await provider.removeSession(ada.id);
      assert.deepEqual((await told()).sort(), [
        `changed #2 [${looker.baseUrl}]`,
        `removed #1 [${looker.baseUrl}]`,
        `removed #1>3 [${looker.baseUrl},sudo:3]`,
      ]);
      assert.deepEqual(looker.liveTokens().length, 1);
    });

    it('that another account is active: after switching, acting, and stopping', async () => {
      const { ada, grace, alan } = await logInAll();
      const [asAda, asGrace, asAlan] = ['#1', '#2', '#1>3'].map(
        (id) => `changed ${id} [${looker.baseUrl}${id.includes('>') ? ',sudo:3' : ''}]`,
      );
      await forget();
      await accounts.activate(grace.id);
      assert.deepEqual(await told(), [asGrace]);
      await accounts.activate(alan.id);
      assert.deepEqual(await told(), [asGrace, asAlan]);
      await accounts.logout([alan.id]);
      assert.deepEqual((await told()).slice(2).sort(), [
        asAda,
        `removed #1>3 [${looker.baseUrl},sudo:3]`,
      ]);
      await forget();
      await accounts.activate(ada.id);
      assert.deepEqual(await told(), []);
    });

    it('that another window has activated another account', async () => {
      const { grace } = await logInAll();
      await forget();
      const other = await openAccounts(secrets, new MemoryMemento());
      await other.activate(grace.id);
      await until(() => events.length > 0);
      assert.deepEqual(await told(), [`changed #2 [${looker.baseUrl}]`]);
      other.dispose();
    });

    it('nothing about a logout of an unknown account', async () => {
      await logInAll();
      await forget();
      await provider.removeSession('nobody');
      assert.deepEqual(await told(), []);
    });
  });

  it('has different labels for an admin and the users they act as, for users with the same name, and for instances', async () => {
    const other = await StandInLooker.start();
    try {
      const ada = { id: 77, firstName: 'Ada', lastName: 'Lovelace', roles: [] };
      const twin = looker.addPerson({ ...ada, apiKey: true });
      await logInAll();
      await accounts.login(target(), twin.apiKey ?? assert.fail());
      await accounts.login({ ...target(), baseUrl: other.baseUrl }, other.apiKeyOf('Ada'));
      const labels = accounts.statuses().map(({ account }) => account.label);
      const host = ({ baseUrl }: StandInLooker) => new URL(baseUrl).host;
      assert.deepEqual(
        labels.sort(),
        [
          `Ada Lovelace #77 (${host(looker)})`,
          `Ada Lovelace (${host(looker)})`,
          `Ada Lovelace (${host(other)})`,
          `Alan Turing, sudo by Ada Lovelace (${host(looker)})`,
          `Grace Hopper (${host(looker)})`,
        ].sort(),
      );
    } finally {
      await other.stop();
    }
  });
});
