import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { logIn } from '../support/logIn';
import { Machine } from '../support/machine';
import {
  linksIn,
  iconsIn,
  pressEscape,
  runCommand,
  screenshot,
  statusBarItem,
  waitForNotification,
  waitForQuickInput,
} from '../support/workbench';
import { story } from './story';

const LINK = '[Log in](command:workbench.action.toggleSidebarVisibility)';
const ICON = '$(check) active';

/** In Looker, users choose their own names, and admins those of others: they must be shown as plain text. */
describe('deceptive names of users', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    looker = await start(StandInLooker);
    looker.addPerson({ ...inTwo(LINK), roles: ['admin'], apiKey: true });
    looker.addPerson(inTwo(ICON));
    const machine = await start(Machine, { extensions: [ROOT] });
    page = await machine.openWindow();
    return page;
  });

  it("aren't links in progress messages", async () => {
    await logIn(page, looker, LINK);
    await statusBarItem(page, /\(Log in\)/);
    looker.fault({ path: '/login', times: 1, kind: { is: 'slow', ms: 5000 } });
    await runCommand(page, 'Looker: Renew Token');
    const progress = /Renewing the token for .*Log in/;
    await waitForNotification(page, progress);
    await screenshot(page, '90-hostile-progress');
    assert.deepEqual(await linksIn(page, progress), []);
  });

  it("aren't icons in a list", async () => {
    await runCommand(page, 'Looker: Log In as User (Sudo)…');
    await waitForQuickInput(page, 'Log In as User (Sudo)');
    await page.locator('.quick-input-list').getByText('active').waitFor();
    await screenshot(page, '91-hostile-list');
    assert.deepEqual(await iconsIn(page, /active/), []);
    await pressEscape(page);
  });

  it("aren't links in messages", async () => {
    looker.revokeApiKey(looker.apiKeyOf(LINK).clientId);
    await runCommand(page, 'Looker: Renew Token');
    const notice = /Couldn't renew the token for .*Log in/;
    await waitForNotification(page, notice);
    await screenshot(page, '92-hostile-notice');
    assert.deepEqual(await linksIn(page, notice), []);
  });
});

/** First and last name of a user whom Looker shows with this name. */
function inTwo(displayName: string): { firstName: string; lastName: string } {
  const [firstName = '', lastName = ''] = displayName.split(' ');
  return { firstName, lastName };
}
