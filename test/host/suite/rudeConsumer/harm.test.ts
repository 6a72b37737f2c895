import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { StandInLooker } from '../../../standIn/standInLooker';
import { until } from '../../../support/until';
import { CONSUMER_IS_TRUSTED } from '../environment';
import { logIn, logoutEverybody, run } from '../looker';
import { ScriptedUser } from '../scriptedUser';

/** How long a well-behaved extension may wait for its session beside a rude one: VS Code serves them in turn. */
const PROMPTLY_MS = 3000;
/** Or how many times longer than without the rude one: a slow machine takes longer for everything. */
const MOST_TIMES_LONGER = 30;

describe('an extension that', () => {
  let looker: StandInLooker;
  let user: ScriptedUser;
  let seenBefore: number;

  before(async function () {
    if (!CONSUMER_IS_TRUSTED) this.skip();
    await vscode.extensions.getExtension('looker-test.rude-consumer')?.activate();
  });
  beforeEach(async () => {
    looker = await StandInLooker.start();
    user = new ScriptedUser();
  });
  afterEach(async () => {
    looker.clearFaults();
    await logoutEverybody(user);
    user.dispose();
    await looker.stop();
  });

  const login = async (tokenLife = 3600) => {
    looker.setTokenLife(tokenLife);
    const told = new Promise<void>((resolve) => {
      const listener = vscode.authentication.onDidChangeSessions(() => {
        listener.dispose();
        resolve();
      });
    });
    await logIn(user, looker, 'Ada');
    await told;
    looker.setTokenLife(3600);
    seenBefore = looker.requests.length;
  };
  const expire = () => setTimeout(2100);
  /** Logins at Looker after the user's own. */
  const logins = () =>
    looker.requests.slice(seenBefore).filter(({ path }) => path.endsWith('/login')).length;
  const rude = <T>(command: string, ...args: unknown[]) =>
    vscode.commands.executeCommand<T>(`lookerRude.${command}`, ...args);
  /** As different as possible, so that VS Code doesn't merge them: all name the same instance. */
  const thousandScopes = () =>
    Array.from({ length: 1000 }, (_, index) => [`${looker.baseUrl}/?n=${index}`]);

  /** Another extension requests its session, and uses it. @returns after how many ms it was done */
  const goodAnswer = async () => {
    const start = Date.now();
    const answer = await vscode.commands.executeCommand('lookerWhoami.whoAmI', { silent: true });
    assert.equal(answer, "You're Ada Lovelace (user ID 1)");
    return Date.now() - start;
  };
  const isServedBeside = async (rudeness: Thenable<unknown>) => {
    const ms = await goodAnswer();
    await rudeness;
    if (ms < PROMPTLY_MS) return;
    const aloneMs = await goodAnswer();
    assert.ok(ms < MOST_TIMES_LONGER * aloneMs, `another extension waited ${ms} ms`);
  };

  it("sends 1,000 requests at once doesn't hold up others, and Looker gets no requests", async () => {
    await login();
    const asked = rude<unknown[]>('ask', ...thousandScopes());
    await isServedBeside(asked);
    assert.equal(new Set(await asked).size, 1);
    assert.equal(logins(), 0);
  });

  it("sends requests in a loop doesn't hold up others, and Looker gets no requests", async () => {
    await login();
    await isServedBeside(rude('askInALoop', [looker.baseUrl], 2000));
    assert.equal(logins(), 0);
  });

  it('requests an expired token 1,000 times causes one renewal', async () => {
    await login(2);
    await expire();
    const asked = rude<unknown[]>('ask', ...thousandScopes());
    await isServedBeside(asked);
    assert.equal(new Set(await asked).size, 1);
    assert.equal(logins(), 1);
  });

  it('sends requests in a loop while Looker fails causes one attempt every 5 s', async () => {
    await login(2);
    await expire();
    looker.fault({ path: '/login', kind: { is: 'reset' } });
    const times = await rude<number>('askInALoop', [looker.baseUrl], 5500);
    assert.ok(times > 50);
    assert.ok(logins() >= 1 && logins() <= 2, `Looker saw ${logins()} tries`);
  });

  it('requests what Looker refuses in a loop causes a single attempt', async () => {
    await login(2);
    looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
    await expire();
    await rude('askInALoop', [looker.baseUrl], 5500);
    assert.equal(logins(), 1);
  });

  it("requests 10,000 scopes, or absurdly long ones, gets a response, and doesn't hold up others", async () => {
    await login();
    const long = 'x'.repeat(1_000_000);
    const asked = rude<(string | undefined)[]>(
      'ask',
      Array.from({ length: 10_000 }, () => looker.baseUrl),
      Array.from({ length: 10_000 }, (_, index) => `scope-${index}`),
      Array.from({ length: 10_000 }, (_, index) => `sudo:${index}`),
      [long],
      [`sudo:${long}`],
      [`https://${long}`],
      [`${looker.baseUrl}/${long}`],
    );
    await isServedBeside(asked);
    const answers = await asked;
    const [many, unknown, contradiction, longUnknown, longSudo, longHost, longPath] = answers;
    assert.equal(many, looker.liveTokens()[0]?.value);
    for (const refusal of [unknown, contradiction, longUnknown, longSudo, longPath]) {
      assert.match(refusal ?? '', /doesn't recognize the scope/);
    }
    assert.ok(longHost === undefined || longHost.includes("doesn't recognize the scope"));
    assert.equal(logins(), 0);
  });

  it("throws in its listener, and sends a request for each event, doesn't keep events from others", async () => {
    await login();
    const listener = await rude<{ dispose(): void; times(): number }>('listen');
    let heard = 0;
    const others = vscode.authentication.onDidChangeSessions(() => heard++);
    try {
      await run('renewToken');
      await until(() => heard > 0 && listener.times() > 0);
      await setTimeout(1000); // long enough to notice if its own events caused more events
      assert.equal(heard, 1);
      assert.equal(listener.times(), 1);
      assert.equal(logins(), 1);
    } finally {
      others.dispose();
      listener.dispose();
    }
  });

  it('renews in a loop gets one token every 5 s, and one stays valid', async () => {
    await login();
    for (const end = Date.now() + 3000; Date.now() < end;) await run('renewToken');
    assert.equal(logins(), 1);
    await until(() => looker.liveTokens().length === 1);
  });

  it('keeps using a revoked token only harms itself', async () => {
    await login();
    const [dead] = await rude<(string | undefined)[]>('ask', []);
    looker.revokeTokens();
    await run('renewToken');
    const use = () =>
      fetch(`${looker.baseUrl}/api/4.0/user`, { headers: { Authorization: `token ${dead}` } });
    const used = Promise.all(Array.from({ length: 100 }, use));
    await isServedBeside(used);
    assert.ok((await used).every(({ status }) => status === 401));
    assert.equal(logins(), 1);
  });
});
