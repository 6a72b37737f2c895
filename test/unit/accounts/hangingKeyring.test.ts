import assert from 'node:assert/strict';
import { timeLimited, type Secrets } from '../../../src/accounts/store/secrets';
import { CanceledError } from '../../../src/looker/errors/expectedError';
import { SimulatedTimers } from '../../support/simulatedTimers';
import { until } from '../../support/until';
import { labels, setUp, turns } from './harness';

describe('a hanging keyring', () => {
  const harness = setUp();
  const { openWindow, login, asked, target } = harness;

  /** Stops all responses of the secret storage. @returns a function that resumes them */
  const hang = (): (() => void) => {
    let release: (() => void) | undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    for (const operation of ['get', 'store', 'delete', 'keys'] as const) {
      const work = harness.secrets[operation].bind(harness.secrets) as (
        ...args: string[]
      ) => Promise<never>;
      harness.secrets[operation] = async (...args: string[]) => {
        await released;
        return work(...args);
      };
    }
    return () => release?.();
  };

  it("doesn't keep a logout from revoking known tokens at once, sudo tokens first", async () => {
    const accounts = await openWindow();
    const admin = await login(accounts, 'Ada');
    const sudo = await accounts.loginAs(admin, '3');
    await accounts.renew(admin.id);
    const goOn = hang();
    const loggingOut = accounts.logout([admin.id]);
    await until(() => labels(accounts).length === 0);
    assert.equal(accounts.peek(sudo.id), undefined);
    await until(() => harness.looker.liveTokens().length === 0);
    const revoked = asked('/logout').length;
    goOn();
    assert.deepEqual(await loggingOut, []);
    assert.deepEqual(harness.keysStored(), []);
    assert.equal(asked('/logout').length, revoked, 'nothing is revoked twice');
  });

  it("doesn't block a caller that cancels a logout, which still completes", async () => {
    const accounts = await openWindow();
    const { id } = await login(accounts, 'Ada');
    const goOn = hang();
    const patience = new AbortController();
    const loggingOut = accounts.logout([id], patience.signal);
    await until(() => harness.log.some((line) => line.startsWith('Logged out of Ada')));
    assert.deepEqual(harness.looker.liveTokens(), []);
    patience.abort();
    assert.deepEqual(await loggingOut, []);
    goOn();
    await accounts.allRevoked();
    assert.deepEqual(harness.keysStored(), []);
  });

  it("doesn't spare a token that only the store knows, even if nobody is waiting anymore", async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    const { id } = await login(one, 'Ada');
    await until(() => other.peek(id) !== undefined);
    harness.secrets.isMute = true;
    await other.renew(id);
    const goOn = hang();
    const patience = new AbortController();
    const loggingOut = one.logout([id], patience.signal);
    await until(() => harness.looker.liveTokens().length === 1);
    patience.abort();
    await loggingOut;
    goOn();
    await until(() => harness.looker.liveTokens().length === 0);
  });

  it("doesn't log anyone back in, whatever was in progress", async () => {
    const accounts = await openWindow();
    const { id } = await login(accounts, 'Ada');
    const goOn = harness.secrets.holdBack('lookerAuth.token:');
    const renewal = accounts.renew(id);
    await until(() => harness.secrets.waiting === 1);
    const loggingOut = accounts.logout([id]);
    await until(() => labels(accounts).length === 0);
    goOn();
    await assert.rejects(renewal, /is logged out/);
    await loggingOut;
    await until(() => harness.looker.liveTokens().length === 0);
    assert.deepEqual(harness.keysStored(), []);
  });

  it("doesn't undo a login right after the logout", async () => {
    const accounts = await openWindow();
    const { id } = await login(accounts, 'Ada');
    const goOn = hang();
    const loggingOut = accounts.logout([id]);
    const loggingIn = login(accounts, 'Ada');
    await until(() => asked('/user').length === 2);
    goOn();
    await Promise.all([loggingOut, loggingIn]);
    assert.deepEqual(labels(accounts), labels(await openWindow()));
    assert.equal(labels(accounts).length, 1);
    assert.equal(harness.looker.liveTokens().length, 1);
  });

  it('lets a canceled login end at once, without saving anything', async () => {
    const accounts = await openWindow();
    const goOn = hang();
    const cancel = new AbortController();
    const { signal } = cancel;
    const loggingIn = accounts.login(target(), harness.looker.apiKeyOf('Ada'), signal);
    await until(() => asked('/user').length === 1);
    cancel.abort();
    await assert.rejects(loggingIn, CanceledError);
    goOn();
    await until(() => harness.looker.liveTokens().length === 0);
    assert.deepEqual(labels(accounts), []);
    assert.deepEqual(labels(await openWindow()), []);
  });

  /** Logs in a logged-in user again, and stops while the keyring stores the login. */
  const logInAgainSlowly = async () => {
    const accounts = await openWindow();
    const { id } = await login(accounts, 'Ada');
    const goOn = harness.secrets.holdBack('lookerAuth.account:');
    const cancel = new AbortController();
    const { signal } = cancel;
    const loggingIn = accounts.login(target(), harness.looker.apiKeyOf('Ada'), signal);
    await until(() => harness.secrets.waiting === 1);
    return { accounts, id, goOn, cancel, loggingIn };
  };

  it('keeps the previous login if a new one is canceled while being stored', async () => {
    const { accounts, id, goOn, cancel, loggingIn } = await logInAgainSlowly();
    cancel.abort();
    await assert.rejects(loggingIn, CanceledError);
    goOn();
    const [first] = harness.looker.liveTokens();
    await until(() => accounts.peek(id)?.token.value === first?.value);
    await until(() => harness.looker.liveTokens().length === 1);
    await accounts.session(id);
    assert.equal((await openWindow()).peek(id)?.token.value, first?.value);
  });

  it("doesn't restore the previous login if it is logged out while the new one is being canceled", async () => {
    const { accounts, id, goOn, cancel, loggingIn } = await logInAgainSlowly();
    const loggingOut = accounts.logout([id]);
    cancel.abort();
    await assert.rejects(loggingIn, CanceledError);
    goOn();
    await loggingOut;
    await until(() => harness.looker.liveTokens().length === 0);
    await turns(50);
    assert.deepEqual(harness.keysStored(), []);
    for (const window of [accounts, await openWindow()]) assert.deepEqual(labels(window), []);
  });

  /** A keyring with its own clock that responds when told to, one key after another. */
  const slowKeyring = () => {
    const clock = { now: 0 };
    const timers = new SimulatedTimers(() => clock.now);
    const answers: (() => void)[] = [];
    const wait = () => new Promise<never>((resolve) => answers.push(resolve as () => void));
    const { onDidChange } = harness.secrets;
    const secrets: Secrets = { get: wait, store: wait, delete: wait, keys: wait, onDidChange };
    const limited = timeLimited(secrets, 10_000, timers.set);
    /** How long a request takes to time out. */
    const patience = async () => {
      const answer = limited.get('key');
      const startedAt = clock.now;
      clock.now = timers.nextAt;
      timers.wakeNext();
      await assert.rejects(async () => answer, /no response within 10 seconds/);
      return clock.now - startedAt;
    };
    const answered = async () => {
      const answer = limited.get('key');
      answers.at(-1)?.();
      await answer;
      assert.equal(timers.count, 0, 'a timer is left');
    };
    return { patience, answered };
  };

  it('costs one time limit for any number of requests in a row', async () => {
    const { patience } = slowKeyring();
    const spans: number[] = [];
    for (let count = 0; count < 5; count++) spans.push(await patience());
    assert.deepEqual(spans, [10_000, 1000, 1000, 1000, 1000]);
  });

  it('gets the whole time limit again after it has responded', async () => {
    const { patience, answered } = slowKeyring();
    await answered();
    assert.equal(await patience(), 10_000);
    assert.equal(await patience(), 1000);
    await answered();
    assert.equal(await patience(), 10_000);
  });
});
