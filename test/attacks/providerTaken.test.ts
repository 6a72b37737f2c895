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

/** Its name is a link, and its provider is not ours. */
const TAKER = path.join(ROOT, 'test', 'host', 'providerTaker');
const TAKEN = /Other Looker.*\(looker-test\.provider-taker\) provides Looker sessions/;

describe('an extension that registers the provider of Looker sessions first', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    looker = await start(StandInLooker);
    const machine = await start(Machine, { extensions: [TAKER, ROOT] });
    page = await machine.openWindow();
    return page;
  });

  it('is named to the user, by its name and no link', async () => {
    const isNamed = waitForNotification(page, TAKEN).then(
      () => true,
      () => false,
    );
    assert.ok(await isNamed, 'no notification names the other extension');
    assert.deepEqual(await linksIn(page, TAKEN), []);
    await screenshot(page, 'attack-provider-taken');
  });

  it('keeps nobody from logging in to Looker Auth itself', async () => {
    const others = page.locator('.notification-toast').filter({ hasNotText: TAKEN });
    const loggedIn = logIn(page, looker, 'Ada').then(() =>
      statusBarItem(page, /Ada Lovelace · 59m/),
    );
    await unharmedUntil(loggedIn, async () => {
      assert.deepEqual(await others.allInnerTexts(), []);
    });
  });
});
