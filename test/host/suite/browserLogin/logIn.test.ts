import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { OWN_CLIENT } from '../../../../src/looker/oauth/client';
import { StandInLooker } from '../../../standIn/standInLooker';
import { filesWith } from '../../../support/leaks';
import { secretsOf } from '../../../support/secretsOf';
import { until } from '../../../support/until';
import { HOME } from '../environment';
import { labels, logIn as logInWithKey, logoutEverybody, run } from '../looker';
import { ScriptedUser, type Answer } from '../scriptedUser';
import { comeAs, decide, Visitor, type Visit } from './visitor';

const { clientId, redirectUris } = OWN_CLIENT;
const KATHERINE = 'katherine@example.com';
const GRACE = 'grace@example.com';
const BROWSER: Answer = { choose: /With Your Browser/ };
const WAIT: Answer = { leave: 'open' };

describe('Log In… with the browser', () => {
  let looker: StandInLooker;
  let user: ScriptedUser;
  let visitor: Visitor;
  const secrets = new Set<string>();
  const said: string[] = [];

  beforeEach(async () => {
    looker = await StandInLooker.start({ oauth: { isThere: true, rotation: 'newAndReuseKills' } });
    user = new ScriptedUser();
    visitor = new Visitor(looker, comeAs(KATHERINE));
  });
  afterEach(async () => {
    looker.clearFaults();
    await visitor.rest();
    assert.equal(user.unused, 0);
    await logoutEverybody(user);
    for (const secret of secretsOf(looker)) secrets.add(secret);
    said.push(...user.messages, ...user.prompts.flatMap(({ error, note }) => [error, note].join()));
    said.push(...user.dialogs.map(({ question, detail }) => `${question} ${detail}`));
    said.push(...visitor.pages);
    visitor.dispose();
    user.dispose();
    await looker.stop();
    await assert.rejects(fetch(redirectUris[0]), 'nothing listens any more');
  });
  after('leaves no code, verifier, state or token in any file, message or page', async () => {
    assert.ok(secrets.size > 40, String(secrets.size));
    assert.deepEqual(await filesWith(HOME, [...secrets]), []);
    assert.deepEqual(
      said.filter((text) => [...secrets].some((secret) => text.includes(secret))),
      [],
    );
    assert.notDeepEqual(await filesWith(HOME, ['Logged in as Katherine Johnson']), []);
  });

  const host = () => new URL(looker.baseUrl).host;
  const register = () => {
    looker.registerClient(clientId, redirectUris);
  };
  const last = () => user.prompts.at(-1);
  /** The last prompt with this text. */
  const asked = (words: RegExp) => user.prompts.filter(({ asks }) => words.test(asks ?? ''));
  /** The same, once there is nothing left to press. */
  const onceLeftOpen =
    (visit: Visit): Visit =>
    async (browser, address) => {
      await until(() => user.unused === 0);
      return visit(browser, address);
    };
  const logIn = async (...answers: Answer[]) => {
    user.answer(looker.baseUrl, BROWSER, ...(answers.length > 0 ? answers : [WAIT]));
    await run('login');
    await visitor.rest();
  };

  it('is verified, saved, and confirmed on the page', async () => {
    register();
    await logIn();
    assert.deepEqual(await labels(), [`Katherine Johnson (${host()})`]);
    assert.match(visitor.pages.join(), /logged in to .* as Katherine Johnson/);
    assert.deepEqual(user.messages, []);
    const box = last();
    assert.equal(box?.title, `Log In to ${host()}`);
    assert.match(box.asks ?? '', /^Waiting for your browser\./);
    assert.ok(box.isPassword, 'a pasted text is hidden there');
  });

  it('comes first if the client is registered, or if the user last logged in there with it', async () => {
    register();
    const how = (answers: Answer[]) => {
      user.answer(looker.baseUrl, ...answers);
      return run('login');
    };
    await how(['Esc']);
    const { apiKey } = looker.person('Ada');
    const keys = [apiKey?.clientId ?? '', apiKey?.clientSecret ?? ''];
    await how([{ choose: /With an API Key/ }, ...keys]);
    await logoutEverybody(user);
    await how(['Esc']);
    await how([BROWSER, WAIT]);
    await logoutEverybody(user);
    await how(['Esc']);
    const first = asked(/^Choose how to log in to/).map(({ lines }) => lines[0]);
    assert.deepEqual(first, [
      '$(globe) With Your Browser',
      '$(globe) With Your Browser',
      '$(key) With an API Key',
      '$(key) With an API Key',
      '$(globe) With Your Browser',
    ]);
  });

  it('says what helps if no client is registered, and copies a message for the admin', async () => {
    await vscode.env.clipboard.writeText('');
    await logIn({ choose: /Copy a Message/ }, 'Esc');
    const [how] = asked(/^Choose how to log in to/);
    assert.equal(how?.lines[0], '$(key) With an API Key');
    assert.match(how.details[1] ?? '', /^Browser login isn't set up\./);
    const [help] = asked(/^A Looker admin has to set up/);
    assert.deepEqual(help?.lines, [
      '$(copy) Copy a Message for Your Looker Admin',
      '$(key) With an API Key',
    ]);
    const message = await vscode.env.clipboard.readText();
    for (const part of [looker.baseUrl, clientId, redirectUris[0], 'Set Up Browser Login…']) {
      assert.ok(message.includes(part), part);
    }
    assert.deepEqual(visitor.opened, []);
  });

  it('leads from there to an API key, and back', async () => {
    const { clientId: id, clientSecret } = looker.apiKeyOf('Grace');
    await logIn('Back', BROWSER, { choose: /With an API Key/ }, id, clientSecret);
    assert.deepEqual(await labels(), [`Grace Hopper (${host()})`]);
  });

  it('is set up from there by a logged-in admin, and continues', async () => {
    await logInWithKey(user, looker, 'Ada', { choose: /With an API Key/ });
    user.press('Set Up');
    await logIn({ choose: /Set Up Browser Login…/ }, WAIT);
    assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`, `Katherine Johnson (${host()})`]);
    assert.deepEqual(looker.clients.get(clientId)?.redirectUris, [redirectUris[0]]);
  });

  it('shows why it failed, and can be retried in the list', async () => {
    register();
    visitor.visit = async (browser, address) => {
      visitor.visit = comeAs(KATHERINE);
      return decide(KATHERINE, 'deny')(browser, address);
    };
    await logIn(WAIT, BROWSER, WAIT);
    const [, again] = asked(/^Choose how to log in to/);
    assert.match(again?.details[0] ?? '', /^\$\(warning\) Couldn't log in\./);
    assert.deepEqual(user.messages, [
      `${host()} denied access. Log in again and allow it, or ask your Looker admin whether your group can use Looker Auth.`,
    ]);
    assert.match(visitor.pages[0] ?? '', /denied access/);
    assert.equal((await labels()).length, 1);
  });

  it('keeps waiting if Looker shows an error, helps, and opens the page again', async () => {
    looker.setGroup('7', ['Grace Hopper']);
    looker.registerClient(clientId, redirectUris, '7');
    user.answer(looker.baseUrl, BROWSER, { press: /^Looker Shows an Error$/ });
    user.answer({ press: /^Open Again$/ }, WAIT);
    visitor.visit = async (browser, address) => {
      visitor.visit = onceLeftOpen(comeAs(GRACE));
      return decide(KATHERINE, 'allow')(browser, address);
    };
    await run('login');
    assert.ok(visitor.ended[0]?.startsWith(looker.baseUrl), 'a page of Looker’s: 403');
    assert.equal(visitor.opened[0], visitor.opened[1]);
    assert.match(user.messages.join(), /your group can't use it/);
    assert.deepEqual(await labels(), [`Grace Hopper (${host()})`]);
  });

  it('ends with Esc, without saving or showing anything', async () => {
    register();
    visitor.visit = () => Promise.resolve(looker.baseUrl);
    user.answer(looker.baseUrl, BROWSER, 'Esc');
    await run('login');
    assert.equal(visitor.opened.length, 1);
    assert.deepEqual(await labels(), []);
    assert.deepEqual(user.messages, []);
  });

  it('replaces another one that is in progress', async () => {
    register();
    const { visit } = visitor;
    visitor.visit = () => Promise.resolve(looker.baseUrl);
    user.answer(looker.baseUrl, BROWSER, WAIT);
    const first = run('login');
    await until(() => visitor.opened.length === 1 && user.unused === 0);
    // VS Code closes a prompt when another one opens.
    user.dismiss();
    visitor.visit = visit;
    await logIn();
    await first;
    assert.deepEqual(await labels(), [`Katherine Johnson (${host()})`]);
    const [one = '', other = ''] = visitor.opened.map((address) =>
      new URL(address).searchParams.get('state'),
    );
    assert.notEqual(one, other);
  });

  it('asks before another user replaces the one to log in again', async () => {
    register();
    looker.setTokenLife(1);
    await logIn();
    looker.setTokenLife(3600);
    looker.endRefreshTokens();
    await wait(1100);
    await run('renewToken');
    visitor.visit = comeAs(GRACE);
    // It starts with how to log in to that instance again.
    user.answer(BROWSER, WAIT, 'Esc');
    await run('login');
    const [dialog] = user.dialogs;
    assert.equal(dialog?.question, `Log in to ${host()} as Grace Hopper?`);
    assert.match(dialog.detail ?? '', /as Grace Hopper, not as Katherine Johnson/);
    assert.deepEqual(dialog.buttons, ['Log In as Grace Hopper']);
    assert.match(last()?.details[0] ?? '', /^\$\(warning\) Couldn't log in\./);
    assert.match(user.messages.at(-1) ?? '', /as Grace Hopper, not as Katherine Johnson/);
    assert.match(visitor.pages.at(-1) ?? '', /Log out of Looker there/);
    assert.deepEqual(await labels(), [`Katherine Johnson (${host()})`]);
    await until(() => looker.liveRefreshTokens().length === 0);
    assert.deepEqual(looker.liveTokens(), [], 'nothing of the other login lives on');
    user.answer(BROWSER, WAIT);
    user.press('Log In as Grace Hopper');
    await run('login');
    assert.deepEqual(await labels(), [`Grace Hopper (${host()})`, `Katherine Johnson (${host()})`]);
  });

  it('saves only the token if the user wants that', async () => {
    register();
    // The page is opened again once that is settled.
    visitor.visit = () => {
      visitor.visit = onceLeftOpen(comeAs(KATHERINE));
      return Promise.resolve(looker.baseUrl);
    };
    await logIn({ press: /^Don't Save This Login/ }, { press: /^Open Again$/ }, WAIT);
    user.press('Log Out');
    await run('logout');
    assert.match(user.dialogs[0]?.detail ?? '', /^To log in again, use your browser\.$/);
  });

  describe('and its ports', () => {
    const taken: Server[] = [];
    const take = async (uris: readonly string[]) => {
      for (const uri of uris) {
        const server = createServer((_request, response) => response.end('another program'));
        server.listen(Number(new URL(uri).port), '127.0.0.1');
        await once(server, 'listening');
        taken.push(server);
      }
    };
    beforeEach(async () => {
      await looker.stop();
      looker = await StandInLooker.start({
        release: '26.22.0',
        oauth: { hasSeveralRedirectUris: true },
      });
      visitor.dispose();
      visitor = new Visitor(looker, comeAs(KATHERINE));
      register();
    });
    afterEach(async () => {
      for (const server of taken.splice(0)) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    });

    it('uses the next port if one is taken', async () => {
      await take(redirectUris.slice(0, 1));
      await logIn();
      assert.ok(visitor.ended[0]?.startsWith(redirectUris[1] ?? ''));
      assert.equal((await labels()).length, 1);
    });

    it('takes a pasted address if all are taken, however sloppily pasted', async () => {
      await take(redirectUris);
      const ended = new Promise<string>((resolve) => {
        visitor.visit = async (browser, address) => {
          const there = await comeAs(KATHERINE)(browser, address);
          resolve(there);
          return there;
        };
      });
      const paste = (made: (address: string) => string): Answer => ({ typing: ended.then(made) });
      await logIn(
        paste(() => `${looker.baseUrl}/auth?error=unknown`),
        paste((address) => new URL(address).searchParams.get('code') ?? ''),
        paste((address) => address.replace('state=', 'state=x')),
        paste((address) => `“${address.slice('http://'.length)}”.`),
      );
      assert.equal(visitor.pages[0], 'another program');
      assert.equal((await labels()).length, 1);
      const boxes = asked(/^When your browser stops on a page/);
      assert.match(boxes[1]?.error ?? '', /^Paste the full address/);
      assert.match(boxes[2]?.error ?? '', /^Paste the full address/);
      assert.match(boxes[3]?.error ?? '', /^This address belongs to another login/);
    });
  });
});
