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
import {
  answerNotification,
  screenshots,
  statusBarItem,
  waitForNotification,
} from '../support/workbench';
import { story } from './story';

const HOUR = 3_600_000;

const LOST = /^The terminal "Looker: Ada Lovelace .*" isn't logged in anymore/;
const ALL_LOST = /^These terminals aren't logged in anymore/;

/** The extension host dies, and nothing of ours can say goodbye. */
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

  const kill = async ({ url }: TerminalValues) => {
    launched = launches();
    process.kill(listeningProcess(Number(new URL(url).port)), 'SIGKILL');
    while (!(await isClosed(url))) await page.waitForTimeout(50);
  };

  it('has been minted tokens', async () => {
    await logIn(page, looker, 'Ada');
    await statusBarItem(page, /Ada Lovelace/);
    const before = live();
    await terminals.open();
    values = terminals.opened[0] ?? assert.fail();
    assert.equal((await ask(values.url, values.token)).status, 200);
    minted = live().filter((token) => !before.includes(token));
    assert.equal(minted.length, 1);
  });

  it('reaches nothing anymore: the port is closed', () => kill(values));

  it('is followed by a new extension host, which has the account', async () => {
    await until(() => launches() > launched);
    await statusBarItem(page, /Ada Lovelace/);
  });

  it('is named in a message that says so, with what to do next', async () => {
    await waitForNotification(page, LOST);
    await screenshots(page, 'terminal-killed');
    await answerNotification(page, LOST, 'Open New Terminal');
    await terminals.agree();
  });

  it('has values that are dead at the next terminal, too', async () => {
    const next = terminals.opened[1] ?? assert.fail();
    assert.equal((await ask(next.url, next.token)).status, 200);
    assert.equal((await ask(next.url, values.token)).status, 401);
  });

  it('leaves its tokens at Looker until they expire, and no longer', () => {
    assert.ok(minted.every((token) => live().includes(token)));
    now = () => Date.now() + HOUR;
    assert.ok(minted.every((token) => !live().includes(token)));
  });

  it('can be closed in the message, with all others of its kind', async () => {
    await kill(terminals.opened[1] ?? assert.fail());
    await waitForNotification(page, ALL_LOST);
    assert.ok((await page.locator('.terminal-wrapper').count()) > 0);
    await answerNotification(page, ALL_LOST, 'Close Terminals');
    while ((await page.locator('.terminal-wrapper').count()) > 0) await page.waitForTimeout(50);
  });

  it('has left nothing on disk', async () => {
    const { token, secret } = values;
    assert.deepEqual(await filesWith(machine.home.folder, [...minted, secret, token]), []);
  });
});
