// Looker's own clients, unchanged, in a folder and an environment that would lead them elsewhere.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { firstCommand } from '../../../src/broker/firstCommand';
import { terminalVariables } from '../../../src/broker/environment';
import { StandInLooker } from '../../standIn/standInLooker';
import { ROOT } from '../../support/buildExtension';
import { openBroker, type OpenBroker, type Who } from '../../support/openBroker';

const run = promisify(execFile);

/** Only if this variable names an installation: `npm install @toolbox-sdk/server` takes 300 MB. */
const TOOLBOX = process.env['LOOKER_AUTH_TOOLBOX'];

describe("a broker works with Looker's own clients", function () {
  this.timeout(60_000);
  let looker: StandInLooker;
  let evil: StandInLooker;
  let folder: string;
  let one: OpenBroker | undefined;

  beforeEach(async () => {
    looker = await StandInLooker.start();
    evil = await StandInLooker.start();
    folder = await mkdtemp(path.join(os.tmpdir(), 'looker-auth-clients-'));
    const { clientId, clientSecret } = looker.apiKeyOf('Grace');
    const ini = `[Looker]\nbase_url=${evil.baseUrl}\nclient_id=${clientId}\nclient_secret=${clientSecret}\nverify_ssl=false\n`;
    await writeFile(path.join(folder, 'looker.ini'), ini);
  });

  afterEach(async () => {
    await one?.broker.close();
    one = undefined;
    await Promise.all([looker.stop(), evil.stop()]);
    await rm(folder, { recursive: true });
  });

  /** Runs a program as a terminal of the broker would. */
  const inTerminal = async (who: Who, program: string, args: readonly string[]) => {
    one = await openBroker(looker, who);
    const hostile = {
      LOOKERSDK_BASE_URL: evil.baseUrl,
      LOOKERSDK_CLIENT_ID: looker.apiKeyOf('Grace').clientId,
      LOOKERSDK_CLIENT_SECRET: looker.apiKeyOf('Grace').clientSecret,
      LOOKERSDK_VERIFY_SSL: 'false',
      LOOKER_BASE_URL: evil.baseUrl,
      LOOKER_CLIENT_ID: looker.apiKeyOf('Grace').clientId,
      LOOKER_ACCESS_TOKEN: 'somebody-elses',
      HTTP_PROXY: evil.baseUrl,
      http_proxy: evil.baseUrl,
      ALL_PROXY: evil.baseUrl,
      NO_PROXY: 'example.com',
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
    };
    const changes = terminalVariables(one.broker.address, looker.baseUrl, hostile);
    const all: Readonly<Record<string, string | null>> = { ...hostile, ...changes };
    const env = Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    ) as NodeJS.ProcessEnv;
    return run(program, [...args], { cwd: folder, env });
  };

  /** Checks that nothing was sent elsewhere, and that the instance received no other user's key or token. */
  const onlyAs = (name: string, userId: string) => {
    assert.deepEqual(evil.requests, []);
    const key = looker.apiKeyOf(name);
    const ids = looker.requests.flatMap(({ form, query }) => [
      form['client_id'],
      query['client_id'],
    ]);
    assert.deepEqual([...new Set(ids.filter(Boolean))], [key.clientId]);
    const asked = looker.requests.filter(({ path: asked }) => asked === '/api/4.0/user');
    assert.ok(asked.length > 0);
    for (const { token, status } of asked) {
      assert.equal(status, 200);
      const issued = looker.liveTokens().find(({ value }) => value === token);
      // Tokens that the program has logged out are revoked by now.
      assert.ok(issued === undefined || issued.userId === userId);
    }
  };

  const script = (create: string) => `
    const { LookerNodeSDK, NodeSettings, NodeSettingsIniFile } = require('@looker/sdk-node');
    console.debug = () => undefined;
    const sdk = ${create};
    (async () => {
      const me = await sdk.ok(sdk.me());
      const session = await sdk.ok(sdk.update_session({ workspace_id: 'dev' }));
      console.log(me.id, session.workspace_id, await sdk.authSession.logout());
    })();`;
  const node = (who: Who, create: string) => {
    const file = path.join(ROOT, 'package.json');
    const code = `const require = process.getBuiltinModule('module').createRequire(${JSON.stringify(file)});${script(create)}`;
    return inTerminal(who, process.execPath, ['-e', `{${code}}`]);
  };

  for (const create of [
    'LookerNodeSDK.init40()',
    "LookerNodeSDK.init40(new NodeSettingsIniFile('LOOKERSDK', 'looker.ini'))",
  ]) {
    it(`@looker/sdk-node, by ${create}`, async () => {
      const { stdout } = await node({ name: 'Ada' }, create);
      assert.equal(stdout, '1 dev true\n');
      onlyAs('Ada', '1');
      // The account's own token, which stays in production.
      assert.deepEqual(
        looker.liveTokens().map(({ value, workspace }) => [value, workspace]),
        [[one?.accountToken, 'production']],
      );
    });
  }

  it('@looker/sdk-node, as a user that an admin acts as', async () => {
    const { stdout } = await node({ name: 'Ada', sudo: '3' }, 'LookerNodeSDK.init40()');
    assert.equal(stdout, '3 dev true\n');
    onlyAs('Ada', '3');
  });

  it("@looker/sdk-node, which shows why a shared session can't select a workspace", async () => {
    await assert.rejects(
      node({ name: 'Ada', isTokenOnly: true }, 'LookerNodeSDK.init40()'),
      (error: Error) => {
        assert.match(error.message, /can't switch workspaces/);
        return true;
      },
    );
    assert.equal(looker.liveTokens()[0]?.workspace, 'production');
  });

  for (const shell of ['/bin/bash', '/bin/zsh', '/bin/dash', '/usr/bin/fish', '/usr/bin/pwsh']) {
    it(`curl, as the terminal suggests it in ${shell}`, async function () {
      if (!existsSync(shell) || !existsSync('/usr/bin/curl')) return this.skip();
      const one = { name: 'Ada' };
      // The port is known only once the broker is open, so the shell runs a command from its environment.
      const { stdout } = await inTerminal(one, shell, [
        '-c',
        firstCommand(shell, { port: 0, apiVersion: '4.0' }).replace(
          'http://127.0.0.1:0',
          '$LOOKER_BASE_URL',
        ),
      ]);
      assert.equal((JSON.parse(stdout) as { id: string }).id, '1');
      onlyAs('Ada', '1');
    });
  }

  it('mcp-toolbox, which uses the SDK for Go', async function () {
    if (TOOLBOX === undefined) return this.skip();
    looker.fault({
      path: '/lookml_models',
      kind: {
        is: 'json',
        status: 200,
        body: [
          {
            name: 'thelook',
            label: 'The Look',
            project_name: 'p',
            allowed_db_connection_names: ['db'],
          },
        ],
      },
    });
    const ask = (id: number, method: string, params: object) =>
      JSON.stringify({ jsonrpc: '2.0', id, method, params });
    const said = [
      ask(1, 'initialize', {
        protocolVersion: '2024-11-05',
        capabilities: {},
        clientInfo: { name: 'test', version: '1' },
      }),
      ask(2, 'tools/call', { name: 'get_models', arguments: {} }),
    ];
    // The program exits when its input ends, so the input must stay open until it has responded.
    const talk = `(printf '%s\\n' "$@"; sleep 5) | "$0" --stdio --prebuilt looker`;
    const { stdout } = await inTerminal({ name: 'Ada' }, '/bin/sh', ['-c', talk, TOOLBOX, ...said]);
    assert.match(stdout, /thelook/);
    onlyAs('Ada', '1');
  });
});
