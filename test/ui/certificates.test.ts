import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { Page } from 'playwright-core';
import { StandInLooker, type Certificate } from '../standIn/standInLooker';
import { buildExtension, ROOT } from '../support/buildExtension';
import { authority, serverCertificate } from '../support/certificates';
import { Machine } from '../support/machine';
import { until } from '../support/until';
import {
  answerDialog,
  answerNotification,
  dialogText,
  pickItem,
  pressEscape,
  pressQuickInputButton,
  runCommand,
  screenshot,
  statusBarItem,
  submit,
  validationMessage,
  waitForNotification,
  waitForQuickInput,
  waitForWorkbench,
} from '../support/workbench';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 800, height: 600 };

/** An instance whose certificate no machine knows, and settings that somebody has written in a hurry. */
describe('private certificates', function () {
  this.bail(true); // each step starts where the one before ended
  let machine: Machine;
  let looker: StandInLooker;
  let shown: Certificate;
  let page: Page;

  before(async function () {
    this.timeout(600_000); // the first time, VS Code is downloaded
    await buildExtension();
    shown = await serverCertificate({ signedBy: await authority() });
    looker = await StandInLooker.start({ certificate: shown });
    machine = await Machine.start({
      extensions: [ROOT],
      settings: {
        'lookerAuth.instances': [
          { url: 'looker' },
          { url: 'https://looker.acme.dev:19999', caFile: '/nowhere/acme-ca.pem' },
          { url: looker.baseUrl, name: 'Acme Production' },
          { url: 'looker.acme.dev:19999', apiVersion: '5.0' },
        ],
      },
    });
    page = await machine.openWindow();
    await waitForWorkbench(page);
  });
  after(async () => {
    await machine.stop();
    await looker.stop();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-certificates');
  });

  const fingerprint = () => new X509Certificate(shown.cert).fingerprint256;
  /** In both widths. */
  const shoot = async (name: string) => {
    await screenshot(page, name);
    await page.setViewportSize(NARROW);
    await screenshot(page, `${name}-narrow`);
    await page.setViewportSize(WIDE);
  };
  const seesFingerprint = async () => {
    assert.ok((await dialogText(page)).replaceAll(/\s/g, '').includes(fingerprint()));
  };

  it('what is wrong in the settings is told in one message, which leads there', async () => {
    const problems = /lookerAuth\.instances.*entry 1: .*entry 2 .*no file.*entry 4 /;
    await waitForNotification(page, problems);
    await shoot('50-instances-wrong');
    await answerNotification(page, problems, 'Open Settings');
    await page.locator('.monaco-editor .view-line').getByText('"looker"').click();
    await shoot('51-instances-in-settings');
    await pressEscape(page);
    await page.locator('.monaco-editor .view-line').first().waitFor({ state: 'hidden' });
  });

  it('the others can be logged in to: the certificate is shown, and can be refused', async () => {
    await runCommand(page, 'Looker: Log In…');
    await pickItem(page, 'Acme Production');
    await waitForQuickInput(page, /\(2\/3\)/);
    const note = page.locator('.quick-input-message');
    await note.filter({ hasText: /is not trusted.*Enter shows you the certificate/ }).waitFor();
    await shoot('52-certificate-unknown');
    await page.locator('.quick-input-box input').press('Enter');
    assert.match(await dialogText(page), /Trust the certificate of https:\/\/127\.0\.0\.1:\d+\?/);
    await seesFingerprint();
    await shoot('52a-certificate');
    // Enter, pressed once too often, trusts nothing.
    await page.keyboard.press('Enter');
    await seesFingerprint();
    await pressEscape(page);
    await waitForQuickInput(page, /\(1\/3\)/);
    assert.match(await validationMessage(page), /is not trusted/);
    await shoot('53-certificate-refused');
    assert.deepEqual(looker.requests, []);
  });

  it('once it is trusted, the log-in goes on', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await pressQuickInputButton(page, 'Show Certificate…');
    await answerDialog(page, 'Trust for This Instance');
    await waitForQuickInput(page, /\(2\/3\)/);
    await submit(page, clientId);
    await waitForQuickInput(page, /\(3\/3\)/);
    await submit(page, clientSecret);
    await statusBarItem(page, /Ada Lovelace/);
  });

  it('one that has changed is refused loudly, and cannot be trusted there', async () => {
    const before = looker.requests.length;
    shown = await serverCertificate();
    looker.changeCertificate(shown);
    await runCommand(page, 'Looker: Renew Token');
    await waitForNotification(page, /HAS CHANGED/);
    await shoot('54-certificate-changed');
    assert.equal(await page.getByRole('button', { name: 'Show Certificate…' }).count(), 0);
    assert.equal(looker.requests.length, before);
  });

  it('until the old one is forgotten', async () => {
    await runCommand(page, 'Looker: Forget Trusted Certificate…');
    await waitForQuickInput(page, 'Forget Trusted Certificate');
    await shoot('55-certificates');
    await pickItem(page, /Acme Production/);
    await shoot('56-certificate-forget');
    await answerDialog(page, 'Forget');
  });

  it('then the new one is shown, and with it renewals go on', async () => {
    await runCommand(page, 'Looker: Renew Token');
    await answerNotification(page, /is not trusted/, 'Show Certificate…');
    await seesFingerprint();
    const before = looker.requests.length;
    await answerDialog(page, 'Trust for This Instance');
    await runCommand(page, 'Looker: Renew Token');
    await until(() => looker.requests.length > before);
    await statusBarItem(page, /Ada Lovelace · 59m/);
    await shoot('57-certificate-trusted');
  });
});
