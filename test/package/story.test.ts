import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { filesWith } from '../support/leaks';
import { logIn } from '../support/logIn';
import { Machine } from '../support/machine';
import { until } from '../support/until';
import { CODE_SERVER } from '../support/vscodeInstall';
import {
  answerDialog,
  dialogText,
  openExtensionPage,
  pickItem,
  pressEscape,
  reloadWindow,
  runCommand,
  screenshot,
  statusBarItem,
  searchFor,
  waitForNotification,
  waitForQuickInput,
} from '../support/workbench';
import { story } from '../ui/story';
import { packageExample, packageExtension } from './packages';

/** Far longer than VS Code waits before it stores something. */
const STORED_MS = 5000;

for (const [age, version] of Object.entries(CODE_SERVER)) {
  describe(`the .vsix, installed in the ${age} VS Code`, () => {
    let machine: Machine;
    let looker: StandInLooker;
    let page: Page;
    let host: string;

    story(async (start) => {
      looker = await start(StandInLooker);
      host = new URL(looker.baseUrl).host;
      const packages = [await packageExtension(), await packageExample()].map(({ file }) => file);
      machine = await start(Machine, { extensions: [], packages, version, isComplete: true });
      return (page = await machine.openWindow());
    });

    it('starts logged out', async () => {
      assert.equal(
        (await statusBarItem(page, /Looker/)).label,
        'Looker: not logged in. Click to log in.',
      );
    });

    it('runs in that VS Code', async () => {
      await runCommand(page, 'Help: About');
      assert.match(
        await dialogText(page),
        new RegExp(`1${version.slice(1)}`.replaceAll('.', '\\.')),
      );
      await pressEscape(page);
    });

    it('runs from the extensions folder, without a trace of the source tree in VS Code', async () => {
      const installed = await readdir(machine.home.extensions, { withFileTypes: true });
      const folders = installed.filter((entry) => !entry.isFile());
      assert.deepEqual(
        folders.map((entry) => [entry.name.replace(/-[\d.]+$/, ''), entry.isDirectory()]).sort(),
        [
          ['looker-auth.looker-auth', true],
          ['looker-example.looker-whoami', true],
        ],
      );
      assert.doesNotMatch(await page.title(), /Extension Development Host/);
      assert.deepEqual(await filesWith(machine.home.folder, [ROOT]), []);
      // Makes sure that the search works.
      assert.notDeepEqual(await filesWith(machine.home.folder, [machine.home.extensions]), []);
    });

    it('shows its page without broken pictures', async () => {
      const details = await openExtensionPage(page, 'Looker Auth');
      await screenshot(page, `package-${age}-page`);
      // VS Code removes the URL of a picture that it doesn't show.
      const pictures = await details.locator('img').all();
      const addresses = await Promise.all(pictures.map((img) => img.getAttribute('src')));
      assert.deepEqual(
        addresses.filter((address) => !address?.startsWith('https:')),
        [],
      );
      await runCommand(page, 'View: Close All Editors');
    });

    it('logs in, and the status bar says who', async () => {
      await logIn(page, looker, 'Ada');
      const { text } = await statusBarItem(page, /Ada Lovelace/);
      assert.match(text, new RegExp(`^Ada Lovelace · 59m · ${host}$`));
    });

    it('acts as another user', async () => {
      await runCommand(page, 'Looker: Log In as User (Sudo)…');
      await waitForQuickInput(page, /Log In as User \(Sudo\)/);
      await searchFor(page, 'turing');
      await pickItem(page, /Alan Turing/);
      await answerDialog(page, 'Act as This User');
      const { label, background } = await statusBarItem(page, /Alan Turing \(sudo\)/);
      assert.match(label, /Alan Turing, sudo by Ada Lovelace/);
      assert.equal(background, 'warning');
    });

    it('gives a session to another extension, once the user agrees', async () => {
      await runCommand(page, 'Example: Who Am I in Looker?');
      assert.match(await dialogText(page), /'Looker Who Am I' wants to sign in using Looker/);
      await answerDialog(page, 'Allow');
      await pickItem(page, `Alan Turing, sudo by Ada Lovelace (${host})`);
      await waitForNotification(page, "You're Alan Turing (user ID 3)");
      await screenshot(page, `package-${age}-session`);
      // VS Code in a browser stores consent and choice with a delay, and loses them if it reloads before.
      await page.waitForTimeout(STORED_MS);
    });

    it('keeps both across a reload, without asking again', async () => {
      await reloadWindow(page);
      await statusBarItem(page, /Alan Turing \(sudo\)/);
      await runCommand(page, 'Example: Who Am I in Looker?');
      await waitForNotification(page, "You're Alan Turing (user ID 3)");
    });

    it('logs out, on the server too', async () => {
      await runCommand(page, 'Looker: Log Out…');
      await pickItem(page, /All/);
      await answerDialog(page, 'Log Out');
      await statusBarItem(page, /Looker: log in/);
      await until(() => looker.liveTokens().length === 0);
      await screenshot(page, `package-${age}-logged-out`);
    });
  });
}
