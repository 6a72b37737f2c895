import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { filesWith } from '../support/leaks';
import { listeningProcess } from '../support/listeningProcess';
import { logIn } from '../support/logIn';
import { Machine } from '../support/machine';
import { answerDialog, runCommand, screenshots, statusBarItem } from '../support/workbench';
import { story } from './story';

const HOUR = 3_600_000;

/** The extension host dies, and nothing of ours can say goodbye. */
describe('a terminal whose extension host is killed', () => {
  let machine: Machine;
  let looker: StandInLooker;
  let page: Page;
  let now = () => Date.now();
  let values: Values;
  /** What was minted for the terminal. */
  let minted: string[];

  interface Values {
    readonly url: string;
    readonly token: string;
    readonly secret: string;
  }

  story(async (start) => {
    looker = await start(StandInLooker, { now: () => now() });
    machine = await start(Machine, { extensions: [ROOT] });
    page = await machine.openWindow();
    return page;
  });

  const ask = ({ url, token }: Pick<Values, 'url' | 'token'>) =>
    fetch(`${url}/api/4.0/user`, { headers: { Authorization: `token ${token}` } });
  const live = () => looker.liveTokens().map(({ value }) => value);
  const openTerminal = async (): Promise<Values> => {
    await runCommand(page, 'Looker: Open Terminal as…');
    await answerDialog(page, 'Open Terminal');
    await page.locator('.terminal-wrapper.active .xterm-screen').waitFor();
    const file = path.join(machine.home.folder, 'values');
    const read = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);
    const before = read()[0];
    // Its shell may not read yet what is typed first.
    for (;;) {
      await page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
      await page.keyboard.type(
        'printenv LOOKER_BASE_URL LOOKER_ACCESS_TOKEN LOOKER_CLIENT_SECRET > ../values\n',
      );
      for (let looks = 0; looks < 40; looks++) {
        const [url = '', token = '', secret = '', end] = read();
        if (end === '' && url !== before) return { url, token, secret };
        await page.waitForTimeout(50);
      }
    }
  };

  it('has been minted tokens', async () => {
    await logIn(page, looker, 'Ada');
    await statusBarItem(page, /Ada Lovelace/);
    const before = live();
    values = await openTerminal();
    assert.equal((await ask(values)).status, 200);
    minted = live().filter((token) => !before.includes(token));
    assert.equal(minted.length, 1);
  });

  it('reaches nobody any more: the port is closed', async () => {
    process.kill(listeningProcess(Number(new URL(values.url).port)), 'SIGKILL');
    let isClosed = false;
    while (!isClosed)
      isClosed = await ask(values).then(
        () => false,
        () => true,
      );
  });

  it('is said to reach nobody', async () => {
    await page.waitForTimeout(15000);
    await screenshots(page, 'terminal-killed');
    await statusBarItem(page, /Ada Lovelace/);
  });

  it('has values that are dead at the next one, too', async () => {
    const next = await openTerminal();
    assert.equal((await ask(next)).status, 200);
    assert.equal((await ask({ ...next, token: values.token })).status, 401);
  });

  it('leaves at Looker what was minted until it expires, and no longer', () => {
    assert.ok(minted.every((token) => live().includes(token)));
    now = () => Date.now() + HOUR;
    assert.ok(minted.every((token) => !live().includes(token)));
  });

  it('has left nothing on disk', async () => {
    const { url, token, secret } = values;
    await rm(path.join(machine.home.folder, 'values'));
    assert.deepEqual(await filesWith(machine.home.folder, [...minted, secret, token, url]), []);
  });
});
