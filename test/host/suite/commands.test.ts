import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { CanceledError } from '../../../src/looker/errors/expectedError';
import { checkConnection } from '../../../src/vscode/diagnostics/checkConnection';
import type { CommandContext } from '../../../src/vscode/context';
import { openInstance } from '../../../src/vscode/commands/openInstance';
import { StandInLooker } from '../../standIn/standInLooker';
import { filesWith } from '../../support/leaks';
import { until } from '../../support/until';
import { HOME } from './environment';
import { actAs, EXTENSION, isOnlyAsked, labels, logoutEverybody, QUESTIONS, run } from './looker';
import { ScriptedUser, type Answer } from './scriptedUser';

const settings = () => vscode.workspace.getConfiguration('lookerAuth');

describe('the commands', () => {
  let looker: StandInLooker;
  let user: ScriptedUser;
  const secrets = new Set<string>();
  const messages: string[] = [];

  beforeEach(async () => {
    looker = await StandInLooker.start();
    user = new ScriptedUser();
  });
  afterEach(async () => {
    looker.clearFaults();
    assert.equal(user.unused, 0);
    await logoutEverybody(user);
    user.dispose();
    messages.push(...user.messages, ...user.prompts.flatMap(({ error }) => error ?? []));
    await looker.stop();
    assert.deepEqual(await labels(), []);
    for (const { apiKey } of looker.people) if (apiKey) secrets.add(apiKey.clientSecret);
    for (const { token } of looker.requests) if (token) secrets.add(token);
  });
  after('leave no secret and no token in any file or message', async () => {
    assert.ok(secrets.size > 30);
    assert.deepEqual(await filesWith(HOME, [...secrets]), []);
    assert.deepEqual(
      messages.filter((message) => [...secrets].some((secret) => message.includes(secret))),
      [],
    );
    // The search itself works: the log names the users.
    assert.notDeepEqual(await filesWith(HOME, ['Logged in as Ada Lovelace']), []);
    // No other extension has registered the provider ID, so nothing is shown.
    assert.deepEqual(await filesWith(HOME, ['has registered as the provider']), []);
  });

  const keyOf = (name: string): [string, string] => {
    const { clientId, clientSecret } = looker.apiKeyOf(name);
    return [clientId, clientSecret];
  };
  const login = async (name: string) => {
    user.answer(looker.baseUrl, ...keyOf(name));
    await run('login');
  };
  /** Logs out of one of several accounts. */
  const logoutOf = async (line: RegExp) => {
    user.answer({ choose: line });
    user.press('Log Out');
    await run('logout');
  };
  const host = () => new URL(looker.baseUrl).host;
  const searches = () => looker.requests.filter(({ path }) => path.endsWith('/search'));

  it('are those in the manifest', async () => {
    const extension = vscode.extensions.getExtension(EXTENSION);
    await extension?.activate();
    const manifest = extension?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const declared = manifest.contributes.commands.map(({ command }) => command).sort();
    const registered = (await vscode.commands.getCommands(true))
      .filter((command) => command.startsWith('lookerAuth.'))
      .sort();
    assert.deepEqual(registered, declared);
  });

  describe('Log In…', () => {
    it('takes a sloppily pasted URL and the key, and asks for nothing else', async () => {
      user.answer(` ${host()}/explore/model/view?x=1 `, ...keyOf('Ada'));
      await run('login');
      assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
      assert.deepEqual(user.messages, []);
      assert.deepEqual(
        user.prompts.map(({ isPassword }) => isPassword),
        [false, false, true],
      );
    });

    it('returns a refused key to the prompt where it is typed', async () => {
      const [clientId, clientSecret] = keyOf('Ada');
      user.answer(looker.baseUrl, clientId, 'wrong', clientId, clientSecret);
      await run('login');
      assert.match(user.prompts[3]?.error ?? '', /rejected this API key/);
      assert.equal((await labels()).length, 1);
    });

    it('goes back, step by step', async () => {
      user.answer('Esc');
      await run('login');
      user.answer(
        looker.baseUrl,
        'MistypedClientId00',
        'Back',
        'Back',
        looker.baseUrl,
        ...keyOf('Ada'),
      );
      await run('login');
      assert.equal((await labels()).length, 1);
    });

    const beforeEsc: [where: string, answers: Answer[]][] = [
      ['the instance', []],
      ['the client id', ['x']],
      ['the client secret', ['x', 'SomeClientId00000000']],
    ];
    for (const [where, answers] of beforeEsc) {
      it(`saves and shows nothing on Esc at ${where}`, async () => {
        user.answer(...answers.map((answer) => (answer === 'x' ? looker.baseUrl : answer)), 'Esc');
        await run('login');
        assert.equal(user.prompts.length, answers.length + 1);
        assert.deepEqual(await labels(), []);
        assert.deepEqual(user.messages, []);
        assert.deepEqual(looker.liveTokens(), []);
      });
    }

    const wrong: [what: string, url: string, error: RegExp][] = [
      ['is no URL', 'looker', /isn't the URL of a Looker instance/],
      ['is plain http elsewhere', 'http://looker.example', /plain HTTP/],
    ];
    for (const [what, url, error] of wrong) {
      it(`shows an error if an instance ${what}, and keeps the text`, async () => {
        user.answer(url, 'Esc');
        await run('login');
        assert.match(user.prompts[1]?.error ?? '', error);
        assert.deepEqual(await labels(), []);
      });
    }

    const silent: [what: string, url: string, error: RegExp][] = [
      ['that does not respond', 'http://127.0.0.1:9', /^Couldn't reach 127\.0\.0\.1:9/],
      ['that does not exist', 'https://looker.invalid', /^Couldn't reach looker\.invalid/],
    ];
    for (const [what, url, error] of silent) {
      it(`says under the URL that it is an instance ${what}, and keeps the URL`, async () => {
        user.answer(url, looker.baseUrl, ...keyOf('Ada'));
        await run('login');
        const [, urlAgain, id] = user.prompts;
        assert.match(urlAgain?.error ?? '', error);
        assert.equal(urlAgain?.value, url);
        assert.match(id?.note ?? '', /^127\.0\.0\.1:\d+: Looker 26/);
        assert.equal((await labels()).length, 1);
        assert.deepEqual(user.messages, []);
      });
    }

    it('shows an error of a chosen known instance under the URL, too', async () => {
      const dead = { url: 'http://127.0.0.1:9', name: 'Dead' };
      await settings().update('instances', [dead], vscode.ConfigurationTarget.Global);
      user.answer({ choose: /^Dead/ }, looker.baseUrl, ...keyOf('Ada'));
      await run('login');
      await settings().update('instances', undefined, vscode.ConfigurationTarget.Global);
      const [, url] = user.prompts;
      assert.match(url?.error ?? '', /^Couldn't reach 127\.0\.0\.1:9/);
      assert.equal(url?.value, dead.url);
      assert.equal((await labels()).length, 1);
    });

    it('waits at the URL for a slow instance, and sends no request twice', async () => {
      looker.fault({ path: '/versions', kind: { is: 'slow', ms: 1000 } });
      await login('Ada');
      assert.equal(user.prompts.length, 3);
      assert.equal(looker.requests.filter(({ path }) => path === '/versions').length, 1);
      assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
    });

    const waits: [where: string, answers: () => Answer[], fault: string][] = [
      ['the URL', () => [looker.baseUrl], '/versions'],
      ['a chosen instance', () => [{ choose: new RegExp(host()) }], '/versions'],
      [
        'the login itself',
        () => [{ choose: /Another/ }, looker.baseUrl, ...keyOf('Ada')],
        '/login',
      ],
    ];
    for (const [where, answers, path] of waits) {
      it(`ends on Esc while it waits for ${where}`, async () => {
        const instances = where === 'the URL' ? [] : [{ url: looker.baseUrl }];
        await settings().update('instances', instances, vscode.ConfigurationTarget.Global);
        looker.fault({ path, kind: { is: 'slow', ms: 1000 } });
        user.answer(...answers());
        const running = run('login');
        await until(() => looker.requests.some((request) => request.path.endsWith(path)));
        user.dismiss();
        await running;
        await settings().update('instances', undefined, vscode.ConfigurationTarget.Global);
        await until(() => looker.requests.every(({ status }) => status !== undefined));
        assert.deepEqual(await labels(), []);
        assert.deepEqual(user.messages, []);
      });
    }

    it('keeps the text if nothing responds in time', async () => {
      await settings().update('timeout', 1, vscode.ConfigurationTarget.Global);
      looker.fault({ path: '/versions', times: 1, kind: { is: 'halfOpen' } });
      user.answer(looker.baseUrl, looker.baseUrl, ...keyOf('Ada'));
      await run('login');
      await settings().update('timeout', undefined, vscode.ConfigurationTarget.Global);
      const [, url] = user.prompts;
      assert.match(url?.error ?? '', /didn't respond within 1 second/);
      assert.equal(url?.value, looker.baseUrl);
      assert.equal((await labels()).length, 1);
    });

    it('names the host in the title of each prompt for a key', async () => {
      user.answer(looker.baseUrl, 'MistypedClientId00', 'wrong', ...keyOf('Ada'));
      await run('login');
      assert.deepEqual(
        user.prompts.map(({ title }) => title),
        ['Log In to Looker', ...Array.from({ length: 4 }, () => `Log In to ${host()}`)],
      );
    });

    it('starts with the active account if that needs a login, with a way to another one', async () => {
      looker.setTokenLife(1);
      user.answer(looker.baseUrl, keyOf('Ada')[0], { press: /^Don't Save the API Key/ });
      user.answer(keyOf('Ada')[1]);
      await run('login');
      looker.setTokenLife(3600);
      await wait(1100);
      const seen = user.prompts.length;
      user.answer('Back', 'Esc');
      await run('login');
      user.answer(...keyOf('Ada'));
      await run('login');
      const [id, instance, idAgain] = user.prompts.slice(seen);
      for (const box of [id, idAgain]) {
        assert.equal(box?.title, `Log In to ${host()}`);
        assert.equal(box.asks, `${looker.baseUrl}: client ID of Ada Lovelace's API key`);
      }
      assert.equal(instance?.asks, 'Choose a Looker instance, or enter its URL');
      assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
      assert.equal(looker.liveTokens().length, 1);
    });

    it('shows what it has found before a key is sent', async () => {
      user.answer(
        looker.baseUrl,
        { seeing: /^127\.0\.0\.1:\d+: Looker 26\.12\.3, API 4\.0/, type: 'x' },
        'Esc',
      );
      await run('login');
      assert.deepEqual(
        looker.requests.map(({ method, path }) => `${method} ${path}`),
        QUESTIONS,
      );
    });

    it('keeps a client ID that Looker has refused, and the secret', async () => {
      user.answer(
        looker.baseUrl,
        'MyClientId0000000000',
        'my-secret',
        'MyClientId0000000000',
        'Esc',
      );
      await run('login');
      const [, , , id, secret] = user.prompts;
      assert.match(id?.error ?? '', /rejected this API key/);
      assert.deepEqual([id?.value, secret?.value], ['MyClientId0000000000', 'my-secret']);
    });

    describe('with client ID and secret pasted together', () => {
      const pasted = (name: string, baseUrl?: string) => {
        const [clientId, clientSecret] = keyOf(name);
        const url = baseUrl === undefined ? '' : `base_url=${baseUrl} `;
        return `[Looker] ${url}client_id=${clientId} client_secret=${clientSecret}`;
      };

      it("doesn't ask for the secret", async () => {
        user.answer(looker.baseUrl, pasted('Ada', looker.baseUrl));
        await run('login');
        assert.equal((await labels()).length, 1);
        assert.equal(user.prompts.length, 2);
      });

      it('takes them in the URL prompt, too, and leaves the URL there', async () => {
        const [clientId, clientSecret] = keyOf('Ada');
        user.answer(`${looker.baseUrl} ${clientId} ${clientSecret}`, 'Back', 'Esc');
        await run('login');
        assert.deepEqual(
          user.prompts.map(({ value }) => value),
          ['', clientId, looker.baseUrl],
        );
        user.answer(`${looker.baseUrl} ${clientId} ${clientSecret}`, clientId);
        await run('login');
        assert.equal((await labels()).length, 1);
        assert.equal(user.prompts.length, 5);
      });

      it('hides a secret in the URL prompt', async () => {
        const [, clientSecret] = keyOf('Ada');
        user.answer(clientSecret, 'Esc');
        await run('login');
        assert.deepEqual(
          user.prompts.map(({ value, isPassword }) => [value, isPassword]),
          [
            ['', false],
            [clientSecret, true],
          ],
        );
      });

      it('recognizes them in the secret prompt, too', async () => {
        user.answer(looker.baseUrl, 'MistypedClientId00', keyOf('Ada').join(':'));
        await run('login');
        assert.equal((await labels()).length, 1);
      });

      it('asks for both if Looker refuses them, without showing the secret', async () => {
        const [clientId, clientSecret] = keyOf('Ada');
        looker.revokeApiKey(clientId);
        user.answer(looker.baseUrl, `${clientId} ${clientSecret}`, clientId, 'Esc');
        await run('login');
        const [, , id, secret] = user.prompts;
        assert.match(id?.error ?? '', /rejected this API key/);
        assert.equal(id?.value, clientId);
        assert.deepEqual([secret?.value, secret?.isPassword], [clientSecret, true]);
      });

      it('asks if they belong to another instance, and can log in there', async () => {
        const other = await StandInLooker.start();
        const { clientId, clientSecret } = other.apiKeyOf('Grace Hopper');
        const localhost = other.baseUrl.replace('127.0.0.1', 'localhost');
        const text = `client_id=${clientId} client_secret=${clientSecret} base_url=${localhost}`;
        user.answer(looker.baseUrl, text, 'Back', text, { choose: /Log In to localhost/ });
        await run('login');
        assert.match(
          user.prompts[2]?.asks ?? '',
          /pasted an API key for localhost:\d+, not for 127/,
        );
        assert.deepEqual(await labels(), [`Grace Hopper (${new URL(localhost).host})`]);
        assert.ok(isOnlyAsked(looker));
        await logoutEverybody(user);
        await other.stop();
      });

      it('sends them to the chosen instance if the user says so', async () => {
        const text = pasted('Ada', 'https://acme.cloud.looker.com');
        user.answer(looker.baseUrl, text, { choose: /Anyway/ });
        await run('login');
        assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
      });

      it('asks so at the secret, too, and sends nothing before', async () => {
        const text = pasted('Ada', 'https://acme.cloud.looker.com');
        user.answer(looker.baseUrl, 'MistypedClientId00', text, 'Back', 'Esc');
        await run('login');
        assert.match(user.prompts[3]?.asks ?? '', /pasted an API key for acme\.cloud\.looker\.com/);
        assert.deepEqual([user.prompts.length, user.prompts[4]?.isPassword], [5, true]);
        assert.ok(isOnlyAsked(looker));
      });

      it('asks so if their text names several hosts without a scheme', async () => {
        const text = `${pasted('Ada')} host: acme.cloud.looker.com, beta.cloud.looker.com`;
        user.answer(looker.baseUrl, text, 'Esc');
        await run('login');
        assert.match(
          user.prompts[2]?.asks ?? '',
          /you pasted names .*acme\.cloud\.looker\.com.*, .*beta\.cloud\.looker\.com.*, not 127/,
        );
        assert.ok(isOnlyAsked(looker));
      });

      it('rejects two keys at once, and hides them', async () => {
        user.answer(looker.baseUrl, `${pasted('Ada')} ${pasted('Grace Hopper')}`, 'Esc');
        await run('login');
        assert.match(user.prompts[2]?.error ?? '', /isn't a single API key/);
        assert.ok(user.prompts[2]?.isPassword);
      });

      const odd: [what: string, text: (id: string, secret: string) => string][] = [
        [
          'a URL',
          (id, secret) => `https://acme.dev/?a=${id}&b=${secret}&c=${secret.toLowerCase()}`,
        ],
        [
          'a request',
          (id, secret) =>
            `curl -d '{"a": "${id}", "b": "${secret}", "c": "${secret.toLowerCase()}"}'`,
        ],
        ['a client secret by the name of the client ID', (_, secret) => `Client ID: ${secret}`],
      ];
      for (const [what, text] of odd) {
        it(`hides ${what} that it doesn't recognize, and sends nothing`, async () => {
          const [clientId, clientSecret] = keyOf('Ada');
          user.answer(looker.baseUrl, text(clientId, clientSecret), 'Back', 'Esc');
          await run('login');
          const [, , again] = user.prompts;
          assert.match(
            again?.error ?? '',
            /isn't a single API key|letters and digits only|client secret/,
          );
          assert.ok(again?.isPassword);
          assert.ok(isOnlyAsked(looker));
        });
      }

      it('asks whether a client secret is the client ID, hides it, and takes it after a second Enter', async () => {
        const [, clientSecret] = keyOf('Ada');
        user.answer(looker.baseUrl, clientSecret, clientSecret, 'Back', 'Esc');
        await run('login');
        const [, , again, secret, back] = user.prompts;
        assert.match(again?.error ?? '', /^This looks like a client secret/);
        assert.match(secret?.asks ?? '', /^Client secret/);
        assert.deepEqual([again?.isPassword, back?.isPassword], [true, true]);
        assert.ok(isOnlyAsked(looker));
      });

      it('takes either part in quotes, or followed by a comma', async () => {
        const [clientId, clientSecret] = keyOf('Ada');
        user.answer(looker.baseUrl, `"${clientId}",`, `'${clientSecret}'`);
        await run('login');
        assert.equal((await labels()).length, 1);
      });

      it('says what is wrong with a secret, and sends nothing', async () => {
        user.answer(looker.baseUrl, keyOf('Ada')[0], 'secret => x', 'Esc');
        await run('login');
        assert.match(user.prompts[3]?.error ?? '', /letters and digits only/);
        assert.ok(isOnlyAsked(looker));
      });
    });

    describe('with a URL on the clipboard', () => {
      const kind = Object.getOwnPropertyDescriptor(vscode.env, 'uiKind') ?? {};
      // In a browser, the clipboard isn't read; these windows are in one.
      beforeEach(() => {
        Object.defineProperty(vscode.env, 'uiKind', { ...kind, get: () => vscode.UIKind.Desktop });
      });
      afterEach(async () => {
        Object.defineProperty(vscode.env, 'uiKind', kind);
        await vscode.env.clipboard.writeText('');
      });

      it('offers the instance', async () => {
        await settings().update('instances', [{ url: host() }], vscode.ConfigurationTarget.Global);
        await vscode.env.clipboard.writeText(`${looker.baseUrl}/explore/model/view`);
        user.answer({ choose: /From the clipboard: http/ }, ...keyOf('Ada'));
        await run('login');
        await settings().update('instances', undefined, vscode.ConfigurationTarget.Global);
        assert.equal((await labels()).length, 1);
      });

      it('shows nothing else from the clipboard', async () => {
        await vscode.env.clipboard.writeText('https://example.com/secret');
        user.answer('Esc');
        await run('login');
        assert.ok(!user.prompts[0]?.lines.some((line) => line.includes('example.com')));
      });
    });

    it('forgets an instance if nobody is logged in there', async () => {
      await login('Ada');
      const forget = { press: /^Forget 127/, on: new RegExp(host()) };
      await logoutEverybody(user);
      user.press('Forget');
      user.answer(forget, 'Esc');
      await run('login');
      const [before, after] = user.prompts.slice(-2);
      assert.ok(before?.lines.some((line) => line.startsWith(host())));
      assert.ok(!after?.lines.some((line) => line.startsWith(host())));
    });

    it('opens the account page of the instance, where users create API keys', async () => {
      const { openExternal } = vscode.env;
      const opened: string[] = [];
      Object.assign(vscode.env, {
        openExternal: (uri: vscode.Uri) => Promise.resolve(opened.push(uri.toString(true)) > 0),
      });
      user.answer(looker.baseUrl, { press: /^Create an API Key/ }, 'Esc');
      await run('login');
      Object.assign(vscode.env, { openExternal });
      assert.deepEqual(opened, [`${looker.baseUrl}/account`]);
    });

    it('shows an error if the instance serves a web page instead of an API', async () => {
      looker.fault({ path: '/login', kind: { is: 'html', status: 200, page: 'login' } });
      user.answer(looker.baseUrl, ...keyOf('Ada'), 'Esc');
      await run('login');
      assert.match(user.prompts[3]?.error ?? '', /shows a login page instead of Looker's API/);
      assert.deepEqual(await labels(), []);
    });

    it('shows an error if the instance hangs, after the timeout in the settings', async () => {
      await settings().update('timeout', 1, vscode.ConfigurationTarget.Global);
      looker.fault({ path: '/login', kind: { is: 'halfOpen' } });
      user.answer(looker.baseUrl, ...keyOf('Ada'), 'Esc');
      await run('login');
      await settings().update('timeout', undefined, vscode.ConfigurationTarget.Global);
      assert.match(user.prompts[3]?.error ?? '', /didn't respond within 1 second/);
      assert.deepEqual(await labels(), []);
    });

    it('uses half a minute if the timeout in the settings is invalid', async () => {
      await settings().update('timeout', 0.2, vscode.ConfigurationTarget.Global);
      await login('Ada');
      await settings().update('timeout', undefined, vscode.ConfigurationTarget.Global);
      assert.equal((await labels()).length, 1);
    });

    it('offers the instances in the settings, and uses the API version set there', async () => {
      const instances = [{ url: host(), apiVersion: '3.1' }, { url: 'not a url' }];
      await settings().update('instances', instances, vscode.ConfigurationTarget.Global);
      user.answer({ choose: new RegExp(host()) }, ...keyOf('Ada'));
      await run('login');
      await settings().update('instances', undefined, vscode.ConfigurationTarget.Global);
      assert.equal((await labels()).length, 1);
      assert.equal(looker.requests.at(-1)?.path, '/api/3.1/user');
    });

    it('offers the instances of the accounts, and takes a typed one', async () => {
      await login('Ada');
      const other = await StandInLooker.start();
      const { clientId, clientSecret } = other.apiKeyOf('Grace Hopper');
      user.answer({ type: `${other.baseUrl}/login`, choose: /login/ }, clientId, clientSecret);
      await run('login');
      assert.equal(user.prompts.at(-3)?.asks, 'Choose a Looker instance, or enter its URL');
      assert.ok((await labels()).includes(`Grace Hopper (${new URL(other.baseUrl).host})`));
      await logoutOf(/Hopper/);
      await other.stop();
    });

    it('offers the instance of a logged-out user, and names the user', async () => {
      await login('Ada');
      await logoutEverybody(user);
      user.answer('Esc');
      await run('login');
      assert.equal(user.prompts.at(-1)?.lines[0], `${host()} Ada Lovelace, less than an hour ago`);
      user.answer({ choose: /Ada Lovelace, less than/ }, ...keyOf('Ada'));
      await run('login');
      assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
    });

    it('offers the last used instances first, then those in the settings', async () => {
      await login('Ada');
      const other = await StandInLooker.start();
      const { clientId, clientSecret } = other.apiKeyOf('Grace Hopper');
      user.answer(other.baseUrl, clientId, clientSecret);
      await run('login');
      const instances = [{ url: 'https://acme.cloud.looker.com' }, { url: looker.baseUrl }];
      await settings().update('instances', instances, vscode.ConfigurationTarget.Global);
      user.answer('Esc');
      await run('login');
      await settings().update('instances', undefined, vscode.ConfigurationTarget.Global);
      const lines = user.prompts.at(-1)?.lines ?? [];
      assert.deepEqual(lines.slice(0, 2), [
        `${new URL(other.baseUrl).host} Grace Hopper, less than an hour ago`,
        `${host()} Ada Lovelace, less than an hour ago`,
      ]);
      assert.deepEqual(lines.slice(-2), [
        'acme.cloud.looker.com https://acme.cloud.looker.com',
        '$(add) Another instance…',
      ]);
      await logoutOf(/Hopper/);
      await other.stop();
    });

    it('uses API 3.1 with a server without 4.0', async () => {
      const old = await StandInLooker.start({ apiVersions: ['3.0', '3.1'], release: '7.20.1' });
      const { clientId, clientSecret } = old.apiKeyOf('Ada');
      user.answer(old.baseUrl, clientId, clientSecret);
      await run('login');
      assert.equal(old.requests.at(-1)?.path, '/api/3.1/user');
      await logoutEverybody(user);
      await old.stop();
    });
  });

  describe('Log In as User…', () => {
    it('finds a user by name, and acts as that user', async () => {
      await login('Ada');
      await actAs(user, 'turing');
      assert.deepEqual(await labels(), [
        `Ada Lovelace (${host()})`,
        `Alan Turing, sudo by Ada Lovelace (${host()})`,
      ]);
    });

    it('starts with a login if nobody is logged in', async () => {
      user.answer(looker.baseUrl, ...keyOf('Ada'), { type: 'kath', choose: /Katherine/ });
      user.press('Act as This User');
      await run('loginAsUser');
      assert.equal((await labels()).length, 2);
    });

    it("takes an ID that no user was found for, and shows an error if Looker doesn't know it", async () => {
      await login('Ada');
      user.answer({ type: '404', choose: /User ID 404/ });
      user.press('Act as This User');
      await run('loginAsUser');
      assert.match(user.messages[1] ?? '', /has no active user with ID 404/);
      assert.equal((await labels()).length, 1);
    });

    it("takes an ID even if Looker doesn't allow the search", async () => {
      await login('Ada');
      looker.fault({ path: '/search', kind: { is: 'refusal', status: 403 } });
      user.answer({ type: '3', choose: /User ID 3/ });
      user.press('Act as This User');
      await run('loginAsUser');
      assert.ok((await labels()).includes(`Alan Turing, sudo by Ada Lovelace (${host()})`));
    });

    it("explains why a user who isn't an admin can't", async () => {
      await login('Grace Hopper');
      await actAs(user, 'alan');
      assert.match(
        user.messages[1] ?? '',
        /doesn't let you act as user 3, .*Admin role.*Google Cloud core/,
      );
      assert.equal((await labels()).length, 1);
    });

    it('asks whose activity Looker records if the instance still has the choice', async () => {
      const old = await StandInLooker.start({ release: '26.6.1' });
      const { clientId, clientSecret } = old.apiKeyOf('Ada');
      user.answer(old.baseUrl, clientId, clientSecret);
      await run('login');
      user.answer({ type: 'alan', choose: /Alan/ });
      user.press('Act and Record as Theirs');
      await run('loginAsUser');
      const sudo = old.requests.find(({ path }) => path.endsWith('/login/3'));
      assert.deepEqual(sudo?.query, { associative: 'false' });
      assert.deepEqual(
        user.dialogs.map(({ buttons }) => buttons),
        [['Act and Record as Mine', 'Act and Record as Theirs']],
      );
      await logoutEverybody(user);
      await old.stop();
    });

    it('shows the next page on request, in the same list', async () => {
      for (let i = 0; i < 60; i++) looker.addPerson({ firstName: 'Zora', lastName: `Nr ${i}` });
      await login('Ada');
      // No user with that name is on the first page.
      user.answer({ type: 'zora', choose: /Show More/ });
      const searching = run('loginAsUser');
      await until(() => looker.requests.some(({ query }) => query['page'] === '2'));
      assert.equal(looker.requests.at(-1)?.query['per_page'], '50');
      user.dismiss();
      await searching;
    });

    it('shows why a search failed in the list, and retries it there', async () => {
      await login('Ada');
      looker.fault({ path: '/search', times: 1, kind: { is: 'html', status: 502 } });
      user.answer({ choose: /Couldn't search\. Try again/ });
      const searching = run('loginAsUser');
      await until(() => searches().length === 2);
      user.dismiss();
      await searching;
      assert.deepEqual(user.messages, []);
    });

    it("says that it can't act as a disabled user, without a request to Looker", async () => {
      await login('Ada');
      user.answer({ type: 'edsger', choose: /Edsger Dijkstra .*disabled/ });
      const choosing = run('loginAsUser');
      await until(() => user.messages.length === 1);
      assert.match(user.messages[0] ?? '', /Edsger Dijkstra is disabled on /);
      assert.ok(!looker.requests.some(({ path }) => path.endsWith('/login/5')));
      user.dismiss();
      await choosing;
    });

    it('switches to an existing sudo account, and lists its user as recent', async () => {
      await login('Ada');
      await actAs(user, 'alan');
      user.answer({ choose: /^Ada Lovelace/ }, { choose: /Switch to This Account/ });
      await run('showAccounts');
      user.answer({ choose: /Alan Turing .*already acting as this user/ });
      await run('loginAsUser');
      assert.equal(user.prompts.at(-1)?.lines[0], 'Recent');
      const sudo = looker.requests.filter(({ path }) => path.endsWith('/login/3'));
      assert.equal(sudo.length, 1);
      assert.equal(user.dialogs.length, 1);
    });

    it('starts with the active account, with a way back to the others', async () => {
      await login('Grace Hopper');
      user.answer({ choose: /Another instance/ }, looker.baseUrl, ...keyOf('Ada'));
      await run('login');
      await actAs(user, 'alan');
      const seen = user.prompts.length;
      user.answer('Back', { choose: /^Grace Hopper/ }, 'Esc');
      await run('loginAsUser');
      assert.deepEqual(
        user.prompts.slice(seen).map(({ asks }) => asks),
        [
          `Name, email, or ID of a user on ${host()}, for Ada Lovelace to act as`,
          'Choose the admin account to use',
          `Name, email, or ID of a user on ${host()}, for Grace Hopper to act as`,
        ],
      );
    });

    it("says which accounts aren't an admin's, and starts with one that may be", async () => {
      await login('Ada');
      user.answer({ choose: /Another instance/ }, looker.baseUrl, ...keyOf('Grace Hopper'));
      await run('login');
      user.answer({ choose: /Grace Hopper isn't an admin on 127/ });
      const choosing = run('loginAsUser');
      await until(() => user.unused === 0);
      user.dismiss();
      await choosing;
      user.answer({ choose: /^Ada Lovelace/ }, 'Esc');
      await run('loginAsUser');
      const [asked, search] = user.prompts.slice(-2);
      assert.equal(asked?.asks, 'Choose the admin account to use');
      assert.match(asked.lines[1] ?? '', /^Grace Hopper not an admin · active · /);
      assert.match(search?.asks ?? '', /for Ada Lovelace to act as/);
    });

    it('changes nothing on Esc', async () => {
      await login('Ada');
      user.answer('Esc');
      await run('loginAsUser');
      assert.equal((await labels()).length, 1);
      assert.deepEqual(user.messages, []);
    });
  });

  describe('Log Out…', () => {
    it('logs out one account, here and on the server', async () => {
      await login('Ada');
      user.press('Log Out');
      await run('logout');
      assert.deepEqual(await labels(), []);
      assert.deepEqual(looker.liveTokens(), []);
    });

    it('logs out sudo accounts with their admin', async () => {
      await login('Ada');
      await actAs(user, 'alan');
      await logoutOf(/Ada Lovelace 127/);
      assert.deepEqual(await labels(), []);
      assert.deepEqual(looker.liveTokens(), []);
    });

    it("says which token stays valid if Looker couldn't revoke it", async () => {
      await login('Ada');
      looker.fault({ path: '/logout', kind: { is: 'html', status: 502 } });
      user.press('Log Out');
      await run('logout');
      assert.match(user.messages[1] ?? '', /Logged out here, .*stays valid/);
      assert.deepEqual(await labels(), []);
    });

    it('changes nothing on Esc', async () => {
      await login('Ada');
      await actAs(user, 'alan');
      user.answer('Esc');
      await run('logout');
      assert.equal((await labels()).length, 2);
      assert.equal(looker.liveTokens().length, 2);
    });

    it('shows an error if nobody is logged in', async () => {
      await run('logout');
      assert.deepEqual(user.messages, ["You're not logged in to Looker."]);
    });
  });

  describe('Stop Acting as User', () => {
    it('stops acting as the user in the status bar, and returns to the admin', async () => {
      await login('Ada');
      for (const name of ['katherine', 'alan']) await actAs(user, name);
      await run('stopActingAs');
      assert.deepEqual(await labels(), [
        `Ada Lovelace (${host()})`,
        `Katherine Johnson, sudo by Ada Lovelace (${host()})`,
      ]);
    });

    it('asks for the user if there are several and the status bar shows none', async () => {
      await login('Ada');
      for (const name of ['katherine', 'alan']) await actAs(user, name);
      user.answer({ choose: /^Ada Lovelace/ }, { choose: /Switch to This Account/ });
      await run('showAccounts');
      user.answer({ choose: /Katherine/ });
      await run('stopActingAs');
      assert.ok(!(await labels()).some((label) => label.startsWith('Katherine')));
    });

    it('shows an error if no account acts as another user', async () => {
      await run('stopActingAs');
      assert.deepEqual(user.messages, [
        "You aren't acting as another user on any Looker instance.",
      ]);
    });
  });

  describe('Renew Token', () => {
    it('gets a new token now', async () => {
      await login('Ada');
      const [before] = looker.liveTokens();
      await run('renewToken');
      assert.notEqual(looker.liveTokens().at(-1)?.value, before?.value);
    });

    it('happens at once, if due, when the setting is back at the background', async () => {
      // Due after 6 seconds; the next wake-up is after 9.
      looker.setTokenLife(9);
      await settings().update('renewal', 'off', vscode.ConfigurationTarget.Global);
      try {
        const wakesAt = Date.now() + 9000;
        await login('Ada');
        const logins = () => looker.requests.filter(({ path }) => path.endsWith('/login')).length;
        const before = logins();
        looker.setTokenLife(3600);
        await wait(6200);
        await settings().update('renewal', undefined, vscode.ConfigurationTarget.Global);
        await until(() => logins() > before);
        assert.ok(Date.now() < wakesAt, 'it was the next wake-up');
        assert.equal(logins(), before + 1);
      } finally {
        await settings().update('renewal', undefined, vscode.ConfigurationTarget.Global);
      }
    });

    it('says why it failed, and offers the next step', async () => {
      await login('Ada');
      looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
      await run('renewToken');
      assert.match(user.messages[0] ?? '', /rejected this API key/);
    });
  });

  describe('Copy Access Token', () => {
    it('copies it after a warning', async () => {
      await login('Ada');
      user.press('Copy Access Token');
      await run('copyAccessToken');
      assert.match(user.messages[0] ?? '', /Copy the access token for Ada Lovelace/);
      assert.equal(await vscode.env.clipboard.readText(), looker.liveTokens()[0]?.value);
      await vscode.env.clipboard.writeText('');
    });

    it('copies nothing if the user cancels', async () => {
      await login('Ada');
      await vscode.env.clipboard.writeText('before');
      await run('copyAccessToken');
      assert.equal(await vscode.env.clipboard.readText(), 'before');
    });
  });

  describe('Accounts…', () => {
    /** Chooses an account, then an action. */
    const choose = async (account: RegExp, action: RegExp, ...then: Answer[]) => {
      user.answer({ choose: account }, { choose: action }, ...then);
      await run('showAccounts');
    };

    it('opens the actions of an account', async () => {
      await login('Ada');
      user.answer({ choose: new RegExp(host()) }, ...keyOf('Grace Hopper'));
      await run('login');
      await choose(/^Ada Lovelace/, /Switch to This Account/);
      user.press('Act as This User');
      await choose(/^Ada Lovelace active/, /Log In as User/, { type: 'alan', choose: /Alan/ });
      assert.deepEqual(user.messages, [`Act as Alan Turing on ${host()}?`]);
      assert.ok((await labels()).includes(`Alan Turing, sudo by Ada Lovelace (${host()})`));
      await choose(/^Alan Turing/, /Stop Acting as Alan Turing/);
      assert.equal((await labels()).length, 2);
    });

    it('returns from there to the list, with the account in focus', async () => {
      await login('Ada');
      user.answer({ choose: /^Ada Lovelace/ }, 'Back', 'Esc');
      await run('showAccounts');
      assert.deepEqual(
        user.prompts.slice(-3).map(({ title }) => title),
        ['Looker Accounts', `Ada Lovelace · ${host()}`, 'Looker Accounts'],
      );
    });

    it("says why a token couldn't be renewed", async () => {
      await login('Ada');
      looker.fault({ path: '/login', times: 1, kind: { is: 'html', status: 502 } });
      await choose(/^Ada Lovelace/, /Renew Token/);
      assert.equal(user.messages.length, 1);
      assert.match(user.messages[0] ?? '', /responded with an error/);
    });

    it('logs out after a confirmation', async () => {
      await login('Ada');
      user.press('Log Out');
      await choose(/^Ada Lovelace/, /Log Out…/);
      assert.match(user.messages[0] ?? '', /^Log out of Ada Lovelace/);
      assert.deepEqual(looker.liveTokens(), []);
    });

    it('is updated while it is open', async () => {
      await login('Ada');
      user.answer({ choose: /^Ada Lovelace/ }, { choose: /This account is logged out/ });
      const before = user.prompts.length;
      const showing = run('showAccounts');
      await until(() => user.prompts.length === before + 2);
      user.press('Log Out');
      await run('logout');
      user.dismiss();
      await showing;
      assert.deepEqual(await labels(), []);
    });

    it('offers a login if nobody is logged in, and by a button in the title', async () => {
      user.answer({ choose: /Log In…/ }, looker.baseUrl, ...keyOf('Ada'));
      await run('showAccounts');
      user.answer({ press: /Log In…/ }, { choose: new RegExp(host()) }, ...keyOf('Grace Hopper'));
      await run('showAccounts');
      assert.equal((await labels()).length, 2);
    });
  });

  describe('Rename Instance…', () => {
    const instances = () =>
      vscode.workspace.getConfiguration('lookerAuth').inspect('instances')?.globalValue;
    const set = (value: unknown) =>
      vscode.workspace
        .getConfiguration('lookerAuth')
        .update('instances', value, vscode.ConfigurationTarget.Global);
    afterEach(() => set(undefined));

    it('names the instance in the settings, and removes the name', async () => {
      await login('Ada');
      user.answer('  Production ');
      await run('renameInstance');
      assert.deepEqual(instances(), [{ url: looker.baseUrl, name: 'Production' }]);
      assert.equal(
        user.prompts.at(-1)?.asks,
        `Name for ${host()}. Leave it empty to show the host.`,
      );
      user.answer({ choose: /^Ada Lovelace active · Production/ }, { choose: /Rename/ }, '');
      await run('showAccounts');
      assert.equal(user.prompts.at(-1)?.value, 'Production');
      assert.deepEqual(instances(), [{ url: looker.baseUrl }]);
    });

    it('asks for the instance if there are several, and keeps other settings', async () => {
      const other = { url: 'https://looker.acme.dev', name: 'Old', plainHttp: false };
      await set([other, 'not an entry']);
      await login('Ada');
      user.answer({ choose: /^Old https:\/\/looker\.acme\.dev/ }, 'New');
      await run('renameInstance');
      assert.deepEqual(instances(), [{ ...other, name: 'New' }, 'not an entry']);
    });

    it("says under the box why a name can't be used, and writes nothing", async () => {
      await login('Ada');
      user.answer('looker.acme.dev', 'Esc');
      await run('renameInstance');
      assert.match(user.prompts.at(-1)?.error ?? '', /host of another instance/);
      assert.equal(user.prompts.at(-1)?.value, 'looker.acme.dev');
      assert.equal(instances(), undefined);
    });

    it('writes nothing if nothing changes', async () => {
      await login('Ada');
      user.answer('');
      await run('renameInstance');
      assert.equal(instances(), undefined);
    });
  });

  describe('Check Connection…', () => {
    it('asks for the instance, shows the outcome of each step, and copies a report without secrets', async () => {
      await login('Ada');
      user.answer(
        { choose: new RegExp(host()) },
        { choose: /No problems found/ },
        { press: /Copy Report/ },
        { press: /Run Again/ },
        { choose: /No problems found/ },
        'Esc',
      );
      await run('checkConnection');
      const shown = user.prompts.flatMap(({ lines }) => lines);
      assert.ok(shown.some((line) => /^\$\(pass\) User \(GET \/user\) passed, \d+ ms$/.test(line)));
      const report = await vscode.env.clipboard.readText();
      const { clientId, clientSecret } = looker.apiKeyOf('Ada');
      assert.match(report, /^# Looker Auth: connection check/);
      for (const text of [clientId, clientSecret, 'Ada']) assert.ok(!report.includes(text));
      assert.equal(looker.liveTokens().length, 1);
      assert.deepEqual(user.messages, []);
    });

    it('ends with an error if the check itself fails', async () => {
      const context = {
        inquiries: {
          check: async function* () {
            yield { name: 'proxy', outcome: 'running', ms: 0, sentence: '' } as const;
            await Promise.reject(new Error('This is a bug.'));
          },
        },
      };
      user.answer({ choose: /This is a bug/ }, 'Esc');
      await checkConnection(context as unknown as CommandContext, looker.baseUrl).catch(
        (error: unknown) => {
          assert.ok(error instanceof CanceledError);
        },
      );
      assert.match(user.prompts.at(-1)?.lines.join('\n') ?? '', /\$\(error\) Proxy failed/);
    });

    it('clears failed renewals if it passes, and not if it fails', async () => {
      const tried: unknown[] = [];
      const checkThat = async (outcome: 'passed' | 'failed') => {
        const context = {
          accounts: { clearFailures: (baseUrl: unknown) => tried.push(baseUrl) },
          inquiries: {
            check: async function* () {
              yield await Promise.resolve({
                name: 'url',
                outcome,
                ms: 1,
                sentence: 'Done.',
              } as const);
            },
          },
        };
        user.answer({ choose: /No problems found|Done/ }, 'Esc');
        const typed = `${looker.baseUrl}/login`;
        const checking = checkConnection(context as unknown as CommandContext, typed);
        await assert.rejects(checking, CanceledError);
      };
      await checkThat('failed');
      assert.deepEqual(tried, []);
      await checkThat('passed');
      assert.deepEqual(tried, [looker.baseUrl]);
    });

    it('is offered after a network failure, for its instance', async () => {
      await login('Ada');
      looker.fault({ kind: { is: 'reset' } });
      user.press('Check Connection');
      user.answer({ choose: /connection to 127\.0\.0\.1 (failed|was closed)/ }, 'Esc');
      await run('renewToken');
      await until(() => user.unused === 0);
      assert.match(user.messages[0] ?? '', /^Couldn't reach/);
    });
  });

  describe('Open in Browser', () => {
    const { openExternal } = vscode.env;
    let opened: string[];
    let tried: string[];
    /**
     * @param opens whether the user lets VS Code open it
     * @param webUrl URL of its pages, according to the instance
     */
    const open = async (opens: boolean, webUrl?: string) => {
      Object.assign(vscode.env, {
        openExternal: (uri: vscode.Uri) => {
          opened.push(uri.toString(true));
          return Promise.resolve(opens);
        },
      });
      const context = {
        accounts: { clearFailures: (baseUrl: string) => tried.push(baseUrl) },
        inquiries: { release: () => Promise.resolve({ webUrl }) },
        settings: { nameOf: host },
      };
      await openInstance(context as unknown as CommandContext, looker.baseUrl);
    };
    beforeEach(() => {
      opened = [];
      tried = [];
    });
    afterEach(() => {
      Object.assign(vscode.env, { openExternal });
    });

    it('clears failed renewals once, when the user comes back from there', async () => {
      await open(true);
      assert.deepEqual(opened, [`${looker.baseUrl}/`]);
      assert.deepEqual(tried, []);
      for (const isHere of [false, true, false, true]) user.isHere = isHere;
      assert.deepEqual(tried, [looker.baseUrl]);
    });

    it('opens another host only after the user has agreed to it by name', async () => {
      const elsewhere = 'https://bi.acme.example';
      await assert.rejects(open(true, elsewhere), { name: 'CanceledError' });
      assert.deepEqual(opened, []);
      user.press('Open bi.acme.example');
      await open(true, elsewhere);
      assert.deepEqual(opened, [`${elsewhere}/`]);
      assert.deepEqual(user.messages, Array(2).fill('Open bi.acme.example in your browser?'));
    });

    it("changes nothing if the user doesn't let it open", async () => {
      await open(false);
      for (const isHere of [false, true]) user.isHere = isHere;
      assert.deepEqual(tried, []);
    });
  });

  describe('an error of a sudo account', () => {
    const commands: [command: string, ...action: RegExp[]][] = [
      ['renewToken'],
      ['copyAccessToken'],
      ['openTerminal'],
      ['showAccounts', /Renew Token/],
      ['showAccounts', /Copy Access Token/],
      ['showAccounts', /Open Terminal/],
    ];
    for (const [command, ...actions] of commands) {
      it(`can be resolved in ${command} by ${actions.join() || 'the account'}`, async () => {
        await login('Ada');
        looker.setTokenLife(1);
        await actAs(user, 'alan');
        looker.setRoles('Ada', []);
        await wait(1000);
        // The first time, a notice shows it.
        user.answer({ choose: /Alan Turing/ });
        await run('renewToken');
        await until(() => user.messages.length > 1);
        for (const button of ['Copy Access Token', 'Open Terminal', 'Stop Acting as Alan Turing']) {
          user.press(button);
        }
        user.answer(...[/Alan Turing/, ...actions].map((line) => ({ choose: line })));
        const running = run(command);
        await until(() => looker.requests.some(({ method }) => method === 'DELETE'));
        user.dismiss();
        await running;
        assert.match(user.messages.at(-1) ?? '', /doesn't let you act as user 3/);
        assert.deepEqual(await labels(), [`Ada Lovelace (${host()})`]);
      });
    }
  });

  it('Show Log shows the log', async () => {
    await run('showLog');
    assert.deepEqual(user.messages, []);
  });
});
