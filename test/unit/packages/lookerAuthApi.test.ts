import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as fc from 'fast-check';
import type * as Client from '../../../packages/looker-auth-api/client';
import manifest from '../../../packages/looker-auth-api/package.json';
import { StandInLooker } from '../../standIn/standInLooker';
import { ROOT } from '../../support/buildExtension';
import { run } from '../../support/command';
import { snippetPrograms } from '../../support/snippets';
import { FakeVsCode } from './fakeVsCode';

const PACKAGE = path.join(ROOT, 'packages', 'looker-auth-api');
/** A folder of an author, with the package installed like npm does. */
const AUTHOR = path.join(ROOT, 'out', 'author');
const INSTALLED = path.join(AUTHOR, 'node_modules', 'looker-auth-api');

/** A careful author's compiler options. They also check declarations, except those of JavaScript itself. */
const STRICT = {
  target: 'ES2022',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipDefaultLibCheck: true,
};

describe('looker-auth-api, as npm packs it', function () {
  this.timeout(60_000);

  before(async () => {
    await rm(AUTHOR, { recursive: true, force: true });
    await mkdir(INSTALLED, { recursive: true });
    const destination = path.relative(PACKAGE, AUTHOR);
    await run('npm', ['pack', '--pack-destination', destination], { cwd: PACKAGE });
    const packed = path.join(AUTHOR, `looker-auth-api-${manifest.version}.tgz`);
    // Some versions of tar take a Windows path for a host.
    const tarball = path.relative(INSTALLED, packed);
    await run('tar', ['-xzf', tarball, '--strip-components=1'], { cwd: INSTALLED });
  });

  it('contains what authors need, and nothing else', async () => {
    const files = ['LICENSE', 'README.md', 'client.d.ts', 'client.js', 'index.d.ts'];
    assert.deepEqual((await readdir(INSTALLED)).sort(), [...files, 'package.json'].sort());
    const license = await readFile(path.join(ROOT, 'LICENSE'), 'utf8');
    assert.equal(await readFile(path.join(INSTALLED, 'LICENSE'), 'utf8'), license);
    const manifest = JSON.parse(await readFile(path.join(INSTALLED, 'package.json'), 'utf8')) as {
      dependencies?: object;
    };
    assert.equal(manifest.dependencies, undefined);
  });

  it('has the types that the code in the docs uses', async () => {
    for (const { section, language, source } of snippetPrograms(ROOT)) {
      if (language === 'ts') await writeFile(path.join(AUTHOR, `${section}.ts`), source);
    }
    const compilerOptions = { ...STRICT, module: 'Node16', types: ['node'], noEmit: true };
    const tsconfig = path.join(AUTHOR, 'tsconfig.json');
    await writeFile(tsconfig, JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    await run(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', tsconfig]);
  });

  describe('in an extension', () => {
    let looker: StandInLooker;
    let vscode: FakeVsCode;
    let client: typeof Client;

    beforeEach(async () => {
      looker = await StandInLooker.start();
      vscode = new FakeVsCode(looker);
      client = loadWith(vscode);
    });
    afterEach(() => looker.stop());

    const paths = () => looker.requests.map(({ path, status }) => `${path} ${status}`);
    const login = () => client.lookerSession([], { createIfNone: true });

    it('sends requests to Looker with the session', async () => {
      const session = await login();
      const reply = await client.lookerClient(session).request('/user?fields=id');
      assert.deepEqual(await reply.json(), { id: '1' });
    });

    it('sends the given request, with its own token', async () => {
      const { request } = client.lookerClient(await login());
      const reply = await request('/session', {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json', Authorization: 'token mine' },
        body: JSON.stringify({ workspace_id: 'dev' }),
      });
      assert.equal(reply.status, 200);
    });

    it('uses a token that is valid now for each request', async () => {
      const { request } = client.lookerClient(await login());
      await vscode.renew();
      assert.equal((await request('/user')).status, 200);
      assert.equal(vscode.reported.length, 0);
    });

    it('replaces a token that Looker rejects, and retries', async () => {
      const { request } = client.lookerClient(await login());
      looker.revokeTokens();
      assert.equal((await request('/user')).status, 200);
      assert.equal(vscode.reported.length, 1);
      assert.deepEqual(paths().slice(1), [
        '/api/4.0/user 401',
        '/api/4.0/login 200',
        '/api/4.0/user 200',
      ]);
    });

    it('retries only once', async () => {
      const { request } = client.lookerClient(await login());
      looker.fault({ path: '/user', kind: { is: 'refusal', status: 401 } });
      assert.equal((await request('/user')).status, 401);
      assert.equal(paths().filter((line) => line.startsWith('/api/4.0/user')).length, 2);
    });

    it('sends nothing to another host if Looker responds with a redirect', async () => {
      const elsewhere = await StandInLooker.start();
      try {
        const { request } = client.lookerClient(await login());
        const location = `${elsewhere.baseUrl}/api/4.0/session`;
        looker.fault({ path: '/session', kind: { is: 'redirect', status: 307, to: location } });
        for (const redirect of [undefined, 'follow'] as const) {
          const reply = await request('/session', {
            method: 'PATCH',
            body: '{"secret":"s"}',
            ...(redirect && { redirect }),
          });
          assert.equal(reply.status, 307);
          assert.equal(reply.ok, false);
          assert.equal(reply.headers.get('location'), location);
        }
        assert.deepEqual(elsewhere.requests, []);
      } finally {
        await elsewhere.stop();
      }
    });

    const notBelow = [
      '',
      'user',
      '@evil.test/user',
      ':1/user',
      '.evil.test/user',
      '?x=/user',
      '#/user',
      'https://evil.test/user',
      '//evil.test/user',
      '/\\evil.test/user',
      '\\user',
      '/user\\..\\..\\login',
      '/..',
      '/../3.1/user',
      '/users/../../login',
      '/users/%2e%2E/%2e%2e/login',
      '/users/.%2e/../login',
      '/users/..%2f..%2flogin',
      '/users/x%5c..%5c..',
      '/\t/evil.test/user',
      '/user\n',
      '/user\r\nX: y',
      '/user?x=\0',
      ' /user',
    ];
    for (const path of notBelow) {
      it(`refuses ${JSON.stringify(path)}, and sends nothing`, async () => {
        const { request } = client.lookerClient(await login());
        const before = looker.requests.length;
        await assert.rejects(request(path), {
          name: 'PathError',
          message: /Nothing was sent/,
        });
        assert.equal(looker.requests.length, before);
      });
    }

    it('requests only URLs below the API URL, whatever the path is', async () => {
      const { request } = client.lookerClient(await login());
      const { fetch: original } = globalThis;
      const asked: string[] = [];
      globalThis.fetch = (url) => {
        asked.push(new Request(url).url);
        return Promise.resolve(new Response());
      };
      const piece = fc.constantFrom(
        '/',
        '\\',
        '..',
        '.',
        '%2e',
        '%2f',
        '?',
        '#',
        '@',
        ':',
        'a',
        '\t',
      );
      try {
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.oneof(piece, fc.string()), { maxLength: 8 }),
            async (pieces) => {
              await request(pieces.join('')).catch((error: unknown) => {
                assert.ok(error instanceof client.PathError);
              });
            },
          ),
        );
      } finally {
        globalThis.fetch = original;
      }
      for (const url of asked) assert.ok(url.startsWith(`${looker.baseUrl}/api/4.0/`), url);
    });

    it("accepts the paths in Looker's API", async () => {
      const { request } = client.lookerClient(await login());
      for (const path of ['/user', '/user?fields=id&x=../..', '/users/search?email=a%40b.c#top'])
        assert.equal((await request(path)).status, 200);
    });

    it('announces each new session and the end, and nothing else', async () => {
      const heard: (string | undefined)[] = [];
      const session = await login();
      const subscription = client.onDidChangeLookerSession(session, (next) => {
        heard.push(next?.accessToken);
      });
      const announce = async (id?: string) => {
        vscode.announce(id);
        await new Promise(setImmediate);
      };
      await announce();
      await vscode.renew();
      await announce('github');
      assert.deepEqual(heard, []);
      vscode.isOffline = true;
      await announce();
      assert.deepEqual(heard, []);
      vscode.isOffline = false;
      await announce();
      await announce();
      const next = (await login()).accessToken;
      assert.deepEqual(heard, [next]);
      vscode.logout();
      await announce();
      assert.deepEqual(heard, [next, undefined]);
      await vscode.renew();
      vscode.announce();
      subscription.dispose();
      await announce();
      assert.deepEqual(heard, [next, undefined]);
    });

    it('returns the details of the account for the current session', async () => {
      const session = await login();
      await vscode.renew();
      assert.equal((await client.lookerDetails(session))?.user.name, 'Ada Lovelace');
      vscode.isFarAway = true;
      assert.equal(await client.lookerDetails(session), undefined);
      vscode.logout();
      await assert.rejects(client.lookerDetails(session), /is logged out/);
    });

    it("doesn't report a token that was already replaced", async () => {
      const session = await login();
      await vscode.renew();
      const next = await client.replaceRejected(session);
      assert.notEqual(next.accessToken, session.accessToken);
      assert.deepEqual(vscode.reported, []);
    });

    it('throws the reason if there is no other token', async () => {
      const { request } = client.lookerClient(await login());
      looker.revokeTokens();
      looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
      await assert.rejects(request('/user'), /rejected this API key/);
    });

    it('throws an error if the account is logged out', async () => {
      const { request } = client.lookerClient(await login());
      vscode.logout();
      await assert.rejects(request('/user'), {
        message: 'Ada Lovelace is logged out, or no longer lets you in.',
      });
    });

    it('makes names plain text, in which VS Code finds no link and no icon', () => {
      // src/vs/base/common/linkedText.ts and iconLabels.ts in microsoft/vscode
      const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;
      const icon = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g;
      const piece = fc.constantFrom('[', ']', '(', ')', '$', 'command:a.b', 'https://a', 'x', ' ');
      fc.assert(
        fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
          const name = client.plainText(pieces.join(''));
          assert.doesNotMatch(name, link);
          assert.doesNotMatch(name, icon);
        }),
      );
      assert.equal(client.plainText('Ada [L] $5 (five)'), 'Ada [L] $5 (five)');
    });

    it("asks silently first, so the user isn't asked again for an allowed account", async () => {
      await vscode.renew('Ada Lovelace');
      await vscode.renew('Grace Hopper');
      for (const name of ['Grace Hopper', 'Ada Lovelace']) {
        vscode.activate(name);
        assert.equal((await login()).account.label, name);
      }
      vscode.asked.length = 0;
      for (const name of ['Grace Hopper', 'Ada Lovelace', 'Grace Hopper']) {
        vscode.activate(name);
        assert.equal((await login()).account.label, name);
      }
      assert.deepEqual(vscode.asked, [{ silent: true }, { silent: true }, { silent: true }]);
    });

    it('passes on the options if the user should choose again', async () => {
      await vscode.renew();
      vscode.asked.length = 0;
      const options = { createIfNone: true, clearSessionPreference: true } as const;
      await client.lookerSession([], options);
      assert.deepEqual(vscode.asked[0], options);
    });

    it('creates scopes from values', () => {
      assert.deepEqual(client.lookerScopes({}), []);
      assert.deepEqual(
        client.lookerScopes({ instance: 'https://a.test', sudo: 42, workspace: 'dev' }),
        ['https://a.test', 'sudo:42', 'workspace:dev'],
      );
    });

    describe('follows the active account', () => {
      let heard: (string | undefined)[];
      let following: { dispose(): void };
      const follow = async (options?: Client.FollowOptions) => {
        following = client.followActive((session) => {
          heard.push(session?.account.label);
        }, options);
        await quiet();
      };
      /** Resolves once no more requests are sent. */
      const quiet = async () => {
        for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
      };
      const activate = async (name: string) => {
        vscode.activate(name);
        await quiet();
      };
      beforeEach(async () => {
        heard = [];
        await vscode.renew('Ada Lovelace');
        await vscode.renew('Grace Hopper');
        vscode.allow('Ada Lovelace');
      });
      afterEach(() => {
        following.dispose();
      });

      it('at once and whenever the account changes, and announces nothing else', async () => {
        await follow();
        assert.deepEqual(heard, ['Ada Lovelace']);
        await vscode.renew('Ada Lovelace');
        await activate('Ada Lovelace');
        assert.deepEqual(heard, ['Ada Lovelace']);
        await activate('Grace Hopper');
        assert.deepEqual(heard, ['Ada Lovelace', undefined]);
        vscode.allow('Grace Hopper');
        vscode.announce();
        vscode.announce();
        await quiet();
        await activate('Ada Lovelace');
        assert.deepEqual(heard, ['Ada Lovelace', undefined, 'Grace Hopper', 'Ada Lovelace']);
        vscode.logout('Ada Lovelace');
        vscode.announce();
        await quiet();
        assert.equal(heard.length, 5);
        assert.equal(heard[4], undefined);
      });

      it('without a dialog, and with one entry in the Accounts menu', async () => {
        await follow();
        vscode.asked.length = 0;
        await activate('Grace Hopper');
        for (let times = 0; times < 5; times++) vscode.announce();
        await quiet();
        const isDialog = ({ createIfNone }: { createIfNone?: unknown }) => Boolean(createIfNone);
        assert.ok(!vscode.asked.some(isDialog));
        assert.equal(vscode.asked.filter(({ silent }) => !silent).length, 1);
      });

      it('with no entry in the Accounts menu if it is silent, or if nobody is logged in', async () => {
        await follow({ silent: true });
        await activate('Grace Hopper');
        vscode.logout('Ada Lovelace');
        vscode.logout('Grace Hopper');
        following.dispose();
        await follow();
        assert.ok(vscode.asked.every(({ silent }) => silent));
        assert.deepEqual(heard, ['Ada Lovelace', undefined, undefined]);
      });

      it('without an announcement while the account is unknown', async () => {
        vscode.isOffline = true;
        await follow();
        assert.deepEqual(heard, []);
        vscode.isOffline = false;
        await activate('Ada Lovelace');
        assert.deepEqual(heard, ['Ada Lovelace']);
      });

      it('even if its listener throws', async () => {
        const { error } = console;
        const thrown: unknown[] = [];
        console.error = (line: unknown) => thrown.push(line);
        try {
          following = client.followActive((session) => {
            heard.push(session?.account.label);
            throw new Error('Rude.');
          });
          await quiet();
          vscode.allow('Grace Hopper');
          await activate('Grace Hopper');
        } finally {
          console.error = error;
        }
        assert.deepEqual(heard, ['Ada Lovelace', 'Grace Hopper']);
        assert.equal(thrown.length, 2);
      });

      it('until it is disposed, even during a request', async () => {
        await follow();
        vscode.activate('Grace Hopper');
        following.dispose();
        await quiet();
        await activate('Ada Lovelace');
        assert.deepEqual(heard, ['Ada Lovelace']);
      });
    });

    it("works without the exports if they aren't available, except after a 401", async () => {
      const { request } = client.lookerClient(await login());
      vscode.isFarAway = true;
      assert.equal(await client.lookerAuthApi(), undefined);
      assert.equal((await request('/user')).status, 200);
      looker.revokeTokens();
      await assert.rejects(request('/user'), /no longer accepts this token/);
    });
  });
});

/** Loads the packed JavaScript with this as the module `vscode`. */
function loadWith(vscode: FakeVsCode): typeof Client {
  const load = createRequire(path.join(INSTALLED, 'client.js'));
  const { Module } = load('node:module') as { Module: { _load: (...args: unknown[]) => unknown } };
  const original = Module._load;
  Module._load = (name, ...rest) => (name === 'vscode' ? vscode : original(name, ...rest));
  try {
    Reflect.deleteProperty(load.cache, path.join(INSTALLED, 'client.js'));
    return load('./client.js') as typeof Client;
  } finally {
    Module._load = original;
  }
}
