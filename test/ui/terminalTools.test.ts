import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { authority, serverCertificate } from '../support/certificates';
import { hostileProxies, hostileVariables, writeHostileIni } from '../support/hostileFolder';
import { actAs } from '../support/logIn';
import { Machine } from '../support/machine';
import { HIDDEN_HOST, ProxiedNetwork } from '../support/proxiedNetwork';
import { Terminals, type Output } from '../support/terminals';
import { MODELS, TERMINAL_TOOLS, writeToolScripts } from '../support/terminalTools';
import {
  answerDialog,
  runCommand,
  statusBarItem,
  submit,
  submitSteps,
  waitForQuickInput,
} from '../support/workbench';
import { story } from './story';

/** Short enough for each tool, which works longer, to meet a renewal. */
const TOKEN_LIFE_S = 12;
const WORK_S = 15;

/** How the instance is reached. */
const ROUTES: Readonly<Record<string, { isProxied: boolean; isPrivate: boolean }>> = {
  directly: { isProxied: false, isPrivate: false },
  'behind a proxy': { isProxied: true, isPrivate: false },
  'with a private CA': { isProxied: false, isPrivate: true },
  'behind a proxy, with a private CA': { isProxied: true, isPrivate: true },
};

/** The users of the terminals. */
const WHO = [
  { who: 'as the account', userId: '1' },
  { who: 'as the user of a sudo account', userId: '3' },
];

for (const [route, { isProxied, isPrivate }] of Object.entries(ROUTES)) {
  /** A user with Looker's tools, in a folder and environment that would send them elsewhere. */
  describe(`Looker's tools in a terminal, ${route}`, function () {
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
      folder = await mkdtemp(path.join(os.tmpdir(), 'looker-auth-acme-'));
      const caFile = path.join(folder, 'acme.pem');
      const host = isProxied ? HIDDEN_HOST : '127.0.0.1';
      const network = isProxied ? await start(ProxiedNetwork) : undefined;
      let certificate = network?.certificate;
      if (isPrivate) {
        const acme = await authority();
        await writeFile(caFile, acme.cert);
        certificate = await serverCertificate({ hosts: [host], signedBy: acme });
      }
      looker = await start(StandInLooker, {
        tokenLife: TOKEN_LIFE_S,
        ...(certificate && { certificate }),
      });
      looker.fault({ path: '/lookml_models', kind: { is: 'json', status: 200, body: MODELS } });
      elsewhere = await start(StandInLooker);
      baseUrl = looker.baseUrl.replace('127.0.0.1', host);
      const hostile = { baseUrl: elsewhere.baseUrl, apiKey: looker.apiKeyOf('Grace') };
      machine = await start(Machine, {
        extensions: [ROOT],
        settings: {
          ...(network && { 'http.proxy': network.httpProxy }),
          ...(isPrivate && { 'lookerAuth.instances': [{ url: baseUrl, caFile }] }),
          // VS Code itself would use a proxy that is in its own environment.
          'terminal.integrated.env.linux': hostileProxies(hostile.baseUrl),
        },
        env: () => ({ ...network?.environment, ...hostileVariables(hostile) }),
      });
      await writeHostileIni(machine.home.workspace, hostile);
      await writeToolScripts(machine.home.workspace);
      page = await machine.openWindow();
      terminals = new Terminals(page, machine.home);
      return page;
    });

    it('have an account', async () => {
      const { clientId, clientSecret } = looker.apiKeyOf('Ada');
      await runCommand(page, 'Looker: Log In…');
      await submitSteps(page, 'Log In to Looker', [baseUrl]);
      if (isPrivate) await answerDialog(page, 'Connect');
      await waitForQuickInput(page, /\(2\/3\)/);
      await submit(page, clientId);
      await waitForQuickInput(page, /\(3\/3\)/);
      await submit(page, clientSecret);
      await statusBarItem(page, /Ada Lovelace/);
    });

    const tools = TERMINAL_TOOLS.filter(({ isThere }) => isThere);
    const commands = (userId: string) => tools.map(({ command }) => command(WORK_S, userId));
    const outputs: (readonly Output[])[] = [];

    it('work for longer than a token is valid, as two users at the same time', async () => {
      await terminals.open();
      const asAccount = await terminals.startAll(commands('1'));
      await actAs(page, 'turing', /Alan Turing/);
      await terminals.open(/Alan Turing/);
      const asSudo = await terminals.startAll(commands('3'));
      outputs.push(await asAccount(), await asSudo());
    });

    for (const [i, { who, userId }] of WHO.entries()) {
      for (const tool of TERMINAL_TOOLS) {
        it(`${tool.name} works ${who}, across a renewal`, function () {
          if (!tool.isThere) return this.skip();
          assert.deepEqual(outputs[i]?.[tools.indexOf(tool)], { printed: '', code: 0 });
          const asked = looker.requests.filter((one) => tool.isBy(one) && one.userId === userId);
          assert.deepEqual([...new Set(asked.map((one) => one.status))], [200]);
          assert.ok(new Set(asked.map(({ token }) => token)).size >= 2);
        });
      }
    }

    it('send nothing elsewhere, and no key and no token but the right ones', () => {
      assert.deepEqual(elsewhere.requests, []);
      // The check for browser login has a client ID that belongs to no secret.
      const keys = looker.requests.filter(({ form }) => 'client_secret' in form);
      const ids = keys.map(({ form }) => form['client_id']);
      assert.deepEqual([...new Set(ids)], [looker.apiKeyOf('Ada').clientId]);
      const users = looker.requests.filter(({ token }) => token !== undefined);
      assert.deepEqual([...new Set(users.map(({ userId }) => userId))].sort(), ['1', '3']);
    });
  });
}
