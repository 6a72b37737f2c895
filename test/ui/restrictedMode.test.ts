import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { buildExample, EXAMPLE } from '../support/buildExample';
import { ROOT } from '../support/buildExtension';
import { RESTRICTED_MODE } from '../support/home';
import { Machine } from '../support/machine';
import { RUDE_CONSUMER } from '../support/rudeConsumer';
import {
  answerDialog,
  clickStatusBarItem,
  dialogText,
  pickItem,
  pressEscape,
  runCommand,
  screenshot,
  statusBarItem,
  submitSteps,
  waitForNotification,
  waitForQuickInput,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from './story';

/** An untrusted folder with settings that would redirect requests, and an extension that ignores a no. */
describe('in Restricted Mode', () => {
  let machine: Machine;
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    await buildExample();
    looker = await start(StandInLooker);
    machine = await start(Machine, {
      extensions: [ROOT, EXAMPLE, RUDE_CONSUMER],
      settings: RESTRICTED_MODE,
    });
    await writeSettings({
      'lookerAuth.instances': [
        { url: looker.baseUrl, apiVersion: '3.0', credentialsInQuery: true },
        { url: 'http://looker.example', plainHttp: true },
      ],
      'lookerAuth.timeout': 1,
      'lookerAuth.renewal': 'off',
    });
    page = await machine.openWindow();
    return page;
  });

  const writeSettings = async (settings: object) => {
    const folder = path.join(machine.home.workspace, '.vscode');
    await mkdir(folder);
    await writeFile(path.join(folder, 'settings.json'), JSON.stringify(settings));
  };

  it('the status bar offers to log in', async () => {
    await statusBarItem(page, /Restricted Mode/);
    await statusBarItem(page, /Looker: log in/);
    await screenshot(page, '40-restricted-mode');
  });

  it("an extension that got a no can't show the prompt again", async () => {
    await runCommand(page, 'Rude: Insist on a Looker Session');
    await answerDialog(page, 'Allow');
    await waitForQuickInput(page, /Log In to Looker/);
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
    await waitForNotification(page, /^Rude after/);
    await page.waitForTimeout(1000);
    assert.equal(await page.locator('.monaco-dialog-box').count(), 0);
    await waitUntilQuickInputCloses(page);
    assert.deepEqual(looker.requests, []);
    await screenshot(page, '41-told-no');
  });

  it('a login ignores the folder: no instances, the key in the body, and the normal time limit', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    looker.fault({ path: '/login', times: 1, kind: { is: 'slow', ms: 1500 } });
    await clickStatusBarItem(page, /Looker: log in/);
    await waitForQuickInput(page, 'Log In to Looker (1/3)');
    assert.doesNotMatch(await page.locator('.quick-input-widget').innerText(), /127\.0|example/);
    await submitSteps(page, 'Log In to Looker', [looker.baseUrl, clientId, clientSecret]);
    await statusBarItem(page, /Ada Lovelace · 59m/);
    const [login] = looker.requests.filter(({ path }) => path.endsWith('/login'));
    assert.equal(login?.path, '/api/4.0/login');
    assert.deepEqual(login.query, {});
    await screenshot(page, '42-restricted-logged-in');
  });

  it('another extension gets its session, once the user agrees', async () => {
    await runCommand(page, 'Example: Who Am I in Looker?');
    await answerDialog(page, 'Allow');
    await pickItem(page, /^Ada Lovelace/);
    await waitForNotification(page, "You're Ada Lovelace (user ID 1)");
  });

  it('the tool for language models asks before it reveals anything', async () => {
    await runCommand(page, 'Rude: Ask the Tool for Language Models');
    assert.match(
      await dialogText(page),
      /Show the language model your Looker accounts\?[^]*no tokens and no API keys/,
    );
    await screenshot(page, '43-tool-asks');
    await answerDialog(page, 'Cancel');
    await waitForNotification(page, /The tool says nothing/);
    await runCommand(page, 'Rude: Ask the Tool for Language Models');
    await answerDialog(page, 'Yes');
    await waitForNotification(page, /The tool says: .*"user":"Ada Lovelace"/);
  });
});
