import assert from 'node:assert/strict';
import type { Server } from 'node:http';
import type { Page } from 'playwright-core';
import { OWN_CLIENT } from '../../src/looker/oauth/client';
import { StandInLooker } from '../standIn/standInLooker';
import { chooseBrowser, waitForHow } from '../support/browserPage';
import { ROOT } from '../support/buildExtension';
import { logIn } from '../support/logIn';
import { Machine } from '../support/machine';
import { closed, head, open, sendRaw } from '../support/rawHttp';
import { RedirectPorts } from '../support/redirectPorts';
import { WebBrowser } from '../support/webBrowser';
import {
  linksIn,
  pressEscape,
  runCommand,
  screenshot,
  statusBarItem,
  submit,
  waitForNotification,
  waitForQuickInputMessage,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from '../ui/story';
import { codeFor } from '../unit/looker/oauth/harness';
import { Neighbor, NEIGHBOR } from './neighbor';
import { unharmedUntil, type Unharmed } from './unharmed';

const [REDIRECT] = OWN_CLIENT.redirectUris;
const PORT = Number(new URL(REDIRECT).port);
const KATHERINE = 'katherine@example.com';
const WAITING = /Waiting for your browser/;

/** The codes that Looker Auth has redeemed, or tried to redeem. */
const redeemed = (looker: StandInLooker): readonly unknown[] =>
  looker.requests
    .filter(({ path, form }) => path === '/api/token' && 'code' in form)
    .map(({ form }) => form['code'])
    .filter((code) => !String(code).startsWith('looker-auth-asks-'));

/** The labels of the logged-in accounts, which any extension can read. */
const labelsOf = (neighbor: Neighbor) =>
  neighbor.run(async ({ vscode }) =>
    (await vscode.authentication.getAccounts('looker')).map(({ label }) => label),
  );

/** Another program, a web page, and another extension attack while a user logs in with the browser. */
describe('a login with the browser', () => {
  let looker: StandInLooker;
  let elsewhere: StandInLooker;
  let neighbor: Neighbor;
  let page: Page;
  let host: string;
  /** The URL of the current login's page. */
  let address: string;
  /** The redirect URL that this page leads to after the login. No browser has opened it yet. */
  let ended: URL;

  story(async (start) => {
    await start(RedirectPorts);
    looker = await start(StandInLooker, { oauth: { rotation: 'newAndReuseKills' } });
    elsewhere = await start(StandInLooker);
    for (const each of [looker, elsewhere]) {
      each.registerClient(OWN_CLIENT.clientId, OWN_CLIENT.redirectUris);
    }
    host = new URL(looker.baseUrl).host;
    neighbor = await start(Neighbor);
    const machine = await start(Machine, {
      extensions: [ROOT, NEIGHBOR],
      env: () => neighbor.env,
    });
    page = await machine.openWindow();
    return page;
  });

  /** Starts a login. Katherine completes its pages in a browser that doesn't open the redirect URL. */
  const begin = async (waiting = WAITING) => {
    await runCommand(page, 'Looker: Log In…');
    await submit(page, host);
    const chosen = await chooseBrowser(page);
    await chosen.opened.close();
    ({ address } = chosen);
    await waitForQuickInputMessage(page, waiting);
    ended = new URL(await new WebBrowser(looker.baseUrl).letIn(address, KATHERINE));
  };
  const isLoggedIn = async () => {
    await waitUntilQuickInputCloses(page);
    await statusBarItem(page, /Katherine Johnson/);
    assert.deepEqual(await labelsOf(neighbor), [`Katherine Johnson (${host})`]);
  };
  const logOut = async () => {
    await runCommand(page, 'Looker: Log Out…');
    await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Log Out' }).click();
    await statusBarItem(page, /log in/i);
  };
  /** Checks that no code has been redeemed since this call, and no account is logged in. */
  const nothingCame = (): Unharmed => {
    const before = redeemed(looker).length;
    return async () => {
      assert.deepEqual(redeemed(looker).slice(before), []);
      assert.deepEqual(await labelsOf(neighbor), []);
    };
  };
  const get = (target: string, ...headers: readonly string[]) =>
    sendRaw(PORT, head(`GET ${target} HTTP/1.1`, `Host: 127.0.0.1:${PORT}`, ...headers));

  it("ignores an attacker's code or error without the right state", async () => {
    await begin();
    const unharmed = nothingCame();
    // A code that Looker issued to the attacker. It would log the user in to the attacker's account.
    const { code } = await codeFor(looker, 'grace@example.com');
    const theirs = `${ended.pathname}?code=${code}`;
    const right = ended.searchParams.get('state') ?? '';
    const states = ['', '&state=', '&state=x', `&state=${right}x`, `&state=${right.toUpperCase()}`];
    const more = [`&state=${right.slice(0, -1)}`, `&State=${right}`, `&state%00=${right}`];
    for (const state of [...states, ...more, `&state=${'a'.repeat(12_000)}`]) {
      const { text } = await get(theirs + state);
      assert.doesNotMatch(text, /logged in to Looker as/, state);
      await unharmed();
    }
    // They can't end the user's login either.
    for (const state of ['', '&state=x']) {
      await get(`${ended.pathname}?error=access_denied${state}`, 'Origin: https://evil.test');
      await unharmed();
    }
    await waitForQuickInputMessage(page, WAITING);
  });

  it('rejects its redirect URL unless it comes in the GET request that a browser sends', async () => {
    const unharmed = nothingCame();
    const target = ended.pathname + ended.search;
    const good = `Host: 127.0.0.1:${PORT}`;
    for (const bytes of [
      head(`POST ${target} HTTP/1.1`, good, 'Content-Length: 0'),
      head(`POST ${ended.pathname} HTTP/1.1`, good, `Content-Length: ${ended.search.length - 1}`) +
        ended.search.slice(1),
      head(`PUT ${target} HTTP/1.1`, good, 'Content-Length: 0'),
      head(`GET ${target} HTTP/1.1`, 'Host: evil.test'),
      head(`GET ${target} HTTP/1.1`, `Host: evil.test:${PORT}`),
      head(`GET ${target} HTTP/1.1`, `Host: localhost:${PORT}`),
      head(`GET ${target} HTTP/1.1`, good, 'Host: evil.test'),
      head(`GET ${target} HTTP/1.0`),
      head(`GET /other${target} HTTP/1.1`, good),
      head(`GET /x/..${target} HTTP/1.1`, good),
      head(`GET ${target.replace('looker-auth', 'looker%2Dauth')} HTTP/1.1`, good),
      head(`GET http://evil.test${target} HTTP/1.1`, good),
    ]) {
      const { status } = await sendRaw(PORT, bytes);
      await unharmed();
      assert.ok(status >= 400, `${status} to ${bytes}`);
    }
    await waitForQuickInputMessage(page, WAITING);
  });

  it("can't be read or framed by a page of another site", async () => {
    const unharmed = nothingCame();
    const foreign = await page.context().newPage();
    await foreign.goto(elsewhere.baseUrl.replace('127.0.0.1', 'localhost'));
    const guess = `${REDIRECT}?code=x&state=guess`;
    const read = await foreign.evaluate<string>(
      `fetch(${JSON.stringify(guess)}).then((reply) => reply.text()).catch(() => '')`,
    );
    assert.equal(read, '', 'a page of another site reads what the listener says');
    const framing = foreign.waitForEvent('framenavigated', (frame) => frame.parentFrame() !== null);
    await foreign.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { src: ${JSON.stringify(guess)} }))`,
    );
    const shown = await (await framing).content();
    assert.doesNotMatch(shown, /another login/, 'a page of another site frames it');
    await foreign.close();
    await unharmed();
    await waitForQuickInputMessage(page, WAITING);
  });

  it('completes despite many idle and slow connections, and closes them', async () => {
    const many = Array.from({ length: 100 }, () => open(PORT));
    const slow = many.filter((_, index) => index % 2 > 0);
    for (const socket of slow) socket.write(`GET ${ended.pathname}?state=`);
    const dripping = setInterval(() => {
      for (const socket of slow) socket.write('a');
    }, 100);
    // The browser gets no response until these connections are closed, and then its page.
    const arrived = async () => {
      for (;;) {
        const { status } = await get(ended.pathname + ended.search);
        if (status !== 0) return status;
      }
    };
    try {
      assert.equal(await arrived(), 200);
      await Promise.all(many.map(closed));
    } finally {
      clearInterval(dripping);
    }
    await isLoggedIn();
    assert.deepEqual(redeemed(looker), [ended.searchParams.get('code')]);
  });

  it("stops listening when it is done, so its redirect URL can't be used again", async () => {
    assert.equal((await get(ended.pathname + ended.search)).status, 0);
    assert.equal(redeemed(looker).length, 1);
    await logOut();
  });

  it('fails if the redirect URL has two codes, and redeems neither', async () => {
    await begin();
    const before = redeemed(looker).length;
    const { code } = await codeFor(looker, 'grace@example.com');
    await get(`${ended.pathname}${ended.search}&code=${code}`);
    assert.deepEqual(redeemed(looker).slice(before), []);
    assert.deepEqual(await labelsOf(neighbor), []);
    await waitForHow(page);
    await waitForNotification(page, /didn't send a code/);
    await pressEscape(page);
  });

  it('accepts no pasted URL except its own redirect URL', async () => {
    await begin();
    const unharmed = nothingCame();
    const { search } = ended;
    const other = await new WebBrowser(elsewhere.baseUrl).letIn(
      address.replace(looker.baseUrl, elsewhere.baseUrl).replace(/state=[\w-]+/, 'state=theirs'),
      KATHERINE,
    );
    for (const [text, said] of [
      [`javascript:alert(document.domain)//${search}`, /Paste the full address/],
      [`command:workbench.action.quit${search}`, /Paste the full address/],
      [`https://evil.test/looker-auth${search}`, /Paste the full address/],
      [`http://127.0.0.1:${PORT}@evil.test/looker-auth${search}`, /Paste the full address/],
      [`http://evil.test:${PORT}/looker-auth${search}`, /Paste the full address/],
      [`http://user:secret@127.0.0.1:${PORT}/looker-auth${search}`, /Paste the full address/],
      [`${looker.baseUrl}/looker-auth${search}`, /Paste the full address/],
      [`${REDIRECT}/../other${search}`, /Paste the full address/],
      [other, /belongs to another login/],
      [`${REDIRECT}?code=[Here](command:workbench.action.quit)&state=x`, /belongs to another/],
      [`${REDIRECT}?error=<a href=https://evil.test>&state=x`, /belongs to another login/],
    ] as const) {
      await submit(page, text);
      await unharmedUntil(waitForQuickInputMessage(page, said), unharmed);
      const box = page.locator('.quick-input-message');
      assert.equal(await box.locator('a, img').count(), 0);
      assert.doesNotMatch(await box.innerText(), /evil|quit|alert/);
      // Clear the box, so that the next message is a new one.
      await page.locator('.quick-input-box input').fill('');
      await waitForQuickInputMessage(page, WAITING);
    }
    await screenshot(page, 'attack-paste');
  });

  it('gives another extension no session before it is done, or afterward without consent', async () => {
    void neighbor.run(async ({ vscode }, baseUrl) => {
      const seen: unknown[] = [];
      Object.assign(globalThis, { seen });
      while (!('isOver' in globalThis)) {
        for (const scopes of [[], [baseUrl]]) {
          const session = await vscode.authentication
            .getSession('looker', scopes, { silent: true })
            .then(undefined, (error: unknown) => String(error));
          if (session) seen.push(session);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }, looker.baseUrl);
    await submit(page, ended.href);
    await isLoggedIn();
    const seen = await neighbor.run(async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      Object.assign(globalThis, { isOver: true });
      return (globalThis as unknown as { seen: unknown[] }).seen;
    });
    assert.deepEqual(seen, []);
    await logOut();
  });

  it("gives another extension that has taken its port only a code that it can't redeem", async () => {
    await neighbor.run(async ({ require }, port) => {
      const { createServer } = require('node:http') as typeof import('node:http');
      const caught: string[] = [];
      const server: Server = createServer(({ url = '' }, response) => {
        caught.push(url);
        response.end();
      }).listen(port, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      Object.assign(globalThis, { caught, server });
    }, PORT);
    await begin(/When your browser stops/);
    await fetch(ended);
    const before = looker.liveTokens().length;
    const statuses = await neighbor.run(
      async (_, baseUrl, clientId, redirectUri) => {
        const { caught, server } = globalThis as unknown as { caught: string[]; server: Server };
        server.close();
        const [url = ''] = caught;
        const code = new URL(url, baseUrl).searchParams.get('code');
        const statuses: number[] = [];
        const challenge = 'x'.repeat(43);
        for (const proof of [{}, { code_verifier: '' }, { code_verifier: challenge }]) {
          const body = { grant_type: 'authorization_code', code, client_id: clientId };
          const { status } = await fetch(`${baseUrl}/api/token`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ ...body, redirect_uri: redirectUri, ...proof }),
          });
          statuses.push(status);
        }
        return statuses;
      },
      looker.baseUrl,
      OWN_CLIENT.clientId,
      REDIRECT,
    );
    assert.deepEqual(statuses, [400, 400, 400], 'another program has redeemed the code');
    assert.equal(looker.liveTokens().length, before);
    assert.deepEqual(await labelsOf(neighbor), []);
    await pressEscape(page);
  });

  it("can't be completed with a URI that another program opens", async () => {
    const { activationEvents = [] } = await neighbor.run(
      ({ vscode }) =>
        vscode.extensions.getExtension('looker-auth.looker-auth')?.packageJSON as {
          activationEvents?: string[];
        },
    );
    assert.deepEqual(
      activationEvents.filter((event) => event.startsWith('onUri')),
      [],
    );
  });
});

