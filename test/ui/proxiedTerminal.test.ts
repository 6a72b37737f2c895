import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { authority, serverCertificate } from '../support/certificates';
import { Machine } from '../support/machine';
import { ProxiedNetwork } from '../support/proxiedNetwork';
import { Terminals } from '../support/terminals';
import {
  answerDialog,
  pickItem,
  runCommand,
  statusBarItem,
  submit,
  submitSteps,
  typeInto,
  waitForQuickInput,
} from '../support/workbench';
import { story } from './story';

/** Known to the proxy only. */
const HOST = 'looker.acme.test';

/** As long as two programs need that run until their session was renewed. */
const TOKEN_LIFE_S = 45;

/** With Looker's own SDK: requests its user, for longer than a token is valid. */
const SCRIPT = `
  const require = process.getBuiltinModule('module').createRequire(${JSON.stringify(path.join(ROOT, 'package.json'))});
  const { LookerNodeSDK } = require('@looker/sdk-node');
  console.debug = () => undefined;
  const sdk = LookerNodeSDK.init40();
  const ids = new Set();
  for (const end = Date.now() + Number(process.argv[2]); ; ) {
    ids.add((await sdk.ok(sdk.me())).id);
    if (Date.now() > end) break;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  console.log(...ids);
`;

/** Where `@toolbox-sdk/server` is installed, as in test/unit/broker/clients.test.ts. */
const TOOLBOX = process.env['LOOKER_AUTH_TOOLBOX'];

/** A company with a proxy and a CA of its own, and a folder with another instance's key. */
describe('a terminal behind a proxy, of an instance with a private CA', function () {
  this.timeout(120_000);
  let machine: Machine;
  let looker: StandInLooker;
  let elsewhere: StandInLooker;
  let page: Page;
  let terminals: Terminals;
  let baseUrl: string;
  let folder: string;
  after(() => rm(folder, { recursive: true }));

  story(async (start) => {
    const acme = await authority();
    folder = await mkdtemp(path.join(os.tmpdir(), 'looker-auth-acme-'));
    const caFile = path.join(folder, 'acme.pem');
    await writeFile(caFile, acme.cert);
    const certificate = await serverCertificate({ hosts: [HOST], signedBy: acme });
    looker = await start(StandInLooker, { certificate, tokenLife: TOKEN_LIFE_S });
    elsewhere = await start(StandInLooker);
    const network = await start(ProxiedNetwork);
    baseUrl = `https://${HOST}:${new URL(looker.baseUrl).port}`;
    const { clientId, clientSecret } = looker.apiKeyOf('Grace');
    machine = await start(Machine, {
      extensions: [ROOT],
      settings: {
        'http.proxy': network.httpProxy,
        'lookerAuth.instances': [{ url: baseUrl, caFile }],
      },
      env: () => ({
        ...network.environment,
        LOOKERSDK_BASE_URL: elsewhere.baseUrl,
        LOOKERSDK_CLIENT_ID: clientId,
        LOOKERSDK_VERIFY_SSL: 'false',
        LOOKER_CLIENT_SECRET: clientSecret,
        LOOKER_ACCESS_TOKEN: 'somebody-elses',
        http_proxy: elsewhere.baseUrl,
        all_proxy: elsewhere.baseUrl,
      }),
    });
    const ini = `[Looker]\nbase_url=${elsewhere.baseUrl}\nclient_id=${clientId}\nclient_secret=${clientSecret}\nverify_ssl=false\n`;
    await writeFile(path.join(machine.home.workspace, 'looker.ini'), ini);
    await writeFile(path.join(machine.home.workspace, 'script.mjs'), SCRIPT);
    page = await machine.openWindow();
    terminals = new Terminals(page, machine.home);
    return page;
  });

  const CURL =
    'curl -s -H "Authorization: token $LOOKER_ACCESS_TOKEN" $LOOKER_BASE_URL/api/4.0/user';
  const work = async (userId: string) => {
    const { printed } = await terminals.run(CURL);
    assert.equal((JSON.parse(printed) as { id: string }).id, userId);
    const before = looker.requests.length;
    const sdk = await terminals.run(`node script.mjs ${TOKEN_LIFE_S * 1000}`);
    assert.deepEqual(sdk, { printed: `${userId}\n`, code: 0 });
    const asked = looker.requests.slice(before).filter((one) => one.path === '/api/4.0/user');
    assert.ok(asked.every(({ status }) => status === 200));
    assert.ok(new Set(asked.map(({ token }) => token)).size >= 2);
    // The terminal's own token is renewed, too.
    const again = await terminals.run(CURL);
    assert.equal((JSON.parse(again.printed) as { id: string }).id, userId);
  };

  it('is opened', async () => {
    await runCommand(page, 'Looker: Log In…');
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await submitSteps(page, 'Log In to Looker', [baseUrl]);
    await answerDialog(page, 'Connect');
    await waitForQuickInput(page, /\(2\/3\)/);
    await submit(page, clientId);
    await waitForQuickInput(page, /\(3\/3\)/);
    await submit(page, clientSecret);
    await statusBarItem(page, /Ada Lovelace/);
    await terminals.open();
  });

  it('serves curl and the SDK as the account, across a renewal', () => work('1'));

  it('serves mcp-toolbox', async function () {
    if (TOOLBOX === undefined) return this.skip();
    const said = [
      {
        method: 'initialize',
        params: {
          protocolVersion: '2024-11-05',
          capabilities: {},
          clientInfo: { name: 'test', version: '1' },
        },
      },
      { method: 'tools/list', params: {} },
    ].map((one, id) => JSON.stringify({ jsonrpc: '2.0', id, ...one }));
    const talk = `(printf '%s\\n' ${said.map((one) => `'${one}'`).join(' ')}; sleep 5) | ${TOOLBOX} --stdio --prebuilt looker`;
    const { printed } = await terminals.run(talk);
    assert.match(printed, /get_models/);
  });

  it('serves them as the user of a sudo account, across a renewal', async () => {
    await runCommand(page, 'Looker: Log In as User (Sudo)…');
    await waitForQuickInput(page, /Log In as User/);
    await typeInto(page, 'turing');
    await page.keyboard.press('Enter');
    await pickItem(page, /Alan Turing/);
    await answerDialog(page, 'Act as This User');
    await statusBarItem(page, /Alan Turing/);
    await terminals.open(/Alan Turing/);
    await work('3');
  });

  it('sends nothing elsewhere, and only the right key', () => {
    assert.deepEqual(elsewhere.requests, []);
    // The check for browser login has a client ID that belongs to no secret.
    const keys = looker.requests.filter(({ form }) => 'client_secret' in form);
    const ids = keys.map(({ form }) => form['client_id']);
    assert.deepEqual([...new Set(ids)], [looker.apiKeyOf('Ada').clientId]);
  });
});
