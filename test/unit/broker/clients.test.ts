// Looker's own clients, unchanged, in a folder and an environment that would lead them elsewhere.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { firstCommand } from '../../../src/broker/firstCommand';
import { terminalVariables } from '../../../src/broker/environment';
import { StandInLooker } from '../../standIn/standInLooker';
import { ROOT } from '../../support/buildExtension';
import { authority, serverCertificate } from '../../support/certificates';
import { hostileProxies, hostileVariables, writeHostileIni } from '../../support/hostileFolder';
import { openBroker, type OpenBroker, type Who } from '../../support/openBroker';
import { MODELS, TOOLBOX } from '../../support/terminalTools';

const run = promisify(execFile);

const MCP_TOOLBOX = `mcp-toolbox, which speaks the SDK for Go${TOOLBOX === undefined ? '; skipped, as LOOKER_AUTH_TOOLBOX does not name it' : ''}`;

describe("a broker works with Looker's own clients", function () {
  this.timeout(60_000);
  let looker: StandInLooker;
  let evil: StandInLooker;
  let folder: string;
  let one: OpenBroker | undefined;
  let now = () => Date.now();

  beforeEach(async () => {
    now = () => Date.now();
    looker = await StandInLooker.start({ now: () => now() });
    evil = await StandInLooker.start();
    folder = await mkdtemp(path.join(os.tmpdir(), 'looker-auth-clients-'));
    await writeHostileIni(folder, elsewhere());
  });

  afterEach(async () => {
    await one?.broker.close();
    one = undefined;
    await Promise.all([looker.stop(), evil.stop()]);
    await rm(folder, { recursive: true });
  });

  const elsewhere = () => ({ baseUrl: evil.baseUrl, apiKey: looker.apiKeyOf('Grace') });

  /** Runs a program as a terminal of the broker would. */
  const inTerminal = async (who: Who, program: string, args: readonly string[]) => {
    one = await openBroker(looker, { now: () => now(), ...who });
    const hostile: Record<string, string> = {
      ...hostileVariables(elsewhere()),
      ...hostileProxies(evil.baseUrl),
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
    for (const one of asked) assert.deepEqual([one.status, one.userId], [200, userId]);
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
    return inTerminal(who, process.execPath, ['-e', `{${REQUIRE}${script(create)}}`]);
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

  it("@looker/sdk-node in a shared session, which gets a reason why it can't select a workspace", async () => {
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

  /** The clients. Each asks twice for its user. */
  const CLIENTS: Readonly<Record<string, (who: Who) => ReturnType<typeof inTerminal> | undefined>> =
    {
      '@looker/sdk-node': (who) =>
        inTerminal(who, process.execPath, ['-e', `{${REQUIRE}${TWICE}}`]),
      curl: (who) => {
        if (!existsSync('/usr/bin/curl')) return undefined;
        const curl = firstCommand('/bin/sh', { port: 0, apiVersion: '4.0' });
        const once = curl.replace('http://127.0.0.1:0', '--fail $LOOKER_BASE_URL');
        const script = `${once} && ${once}`;
        return inTerminal(who, '/bin/sh', ['-c', script]);
      },
      [MCP_TOOLBOX]: (who) => {
        if (TOOLBOX === undefined) return undefined;
        // It stops when its input ends, so the input stays open until it has responded.
        const talk = `(for line in "$@"; do printf '%s\\n' "$line"; sleep 1; done; sleep 3) | "$0" --stdio --prebuilt looker`;
        return inTerminal(who, '/bin/sh', ['-c', talk, TOOLBOX, ...SAID_TO_TOOLBOX]);
      },
    };
  const askedBy = () =>
    looker.requests.filter(({ path: asked }) => /\/(user|lookml_models)$/.test(asked));

  for (const [name, start] of Object.entries(CLIENTS)) {
    describe(name, () => {
      beforeEach(() => {
        looker.fault({ path: '/lookml_models', kind: { is: 'json', status: 200, body: MODELS } });
      });
      for (const [as, who, userId] of [
        ['the account', { name: 'Ada' }, '1'],
        ['a user whom an admin acts as', { name: 'Ada', sudo: '3' }, '3'],
      ] as const) {
        it(`works as ${as}`, async function () {
          const running = start(who);
          if (!running) return this.skip();
          const { stdout } = await running;
          if (name === MCP_TOOLBOX) assert.match(stdout, /thelook.*thelook/s);
          onlyAs('Ada', userId);
        });

        it(`works across a renewal as ${as}`, async function () {
          const hasAnswer = () => askedBy().some(({ status }) => status === 200);
          now = () => Date.now() + (hasAnswer() ? 2 * 3_600_000 : 0);
          const running = start(who);
          if (!running) return this.skip();
          await running;
          onlyAs('Ada', userId);
          assert.equal(new Set(askedBy().map(({ token }) => token)).size, 2);
        });
      }

      it('works with an instance whose certificate a private CA has signed', async function () {
        await looker.stop();
        const acme = await authority();
        const certificate = await serverCertificate({ hosts: ['127.0.0.1'], signedBy: acme });
        looker = await StandInLooker.start({ certificate });
        looker.fault({ path: '/lookml_models', kind: { is: 'json', status: 200, body: MODELS } });
        const running = start({ name: 'Ada', trust: { caCertificates: [acme.cert] } });
        if (!running) return this.skip();
        await running;
        onlyAs('Ada', '1');
      });
    });
  }
});

const REQUIRE = `const require = process.getBuiltinModule('module').createRequire(${JSON.stringify(path.join(ROOT, 'package.json'))});`;

const TWICE = `
  const { LookerNodeSDK } = require('@looker/sdk-node');
  console.debug = () => undefined;
  const sdk = LookerNodeSDK.init40();
  (async () => {
    await sdk.ok(sdk.me());
    await sdk.ok(sdk.me());
  })();`;

const SAID_TO_TOOLBOX = [
  {
    method: 'initialize',
    params: {
      protocolVersion: '2024-11-05',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    },
  },
  { method: 'tools/call', params: { name: 'get_models', arguments: {} } },
  { method: 'tools/call', params: { name: 'get_models', arguments: {} } },
].map((said, id) => JSON.stringify({ jsonrpc: '2.0', id, ...said }));
