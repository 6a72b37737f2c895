import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { filesWith } from '../support/leaks';
import { Machine } from '../support/machine';
import { isClosed, Terminals } from '../support/terminals';
import { until } from '../support/until';
import {
  answerDialog,
  pickItem,
  reloadWindow,
  runCommand,
  screenshots,
  statusBarItem,
  submitSteps,
  typeInto,
  waitForQuickInput,
} from '../support/workbench';
import { story } from './story';

/** With Looker's own SDK, as in its README. */
const SCRIPT = `
  const require = process.getBuiltinModule('module').createRequire(${JSON.stringify(path.join(ROOT, 'package.json'))});
  const { LookerNodeSDK } = require('@looker/sdk-node');
  console.debug = () => undefined;
  const sdk = LookerNodeSDK.init40();
  const me = await sdk.ok(sdk.me());
  const { workspace_id } = await sdk.ok(sdk.update_session({ workspace_id: 'dev' }));
  console.log(me.id, workspace_id);
`;

/** A user with scripts, in a folder and environment that would send them elsewhere. */
describe('a terminal with its own Looker', () => {
  let machine: Machine;
  let looker: StandInLooker;
  let elsewhere: StandInLooker;
  let page: Page;
  let terminals: Terminals;

  story(async (start) => {
    looker = await start(StandInLooker);
    elsewhere = await start(StandInLooker);
    const { clientId, clientSecret } = looker.apiKeyOf('Grace');
    machine = await start(Machine, {
      extensions: [ROOT],
      env: () => ({
        LOOKERSDK_BASE_URL: elsewhere.baseUrl,
        LOOKERSDK_CLIENT_ID: clientId,
        LOOKERSDK_VERIFY_SSL: 'false',
        LOOKER_ACCESS_TOKEN: 'somebody-elses',
        http_proxy: elsewhere.baseUrl,
      }),
    });
    const ini = `[Looker]\nbase_url=${elsewhere.baseUrl}\nclient_id=${clientId}\nclient_secret=${clientSecret}\n`;
    await writeFile(path.join(machine.home.workspace, 'looker.ini'), ini);
    await writeFile(path.join(machine.home.workspace, 'script.mjs'), SCRIPT);
    page = await machine.openWindow();
    terminals = new Terminals(page, machine.home);
    return page;
  });

  const CURL =
    'curl -s -H "Authorization: token $LOOKER_ACCESS_TOKEN" $LOOKER_BASE_URL/api/4.0/user';
  it('needs a confirmation, and opens', async () => {
    await runCommand(page, 'Looker: Log In…');
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await submitSteps(page, 'Log In to Looker', [looker.baseUrl, clientId, clientSecret]);
    await statusBarItem(page, /Ada Lovelace/);
    await terminals.open(undefined, () => screenshots(page, 'terminal-asks'));
    assert.match(terminals.opened[0]?.url ?? '', /^http:\/\/127\.0\.0\.1:\d+$/);
    await screenshots(page, 'terminal');
  });

  it('serves curl and the SDK, unchanged, as the account', async () => {
    const curl = await terminals.run(CURL);
    assert.equal((JSON.parse(curl.printed) as { id: string }).id, '1');
    assert.deepEqual(await terminals.run('node script.mjs'), { printed: '1 dev\n', code: 0 });
    // Only the program's own session is in Development Mode.
    const dev = looker.liveTokens().filter(({ workspace }) => workspace === 'dev');
    assert.equal(dev.length, 1);
  });

  it('serves them as the user of a sudo account, in another terminal', async () => {
    await runCommand(page, 'Looker: Log In as User (Sudo)…');
    await waitForQuickInput(page, /Log In as User/);
    await typeInto(page, 'turing');
    await page.keyboard.press('Enter');
    await pickItem(page, /Alan Turing/);
    await answerDialog(page, 'Act as This User');
    await statusBarItem(page, /Alan Turing/);
    await terminals.open(/Alan Turing/);
    assert.notEqual(terminals.opened[1]?.url, terminals.opened[0]?.url);
    assert.deepEqual(await terminals.run('node script.mjs'), { printed: '3 dev\n', code: 0 });
  });

  it('refuses programs once acting stops, while the other terminal works', async () => {
    await runCommand(page, 'Looker: Stop Acting as User');
    await statusBarItem(page, /Ada Lovelace/);
    while (!(await isClosed(terminals.opened[1]?.url))) await page.waitForTimeout(50);
    assert.equal((await terminals.run(CURL)).code, 7); // curl: could not connect
    assert.equal(await isClosed(terminals.opened[0]?.url), false);
    await until(() => looker.liveTokens().every(({ userId }) => userId === '1'));
  });

  it('is gone after a reload: port, sessions and terminal', async () => {
    await reloadWindow(page);
    await statusBarItem(page, /Ada Lovelace/);
    while (!(await isClosed(terminals.opened[0]?.url))) await page.waitForTimeout(50);
    await until(() => looker.liveTokens().length === 1);
    assert.doesNotMatch(await page.locator('body').innerText(), /Looker: Ada/);
  });

  it('sends nothing elsewhere, and leaves no key and no token', async () => {
    assert.deepEqual(elsewhere.requests, []);
    // The check for browser login has a client ID that belongs to no secret.
    const keys = looker.requests.filter(({ form }) => 'client_secret' in form);
    const ids = keys.map(({ form }) => form['client_id']);
    assert.deepEqual([...new Set(ids)], [looker.apiKeyOf('Ada').clientId]);
    const tokens = looker.requests.flatMap(({ token }) => token ?? []);
    const secrets = [looker.apiKeyOf('Ada').clientSecret, ...new Set(tokens)];
    assert.deepEqual(await filesWith(machine.home.folder, secrets), []);
  });
});
