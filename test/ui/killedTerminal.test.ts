import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { filesWith } from '../support/leaks';
import { listeningProcess } from '../support/listeningProcess';
import { logIn } from '../support/logIn';
import { Machine } from '../support/machine';
import { isClosed, Terminals, type TerminalValues } from '../support/terminals';
import { until } from '../support/until';
import { screenshots, statusBarItem } from '../support/workbench';
import { story } from './story';

const HOUR = 3_600_000;

/** The extension host is killed, without a chance to clean up. */
describe('a terminal whose extension host is killed', () => {
  let machine: Machine;
  let looker: StandInLooker;
  let page: Page;
  let terminals: Terminals;
  let now = () => Date.now();
  let values: TerminalValues;
  let launched = 0;
  /** The tokens issued for the terminal. */
  let minted: string[];

  story(async (start) => {
    looker = await start(StandInLooker, { now: () => now() });
    machine = await start(Machine, { extensions: [ROOT] });
    page = await machine.openWindow();
    terminals = new Terminals(page, machine.home);
    return page;
  });

  const ask = (url: string, token: string) =>
    fetch(`${url}/api/4.0/user`, { headers: { Authorization: `token ${token}` } });
  /** Number of extension hosts that VS Code has started. */
  const launches = () => machine.log.split('Launched Extension Host Process').length - 1;
  const live = () => looker.liveTokens().map(({ value }) => value);

  it('has tokens of its own', async () => {
    await logIn(page, looker, 'Ada');
    await statusBarItem(page, /Ada Lovelace/);
    const before = live();
    await terminals.open();
    values = terminals.opened[0] ?? assert.fail();
    assert.equal((await ask(values.url, values.token)).status, 200);
    minted = live().filter((token) => !before.includes(token));
    assert.equal(minted.length, 1);
  });

  it('reaches nothing anymore: the port is closed', async () => {
    launched = launches();
    process.kill(listeningProcess(Number(new URL(values.url).port)), 'SIGKILL');
    while (!(await isClosed(values.url))) await page.waitForTimeout(50);
  });

  it('is followed by a new extension host, which has the account', async () => {
    await until(() => launches() > launched);
    await screenshots(page, 'terminal-killed');
    await statusBarItem(page, /Ada Lovelace/);
  });

  it('has values that the next terminal refuses, too', async () => {
    await terminals.open();
    const next = terminals.opened[1] ?? assert.fail();
    assert.equal((await ask(next.url, next.token)).status, 200);
    assert.equal((await ask(next.url, values.token)).status, 401);
  });

  it('leaves its tokens at Looker until they expire, and no longer', () => {
    assert.ok(minted.every((token) => live().includes(token)));
    now = () => Date.now() + HOUR;
    assert.ok(minted.every((token) => !live().includes(token)));
  });

  it('leaves nothing on disk', async () => {
    const { token, secret } = values;
    assert.deepEqual(await filesWith(machine.home.folder, [...minted, secret, token]), []);
  });
});
