import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { Machine } from '../support/machine';
import {
  answerDialog,
  dialogText,
  pressEscape,
  pressQuickInputButton,
  quickPickItems,
  runCommand,
  screenshots,
  statusBarItem,
  submit,
  typeInto,
  waitForQuickInput,
  waitForQuickInputMessage,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from './story';

/** The help that a login offers. */
describe('the help during a login', () => {
  let looker: StandInLooker;
  let old: StandInLooker | undefined;
  let page: Page;
  let host: string;

  story(async (start) => {
    looker = await start(StandInLooker);
    // The old API port, which only one process can have; if it is taken, these tests are skipped.
    old = await start(StandInLooker, { https: true, port: 19999 }).catch(() => undefined);
    host = new URL(looker.baseUrl).host;
    const machine = await start(Machine, {
      extensions: [ROOT],
      env: ({ folder }) => {
        const file = path.join(folder, 'certificate.pem');
        writeFileSync(file, old?.certificate ?? '');
        return { NODE_EXTRA_CA_CERTS: file };
      },
    });
    page = await machine.openWindow();
    return page;
  });

  const inBox = () => page.locator('.quick-input-box input').inputValue();
  /** Waits for the note, since an earlier one may still be shown. */
  const boxShows = async (text: string) => {
    while ((await inBox()) !== text) await page.waitForTimeout(20);
  };
  /** Pastes by keyboard, from a clipboard that another program has filled. */
  const paste = async (text: string) => {
    await page.locator('.quick-input-box input').focus();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await page.keyboard.press('ControlOrMeta+V');
  };

  it('looks for Looker at the URL, and shows the result at the client ID', async () => {
    looker.fault({ path: '/versions', times: 1, kind: { is: 'slow', ms: 1500 } });
    await runCommand(page, 'Looker: Log In…');
    await waitForQuickInput(page, 'Log In to Looker (1/3)');
    await submit(page, `${host}/explore/model/view`);
    await waitForQuickInputMessage(page, /Looking for Looker on 127/);
    await waitForQuickInput(page, 'Log In to Looker (1/3)');
    await screenshots(page, 'login-1-looking');
    await waitForQuickInput(page, `Log In to ${host} (2/3)`);
    await waitForQuickInputMessage(page, /^127\.0\.0\.1:\d+: Looker 26\.12\.3, API 4\.0\./);
    await screenshots(page, 'login-2-found');
    await pressEscape(page);
  });

  it('ends with Esc while it looks, without any effect', async () => {
    looker.fault({ path: '/versions', times: 1, kind: { is: 'slow', ms: 1000 } });
    await runCommand(page, 'Looker: Log In…');
    await submit(page, host);
    await waitForQuickInputMessage(page, /Looking for Looker on 127/);
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
    // Longer than a response takes.
    await page.waitForTimeout(1500);
    assert.equal(await page.locator('.quick-input-widget').isVisible(), false);
    assert.equal(await page.locator('.notification-toast').count(), 0);
  });

  it('says under the URL that nothing responds, and keeps the text', async () => {
    await runCommand(page, 'Looker: Log In…');
    await waitForQuickInput(page, 'Log In to Looker (1/3)');
    await submit(page, '127.0.0.1:9');
    await waitForQuickInputMessage(page, /Couldn't reach 127\.0\.0\.1:9/);
    await waitForQuickInput(page, 'Log In to Looker (1/3)');
    assert.equal(await inBox(), '127.0.0.1:9');
    await screenshots(page, 'login-3-nothing-answers');
    await submit(page, host);
    await waitForQuickInput(page, `Log In to ${host} (2/3)`);
  });

  for (const [what, text] of [
    ['two lines', (id: string, secret: string) => `${id}\n${secret}\n`],
    [
      'a section of looker.ini',
      (id: string, secret: string) =>
        `[Looker]\n# API 3 client id\nclient_id=${id}\n# API 3 client secret\nclient_secret=${secret}\n`,
    ],
  ] as const) {
    it(`recognizes client ID and secret pasted as ${what}, and shows no secret`, async () => {
      const { clientId, clientSecret } = looker.apiKeyOf('Ada');
      await typeInto(page, '');
      await paste(text(clientId, clientSecret));
      await waitForQuickInputMessage(page, /Client ID and client secret recognized/);
      await boxShows(clientId);
    });
  }

  it('offers to save the key there, and logs in with one Enter', async () => {
    await screenshots(page, 'login-5-pasted');
    await pressQuickInputButton(page, "Don't Save the API Key, Only the Token Until It Expires");
    await waitForQuickInputMessage(page, /They won't be saved/);
    await pressQuickInputButton(page, "Save the API Key in VS Code's Secret Storage");
    await page.locator('.quick-input-box input').press('Enter');
    await statusBarItem(page, /Ada Lovelace/);
  });

  it('lists the instances, with a button to forget one if nobody is logged in there', async () => {
    await runCommand(page, 'Looker: Log Out…');
    await answerDialog(page, 'Log Out');
    await statusBarItem(page, /Looker: log in/);
    await runCommand(page, 'Looker: Log In…');
    await waitForQuickInput(page, 'Log In to Looker (1/3)');
    const [first] = await quickPickItems(page);
    assert.equal(first?.label, host);
    await page.locator('.quick-input-list .monaco-list-row').first().hover();
    await screenshots(page, 'login-6-known');
    await page.getByRole('button', { name: /^Forget 127/ }).click();
    assert.match(await dialogText(page), /^Forget 127.*who logged in there: Ada Lovelace\./s);
    await screenshots(page, 'login-6a-forget');
    await answerDialog(page, 'Forget');
    await page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: host })
      .waitFor({ state: 'detached' });
    await pressEscape(page);
  });

  it('offers the other port if Looker responds there, and continues with it', async function () {
    if (!old) this.skip();
    const { clientId, clientSecret } = old.apiKeyOf('Grace Hopper');
    await runCommand(page, 'Looker: Log In…');
    await waitForQuickInput(page, 'Log In to Looker (1/3)');
    await submit(page, 'https://127.0.0.1/');
    await waitForQuickInputMessage(
      page,
      /127\.0\.0\.1 doesn't respond with Looker's API, but port 19999/,
    );
    await screenshots(page, 'login-7-other-port');
    await pressQuickInputButton(page, 'Use Port 19999');
    await waitForQuickInput(page, 'Log In to 127.0.0.1:19999 (2/3)');
    await waitForQuickInputMessage(page, /^127\.0\.0\.1:19999: Looker 26\.12\.3/);
    await submit(page, clientId);
    await waitForQuickInput(page, 'Log In to 127.0.0.1:19999 (3/3)');
    await submit(page, clientSecret);
    await statusBarItem(page, /Grace Hopper · .* · 127\.0\.0\.1:19999/);
  });
});
