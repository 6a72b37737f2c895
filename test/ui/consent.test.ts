import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { Machine } from '../support/machine';
import { RUDE_CONSUMER } from '../support/rudeConsumer';
import {
  answerDialog,
  pressEscape,
  runCommand,
  screenshot,
  submitSteps,
  waitForNotification,
  waitForQuickInput,
} from '../support/workbench';
import { story } from './story';

const TITLE = 'Log In to Looker for an Extension';

describe('a user with a prompt to log in for another extension', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    looker = await start(StandInLooker);
    const machine = await start(Machine, { extensions: [ROOT, RUDE_CONSUMER] });
    page = await machine.openWindow();
    return page;
  });

  it('cancels with Esc, and the extension gets VS Code’s cancellation', async () => {
    await runCommand(page, 'Rude: Ask for a Looker Session, and Say What Comes of It');
    await answerDialog(page, 'Allow');
    await waitForQuickInput(page, new RegExp(TITLE));
    await pressEscape(page);
    await screenshot(page, '47-canceled');
    await waitForNotification(page, 'Rude has Canceled: Canceled');
  });

  it('logs in when the extension requests it again', async () => {
    await runCommand(page, 'Rude: Ask for a Looker Session, and Say What Comes of It');
    await answerDialog(page, 'Allow');
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await submitSteps(page, TITLE, [looker.baseUrl, clientId, clientSecret]);
    await waitForNotification(page, 'Rude has a session.');
  });
});
