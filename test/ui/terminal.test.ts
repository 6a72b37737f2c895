import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { filesWith } from '../support/leaks';
import { Machine } from '../support/machine';
import { until } from '../support/until';
import {
  answerDialog,
  dialogText,
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

/** With Looker's own SDK, as its readme has it. */
const SCRIPT = `
  const require = process.getBuiltinModule('module').createRequire(${JSON.stringify(path.join(ROOT, 'package.json'))});
  const { LookerNodeSDK } = require('@looker/sdk-node');
  console.debug = () => undefined;
  const sdk = LookerNodeSDK.init40();
  const me = await sdk.ok(sdk.me());
  const { workspace_id } = await sdk.ok(sdk.update_session({ workspace_id: 'dev' }));
  console.log(me.id, workspace_id);
`;

/** Somebody who works with scripts, in a folder and an environment that would lead these elsewhere. */
describe('a terminal with a Looker of its own', () => {
  let machine: Machine;
  let looker: StandInLooker;
  let elsewhere: StandInLooker;
  let page: Page;
  /** Where each terminal's Looker is. */
  const urls: string[] = [];

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
    return page;
  });

  const read = (name: string) => {
    const file = path.join(machine.home.folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  let runs = 0;
  /** What a command prints in the terminal in focus, and its exit code. */
  const inTerminal = async (command: string) => {
    const name = `out${(runs += 1)}`;
    await page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
    await page.keyboard.type(`(${command}) > ../${name} 2>&1; echo $? > ../${name}.code\n`);
    await until(() => read(`${name}.code`)?.endsWith('\n') === true);
    return { printed: read(name) ?? '', code: Number(read(`${name}.code`)) };
  };
  const CURL =
    'curl -s -H "Authorization: token $LOOKER_ACCESS_TOKEN" $LOOKER_BASE_URL/api/4.0/user';
  /** The URL of the terminal opened last. Its shell may not read yet what is typed first: then it is typed again. */
  const newUrl = async (): Promise<string> => {
    for (;;) {
      await page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
      await page.keyboard.type('printenv LOOKERSDK_BASE_URL > ../url\n');
      for (let looks = 0; looks < 40; looks++) {
        const url = read('url')?.trim() ?? '';
        if (url !== '' && !urls.includes(url)) return url;
        await page.waitForTimeout(50);
      }
    }
  };
  const openTerminal = async (who: RegExp | undefined) => {
    await runCommand(page, 'Looker: Open Terminal as…');
    if (who) {
      await waitForQuickInput(page, 'Open Terminal');
      await pickItem(page, who);
    }
    await dialogText(page);
    await screenshots(page, `terminal-asks-${urls.length}`);
    await answerDialog(page, 'Open Terminal');
    await page.locator('.terminal-wrapper.active .xterm-screen').waitFor();
    urls.push(await newUrl());
  };
  const isClosed = (url: string | undefined) =>
    fetch(`${String(url)}/versions`).then(
      () => false,
      () => true,
    );

  it('is asked about, and opened', async () => {
    await runCommand(page, 'Looker: Log In…');
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await submitSteps(page, 'Log In to Looker', [looker.baseUrl, clientId, clientSecret]);
    await statusBarItem(page, /Ada Lovelace/);
    await openTerminal(undefined);
    assert.match(urls[0] ?? '', /^http:\/\/127\.0\.0\.1:\d+$/);
    await screenshots(page, 'terminal');
  });

  it('serves curl and the SDK, unchanged, as the account', async () => {
    const curl = await inTerminal(CURL);
    assert.equal((JSON.parse(curl.printed) as { id: string }).id, '1');
    assert.deepEqual(await inTerminal('node script.mjs'), { printed: '1 dev\n', code: 0 });
    // The program's own session is in Development Mode, and no other.
    const dev = looker.liveTokens().filter(({ workspace }) => workspace === 'dev');
    assert.equal(dev.length, 1);
  });

  it('serves them as the user whom the admin acts as, in another one', async () => {
    await runCommand(page, 'Looker: Log In as User (Sudo)…');
    await waitForQuickInput(page, /as Another User/);
    await typeInto(page, 'turing');
    await page.keyboard.press('Enter');
    await pickItem(page, /Alan Turing/);
    await answerDialog(page, 'Act as This User');
    await statusBarItem(page, /Alan Turing/);
    await openTerminal(/Alan Turing/);
    assert.notEqual(urls[1], urls[0]);
    assert.deepEqual(await inTerminal('node script.mjs'), { printed: '3 dev\n', code: 0 });
  });

  it('is closed to programs once nobody acts as that user, and the other one is not', async () => {
    await runCommand(page, 'Looker: Stop Acting as User');
    await statusBarItem(page, /Ada Lovelace/);
    while (!(await isClosed(urls[1]))) await page.waitForTimeout(50);
    assert.equal((await inTerminal(CURL)).code, 7); // curl: could not connect
    assert.equal(await isClosed(urls[0]), false);
    await until(() => looker.liveTokens().every(({ userId }) => userId === '1'));
  });

  it('is gone after a reload: port, sessions and terminal', async () => {
    await reloadWindow(page);
    await statusBarItem(page, /Ada Lovelace/);
    while (!(await isClosed(urls[0]))) await page.waitForTimeout(50);
    await until(() => looker.liveTokens().length === 1);
    assert.doesNotMatch(await page.locator('body').innerText(), /Looker: Ada/);
  });

  it('has sent nothing elsewhere, and left no key and no token', async () => {
    assert.deepEqual(elsewhere.requests, []);
    const ids = looker.requests.flatMap(({ form }) => form['client_id'] ?? []);
    assert.deepEqual([...new Set(ids)], [looker.apiKeyOf('Ada').clientId]);
    const tokens = looker.requests.flatMap(({ token }) => token ?? []);
    const secrets = [looker.apiKeyOf('Ada').clientSecret, ...new Set(tokens)];
    assert.deepEqual(await filesWith(machine.home.folder, secrets), []);
  });
});
