import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { Machine } from '../support/machine';
import {
  answerDialog,
  answerNotification,
  dialogText,
  pickItem,
  pressEscape,
  quickPickItems,
  runCommand,
  screenshot,
  statusBarItem,
  waitForNotification,
  waitForQuickInput,
} from '../support/workbench';
import { story } from '../ui/story';
import { Neighbor, NEIGHBOR } from './neighbor';
import { unharmedUntil } from './unharmed';

const KEY = 'client_id=abcd1234\nclient_secret=wrong-secret\n';

/** Files of at most a megabyte, the most that Looker Auth reads, each designed to be slow to read. */
const SLOW: Readonly<Record<string, string>> = {
  'commas behind a URL': `[a]\nbase_url=https://a.b/${','.repeat(150_000)}\n${KEY}`,
  'blanks inside a value': `[a]\nbase_url=https://a.b${' '.repeat(1_000_000)}x\n${KEY}`,
  'quotes around a URL': `[a]\nbase_url=${'"'.repeat(400_000)}https://a.b${"'".repeat(400_000)}x\n${KEY}`,
  'names of settings in a value': `[a]\nbase_url=${'base_url='.repeat(110_000)}\n${KEY}`,
  'brackets in a link': `[a]\nbase_url=${'['.repeat(500_000)}](https://a.b${KEY}`,
  'dots in the name of a section': `[${'a.'.repeat(500_000)}]\nbase_url=https://a.b\n${KEY}`,
  sections: '[a]\nclient_id=b\n'.repeat(65_000),
  'lines of no section': 'base_url\n'.repeat(110_000),
  schemes: `[a]\nbase_url=${'https:'.repeat(150_000)}\n${KEY}`,
  'accents on one letter': `[a${'\u0301'.repeat(450_000)}]\nbase_url=https://a.b\n${KEY}`,
  'no end of a line': `[a]\nbase_url=https://a.b\nclient_secret=${'a'.repeat(1_000_000)}`,
};

const BLANKS = '\u2800'.repeat(300);

/** The longest that Looker Auth may block another extension, in ms. */
const LONGEST_MS = 1000;

describe('a workspace from a stranger', () => {
  let looker: StandInLooker;
  let machine: Machine;
  let neighbor: Neighbor;
  let page: Page;
  let elsewhere: string;

  story(async (start) => {
    looker = await start(StandInLooker);
    neighbor = await start(Neighbor);
    machine = await start(Machine, { extensions: [ROOT, NEIGHBOR], env: () => neighbor.env });
    const { folder, workspace } = machine.home;
    elsewhere = path.join(folder, 'elsewhere');
    await writeFile(elsewhere, 'precious\n');
    await symlink(elsewhere, path.join(workspace, '.gitignore'));
    execFileSync('git', ['init', '-q', workspace]);
    page = await machine.openWindow();
    return page;
  });

  const write = (contents: string) =>
    writeFile(path.join(machine.home.workspace, 'looker.ini'), contents);
  const openImport = async () => {
    await runCommand(page, 'Looker: Import from looker.ini…');
    await waitForQuickInput(page, 'Import from looker.ini (1/2)');
    await pickItem(page, /looker\.ini/);
  };
  /** From now on, measures how long the neighbor is blocked. */
  const watch = () =>
    neighbor.run(() => {
      const waits = { longest: 0 };
      Object.assign(globalThis, { waits });
      let last = Date.now();
      setInterval(() => {
        const now = Date.now();
        waits.longest = Math.max(waits.longest, now - last);
        last = now;
      }, 10);
    });
  /** The longest time since the last call, in ms; Infinity if the neighbor doesn't respond. */
  const longestWait = () =>
    Promise.race([
      neighbor.run(() => {
        const { waits } = globalThis as unknown as { waits: { longest: number } };
        const { longest } = waits;
        waits.longest = 0;
        return longest;
      }),
      pause(10 * LONGEST_MS, Infinity, { ref: false }),
    ]);

  it("can't block other extensions with a file that is slow to read", async () => {
    await write(SLOW['no end of a line'] ?? '');
    await statusBarItem(page, /Looker: log in/);
    await watch();
    for (const [what, contents] of Object.entries(SLOW)) {
      await write(contents);
      await longestWait();
      await openImport();
      // Looker Auth either lists the sections or shows an error.
      const listed = page.locator('.quick-input-title').filter({ hasText: '(2/2)' });
      const refused = page
        .locator('.notification-toast')
        .filter({ hasText: /too large for a looker\.ini file/ });
      const shows = listed.or(refused).first().waitFor();
      const longest = await shows.then(longestWait, longestWait);
      assert.ok(longest < LONGEST_MS, `${what}: others waited for ${longest} ms`);
      await shows;
      await pressEscape(page);
      await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
      await runCommand(page, 'Notifications: Clear All Notifications');
      await page.locator('.notification-toast').first().waitFor({ state: 'hidden' });
    }
    assert.deepEqual(looker.requests, []);
  });

  it("can't hide the host that gets the key with the name of a section", async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    const host = new URL(looker.baseUrl).host;
    const name = `acme.cloud.looker.com: client ID abcd… $(verified) ${BLANKS}<command:x>`;
    await write(
      `[${name}]\nbase_url=${looker.baseUrl}\nclient_id=${clientId}\nclient_secret=${clientSecret}\n`,
    );
    await openImport();
    await waitForQuickInput(page, 'Import from looker.ini (2/2)');
    const [line] = await quickPickItems(page);
    assert.ok(line?.description.startsWith(host), JSON.stringify(line));
    await screenshot(page, 'attack-section-name');
    await page.locator('.quick-input-box input').press('Enter');
    const asked = await dialogText(page);
    assert.ok(asked.includes(`\n${host}: client ID ${clientId.slice(0, 4)}…`), asked);
    await screenshot(page, 'attack-section-dialog');
    assert.equal(looker.requests.filter(({ method }) => method === 'POST').length, 0);
    await answerDialog(page, 'Log In');
  });

  it("can't make Looker Auth change a file elsewhere with a .gitignore that is a link", async () => {
    await pressEscape(page);
    await answerNotification(page, /Git doesn't ignore/, 'Add to .gitignore');
    await unharmedUntil(
      waitForNotification(page, /\.gitignore is a link, so Looker Auth didn't change it/),
      () => {
        assert.equal(readFileSync(elsewhere, 'utf8'), 'precious\n');
      },
    );
    await screenshot(page, 'attack-linked-gitignore');
    assert.ok(existsSync(path.join(machine.home.workspace, '.gitignore')));
  });
});