/** An instance that abuses its OAuth to reach what belongs to others. */
describe('an instance that lies about its OAuth', () => {
  let looker: StandInLooker;
  let victim: StandInLooker;
  let neighbor: Neighbor;
  let page: Page;
  let host: string;
  let far: string;

  story(async (start) => {
    await start(RedirectPorts);
    looker = await start(StandInLooker);
    victim = await start(StandInLooker);
    looker.registerClient(OWN_CLIENT.clientId, OWN_CLIENT.redirectUris);
    host = new URL(looker.baseUrl).host;
    // The other instance, under a host name that the lying one doesn't have.
    far = victim.baseUrl.replace('127.0.0.1', 'localhost');
    neighbor = await start(Neighbor);
    const machine = await start(Machine, {
      extensions: [ROOT, NEIGHBOR],
      env: () => neighbor.env,
    });
    page = await machine.openWindow();
    return page;
  });

  /** Checks that the other instance has received no requests since this call, and no page of another host is open. */
  const nothingElsewhere = (): Unharmed => {
    const before = victim.requests.length;
    return () => {
      const came = victim.requests.slice(before);
      assert.deepEqual(
        came.map(({ method, path, form, query }) => [method, path, form, query]),
        [],
      );
      const pages = page.context().pages();
      assert.deepEqual(
        pages.map((each) => each.url()).filter((url) => /evil|localhost|command:/.test(url)),
        [],
      );
    };
  };
  const lie = (change: Readonly<Record<string, unknown>>) => {
    looker.oauth.metadata = (origin) => ({
      issuer: origin,
      authorization_endpoint: `${origin}/auth`,
      token_endpoint: `${origin}/api/token`,
      ...change,
    });
  };

  it('starts next to another instance that the user is logged in to', async () => {
    await logIn(page, victim, 'Ada');
    await statusBarItem(page, /Ada Lovelace/);
  });

  it("can't make Looker Auth open another host, a less secure URL, or anything that isn't a page", async () => {
    for (const endpoint of [
      `${far}/auth`,
      'https://evil.test/auth',
      `http://127.0.0.1@evil.test/auth`,
      'command:workbench.action.quit',
      'javascript:alert(1)',
      'vscode://looker-auth.looker-auth/auth',
      `${looker.baseUrl}/auth?client_id=theirs&redirect_uri=https://evil.test`,
      `${looker.baseUrl}/auth#https://evil.test`,
    ]) {
      for (const field of ['authorization_endpoint', 'token_endpoint', 'issuer']) {
        lie({ [field]: endpoint });
        const unharmed = nothingElsewhere();
        await runCommand(page, 'Looker: Log In…');
        await submit(page, host);
        // If anything opens, it does so once the browser is chosen.
        const refused = async () => {
          await waitForHow(page);
          await submit(page, 'browser');
          await waitForNotification(page, /^\s*Looker Auth didn't open /);
        };
        await unharmedUntil(refused(), unharmed);
        await pressEscape(page);
        await waitUntilQuickInputCloses(page);
        await runCommand(page, 'Notifications: Clear All Notifications');
        if (!endpoint.startsWith(far)) break;
      }
    }
    await screenshot(page, 'attack-metadata');
  });

  const begin = async () => {
    await runCommand(page, 'Looker: Log In…');
    await submit(page, host);
    const { opened, address } = await chooseBrowser(page);
    await opened.close();
    await waitForQuickInputMessage(page, WAITING);
    return address;
  };
  /** All text in the window, once it shows that the login failed. */
  const failure = async () => {
    await waitForHow(page);
    await page.locator('.notification-toast').first().waitFor();
    return page.locator('body').innerText();
  };

  it("can't change the login request with special characters in the URL of its login page", async () => {
    lie({
      authorization_endpoint: `${looker.baseUrl}/auth/%26state=theirs%23/"<x>;redirect_uri=a`,
    });
    const unharmed = nothingElsewhere();
    const { origin, pathname, hash, searchParams } = new URL(await begin());
    assert.deepEqual([origin, pathname, hash], [looker.baseUrl, '/auth', '']);
    assert.match(searchParams.getAll('state').join(), /^[\w-]{43}$/);
    assert.deepEqual(searchParams.getAll('redirect_uri'), [REDIRECT]);
    assert.deepEqual(searchParams.getAll('client_id'), [OWN_CLIENT.clientId]);
    await unharmed();
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
    lie({});
  });

  it("can't redirect the code or the code verifier to another host", async () => {
    for (const status of [302, 307, 308]) {
      const unharmed = nothingElsewhere();
      const address = await begin();
      looker.fault({
        path: '/api/token',
        kind: { is: 'redirect', to: `${far}/api/token`, status },
      });
      const ended = await new WebBrowser(looker.baseUrl).letIn(address, KATHERINE);
      const shown = await (await fetch(ended)).text();
      unharmed();
      assert.match(shown, /redirects to http:\/\/localhost/);
      await unharmedUntil(failure(), unharmed);
      looker.clearFaults();
      await pressEscape(page);
      await waitUntilQuickInputCloses(page);
    }
  });

  const EVIL =
    '<img src="https://evil.test/x.png"> [Log in](command:workbench.action.quit) https://evil.test $(check)';

  it("can't show its own text in VS Code or on the page when it refuses a login", async () => {
    const lying = [
      { error: 'access_denied', error_description: EVIL, error_uri: 'https://evil.test' },
      { error: 'server_error', error_description: EVIL, error_uri: 'https://evil.test' },
      { error: '[x](command:workbench.action.quit) https://evil.test', error_description: EVIL },
    ];
    for (const words of lying) {
      const address = await begin();
      const state = new URL(address).searchParams.get('state') ?? '';
      const shown = await page.context().newPage();
      await shown.goto(`${REDIRECT}?${new URLSearchParams({ ...words, state }).toString()}`);
      await shown.waitForSelector('main');
      await screenshot(shown, 'attack-error-description');
      assert.doesNotMatch(await shown.content(), /evil|command:/);
      assert.equal(await shown.locator('a, img, script, iframe, form').count(), 0);
      await shown.close();
      assert.doesNotMatch(await failure(), /evil|command:/);
      await pressEscape(page);
      await waitUntilQuickInputCloses(page);
    }
    looker.fault({
      path: '/api/token',
      kind: { is: 'json', status: 400, body: { ...lying[2], message: EVIL } },
    });
    const ended = await new WebBrowser(looker.baseUrl).letIn(await begin(), KATHERINE);
    assert.doesNotMatch(await (await fetch(ended)).text(), /evil|command:/);
    assert.doesNotMatch(await failure(), /evil|command:/);
    assert.deepEqual(await linksIn(page, /./), []);
    await pressEscape(page);
    looker.clearFaults();
  });

  it("can't pass its user off as an account on another instance", async () => {
    const ada = victim.person('Ada');
    const before = { tokens: victim.liveTokens(), requests: victim.requests.length };
    looker.fault({
      path: '/user',
      kind: {
        is: 'json',
        status: 200,
        body: {
          id: String(ada.id),
          display_name: `Ada Lovelace ${EVIL}`,
          email: ada.email,
          url: `${victim.baseUrl}/api/4.0/users/${ada.id}`,
          home_url: victim.baseUrl,
          base_url: victim.baseUrl,
        },
      },
    });
    const address = await begin();
    const ended = await new WebBrowser(looker.baseUrl).letIn(address, KATHERINE);
    const shown = await page.context().newPage();
    await shown.goto(ended);
    await shown.waitForSelector('main');
    await screenshot(shown, 'attack-name-on-page');
    assert.equal(await shown.locator('a, img, script, iframe, form').count(), 0);
    await shown.close();
    await waitUntilQuickInputCloses(page);
    const labels = await labelsOf(neighbor);
    assert.equal(labels.length, 2);
    assert.ok(labels.includes(`Ada Lovelace (${new URL(victim.baseUrl).host})`), labels.join());
    assert.equal(labels.filter((label) => label.endsWith(`(${host})`)).length, 1, labels.join());
    assert.deepEqual(victim.liveTokens(), before.tokens, 'the account elsewhere has changed');
    assert.equal(victim.requests.length, before.requests, 'the other instance was asked');
    looker.clearFaults();
  });
});
