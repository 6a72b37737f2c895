import assert from 'node:assert/strict';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import manifest from '../../package.json';
import texts from '../../package.nls.json';
import { StandInLooker } from '../standIn/standInLooker';
import { buildExample, EXAMPLE } from '../support/buildExample';
import { ROOT } from '../support/buildExtension';
import { logIn } from '../support/logIn';
import { Machine } from '../support/machine';
import {
  answerDialog,
  dialogText,
  pickItem,
  pressEscape,
  runCommand,
  screenshot,
  screenshots,
  statusBarItem,
  submit,
  submitSteps,
  searchFor,
  waitForNotification,
  waitForQuickInput,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from './story';

const [{ id, steps }] = manifest.contributes.walkthroughs as [
  (typeof manifest.contributes.walkthroughs)[number],
];

const title = texts['walkthrough.firstSteps.title'];

/** VS Code's themes, by the names of their pictures in the manifest. */
const THEMES = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  hc: 'Dark High Contrast',
  hcLight: 'Light High Contrast',
} as const;

/** Opens the walkthrough from the palette. */
async function openSteps(page: Page): Promise<void> {
  await runCommand(page, 'Welcome: Open Walkthrough...');
  await page.locator('.quick-input-list').getByText(title).first().waitFor();
  await submit(page, title);
  await page.locator('.getting-started-step').first().waitFor();
}

function stepIn(page: Page, name: string): Locator {
  return page.locator(`.getting-started-step[data-step-id$="#${id}#${name}"]`);
}

/** Steps that were done before the walkthrough was first opened. */
describe('the walkthrough for a logged-in user', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    looker = await start(StandInLooker);
    const machine = await start(Machine, { extensions: [ROOT] });
    page = await machine.openWindow();
    return page;
  });

  it('shows steps as done that were done before', async () => {
    await logIn(page, looker, 'Ada');
    await statusBarItem(page, /Ada Lovelace/);
    await runCommand(page, `Looker: ${texts['command.loginAsUser.title']}`);
    await pickItem(page, /Alan Turing/);
    await answerDialog(page, 'Act as This User');
    await statusBarItem(page, /Alan Turing/);
    await openSteps(page);
    for (const name of ['login', 'actAsUser']) {
      await stepIn(page, name).and(page.locator('[aria-checked=true]')).waitFor();
    }
    await screenshot(page, 'walkthrough-logged-in');
  });
});

/** A new user follows the walkthrough. */
describe('the walkthrough', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    await buildExample();
    looker = await start(StandInLooker);
    const machine = await start(Machine, { extensions: [ROOT, EXAMPLE] });
    page = await machine.openWindow();
    return page;
  });

  const open = async () => {
    // With the sidebar, a window of this width has no room for the pictures.
    await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
    await openSteps(page);
  };
  const step = (name: string) => stepIn(page, name);
  const select = async (name: string) => {
    await step(name).locator('.step-title').click();
    await page.locator('.getting-started-media img').waitFor();
  };
  /** Waits until the step's picture in this theme is visible. */
  const seesPicture = async (name: string, theme: keyof typeof THEMES) => {
    const { media } = steps.find(({ id: other }) => other === name) ?? assert.fail(name);
    const file = path.basename(media.image[theme]);
    const picture = page.locator(`.getting-started-media img[srcset*="${file}"]`);
    await picture.waitFor();
    await picture.evaluate('(picture) => picture.decode()');
  };
  const isDone = (name: string) => step(name).and(page.locator('[aria-checked=true]')).waitFor();
  const done = async () => {
    const checked = await Promise.all(
      steps.map(async ({ id: name }) => {
        const isChecked = (await step(name).getAttribute('aria-checked')) === 'true';
        return isChecked ? [name] : [];
      }),
    );
    return checked.flat();
  };

  it('opens with "Welcome: Open Walkthrough...", with no step done', async () => {
    await open();
    assert.deepEqual(await done(), []);
    await screenshot(page, 'walkthrough-0');
  });

  it('has pictures in every theme', async () => {
    for (const theme of ['dark', 'light', 'hc', 'hcLight'] as const) {
      await runCommand(page, 'Preferences: Color Theme');
      await submit(page, THEMES[theme]);
      await waitUntilQuickInputCloses(page);
      for (const [index, { id: name }] of steps.entries()) {
        await select(name);
        await seesPicture(name, theme);
        await screenshot(page, `walkthrough-${index + 1}-${name}-${theme}`);
      }
    }
    await screenshots(page, 'walkthrough');
  });

  it('checks a step off after a login', async () => {
    await select('login');
    await step('login').getByRole('button', { name: 'Log In', exact: true }).click();
    await waitForQuickInput(page, /Log In to Looker/);
    await pressEscape(page);
    assert.deepEqual(await done(), []);
    await step('login').getByRole('button', { name: 'Log In', exact: true }).click();
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await submitSteps(page, 'Log In to Looker', [looker.baseUrl, clientId, clientSecret]);
    await statusBarItem(page, /Ada Lovelace/);
    await isDone('login');
    assert.deepEqual(await done(), ['login']);
  });

  it('checks a step off after the accounts were shown', async () => {
    await select('accounts');
    await step('accounts').getByRole('button', { name: 'Show Accounts' }).click();
    await waitForQuickInput(page, 'Looker Accounts');
    await pressEscape(page);
    await isDone('accounts');
  });

  it('checks a step off after acting as a user', async () => {
    await select('actAsUser');
    await step('actAsUser').getByRole('button', { name: 'Log In as User' }).click();
    await waitForQuickInput(page, /Log In as User \(Sudo\)/);
    await searchFor(page, 'turing');
    await pickItem(page, /Alan Turing/);
    await answerDialog(page, 'Act as This User');
    await statusBarItem(page, /Alan Turing \(sudo\)/);
    await isDone('actAsUser');
    assert.deepEqual(await done(), ['login', 'accounts', 'actAsUser']);
  });

  it('checks a step off after an extension got consent', async () => {
    await runCommand(page, 'Example: Who Am I in Looker?');
    await dialogText(page);
    await answerDialog(page, 'Allow');
    await pickItem(page, /^Ada Lovelace \(/);
    await waitForNotification(page, "You're Ada Lovelace (user ID 1)");
    await select('share');
    await isDone('share');
    await screenshot(page, 'walkthrough-done');
  });
});
