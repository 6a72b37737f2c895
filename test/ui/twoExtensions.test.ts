import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { buildExample, EXAMPLE } from '../support/buildExample';
import { ROOT } from '../support/buildExtension';
import { Machine } from '../support/machine';
import { RUDE_CONSUMER } from '../support/rudeConsumer';
import {
  answerDialog,
  dialogText,
  runCommand,
  screenshot,
  submitSteps,
  waitForNotification,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from './story';

describe('two extensions with requests at the same time', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    looker = await start(StandInLooker);
    await buildExample();
    const machine = await start(Machine, { extensions: [ROOT, EXAMPLE, RUDE_CONSUMER] });
    page = await machine.openWindow();
    return page;
  });

  it('each need consent, and share one login', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await runCommand(page, 'Rude: Ask for a Looker Session Together With the Example');
    const asking: string[] = [];
    for (let dialog = 0; dialog < 2; dialog++) {
      asking.push(await dialogText(page));
      await screenshot(page, `45-two-extensions-${dialog + 1}`);
      await answerDialog(page, 'Allow');
    }
    assert.match(asking.sort().join(), /'Looker Who Am I' wants .*'Rude Consumer' wants /s);
    const title = 'Log In to Looker for an Extension';
    await submitSteps(page, title, [looker.baseUrl, clientId, clientSecret]);
    await waitForNotification(page, "You're Ada Lovelace (user ID 1)");
    await waitForNotification(page, /^Rude as Ada Lovelace /);
    await waitUntilQuickInputCloses(page);
    await screenshot(page, '46-two-extensions-one-login');
    const logins = looker.requests.filter(({ path }) => path.endsWith('/login'));
    assert.equal(logins.length, 1);
  });
});
