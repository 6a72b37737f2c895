import assert from 'node:assert/strict';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from '../support/buildExtension';
import { logIn } from '../support/logIn';
import { Machine } from '../support/machine';
import { linksIn, screenshot, statusBarItem, waitForNotification } from '../support/workbench';
import { StandInLooker } from '../standIn/standInLooker';
import { story } from '../ui/story';
import { unharmedUntil } from './unharmed';

/** An extension with a link as its name, which provides Looker sessions in place of Looker Auth. */
const TAKER = path.join(ROOT, 'test', 'host', 'providerTaker');
const TAKEN = /Other Looker.*\(looker-test\.provider-taker\) provides Looker sessions/;

describe('an extension that registers the Looker authentication provider first', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    looker = await start(StandInLooker);
    const machine = await start(Machine, { extensions: [TAKER, ROOT] });
    page = await machine.openWindow();
    return page;
  });

  it('is named in a notification, without the link in its name', async () => {
    const isNamed = waitForNotification(page, TAKEN).then(
      () => true,
      () => false,
    );
    assert.ok(await isNamed, 'no notification names the other extension');
    assert.deepEqual(await linksIn(page, TAKEN), []);
    await screenshot(page, 'attack-provider-taken');
  });

  it("doesn't keep the user from logging in with Looker Auth", async () => {
    const others = page.locator('.notification-toast').filter({ hasNotText: TAKEN });
    const loggedIn = logIn(page, looker, 'Ada').then(() =>
      statusBarItem(page, /Ada Lovelace · 59m/),
    );
    await unharmedUntil(loggedIn, async () => {
      assert.deepEqual(await others.allInnerTexts(), []);
    });
  });
});
