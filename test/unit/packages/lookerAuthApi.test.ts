import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Client from '../../../packages/looker-auth-api/client';
import manifest from '../../../packages/looker-auth-api/package.json';
import { StandInLooker } from '../../standIn/standInLooker';
import { ROOT } from '../../support/buildExtension';
import { run } from '../../support/command';
import { snippetPrograms } from '../../support/snippets';
import { FakeVsCode } from './fakeVsCode';

const PACKAGE = path.join(ROOT, 'packages', 'looker-auth-api');
/** An author's folder, where the package is installed as npm would. */
const AUTHOR = path.join(ROOT, 'out', 'author');
const INSTALLED = path.join(AUTHOR, 'node_modules', 'looker-auth-api');

/** What a careful author sets; declarations are checked too. */
const STRICT = { target: 'ES2022', strict: true, exactOptionalPropertyTypes: true };

describe('looker-auth-api, as npm packs it', function () {
  this.timeout(60_000);

  before(async () => {
    await rm(AUTHOR, { recursive: true, force: true });
    await mkdir(INSTALLED, { recursive: true });
    const destination = path.relative(PACKAGE, AUTHOR);
    await run('npm', ['pack', '--pack-destination', destination], { cwd: PACKAGE });
    const packed = path.join(AUTHOR, `looker-auth-api-${manifest.version}.tgz`);
    // Paths of Windows mean another host to some tars.
    const tarball = path.relative(INSTALLED, packed);
    await run('tar', ['-xzf', tarball, '--strip-components=1'], { cwd: INSTALLED });
  });

  it('holds what authors need, and nothing else', async () => {
    const files = ['LICENSE', 'README.md', 'client.d.ts', 'client.js', 'index.d.ts'];
    assert.deepEqual((await readdir(INSTALLED)).sort(), [...files, 'package.json'].sort());
    const license = await readFile(path.join(ROOT, 'LICENSE'), 'utf8');
    assert.equal(await readFile(path.join(INSTALLED, 'LICENSE'), 'utf8'), license);
    const manifest = JSON.parse(await readFile(path.join(INSTALLED, 'package.json'), 'utf8')) as {
      dependencies?: object;
    };
    assert.equal(manifest.dependencies, undefined);
  });

  it('has the types that the documents count on', async () => {
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

    it('asks Looker with the session', async () => {
      const session = await login();
      const reply = await client.lookerClient(session).request('/user?fields=id');
      assert.deepEqual(await reply.json(), { id: '1' });
    });

    it('sends what it is given, and its own token', async () => {
      const { request } = client.lookerClient(await login());
      const reply = await request('/session', {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json', Authorization: 'token mine' },
        body: JSON.stringify({ workspace_id: 'dev' }),
      });
      assert.equal(reply.status, 200);
    });

    it('takes the token that is good now for each request', async () => {
      const { request } = client.lookerClient(await login());
      await vscode.renew();
      assert.equal((await request('/user')).status, 200);
      assert.equal(vscode.reported.length, 0);
    });

    it('has a token replaced that Looker rejects, and asks once more', async () => {
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

    it('asks no third time', async () => {
      const { request } = client.lookerClient(await login());
      looker.fault({ path: '/user', kind: { is: 'refusal', status: 401 } });
      assert.equal((await request('/user')).status, 401);
      assert.equal(paths().filter((line) => line.startsWith('/api/4.0/user')).length, 2);
    });

    it('says why there is no other token', async () => {
      const { request } = client.lookerClient(await login());
      looker.revokeTokens();
      looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
      await assert.rejects(request('/user'), /Looker refused/);
    });

    it('says so when the account is logged out', async () => {
      const { request } = client.lookerClient(await login());
      vscode.logout();
      await assert.rejects(request('/user'), {
        message: 'Ada Lovelace is logged out, or no longer lets you in.',
      });
    });

    it('does without the exports where they are out of reach, but for the 401', async () => {
      const { request } = client.lookerClient(await login());
      vscode.isFarAway = true;
      assert.equal(await client.lookerAuthApi(), undefined);
      assert.equal((await request('/user')).status, 200);
      looker.revokeTokens();
      await assert.rejects(request('/user'), /no longer accepts this token/);
    });
  });
});

/** Loads the packed JavaScript, which finds this as the module `vscode`. */
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
