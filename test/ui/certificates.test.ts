import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { Page } from 'playwright-core';
import { StandInLooker, type Certificate } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
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
  screenshots,
  statusBarItem,
  submit,
  validationMessage,
  waitForNotification,
  waitForQuickInput,
} from '../support/workbench';
import { story } from './story';

/** An instance with an unknown certificate, and settings with mistakes. */
describe('private certificates', () => {
  let looker: StandInLooker;
  let shown: Certificate;
  let page: Page;

  story(async (start) => {
    shown = await serverCertificate({ signedBy: await authority() });
    looker = await start(StandInLooker, { certificate: shown });
    const machine = await start(Machine, {
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
    return page;
  });

  const fingerprint = () => new X509Certificate(shown.cert).fingerprint256;
  const seesFingerprint = async () => {
    assert.ok((await dialogText(page)).replaceAll(/\s/g, '').includes(fingerprint()));
  };

  it('mistakes in the settings are shown in one message, which opens them', async () => {
    const problems = /lookerAuth\.instances"\. Entry 1: .*Entry 2 .*doesn't exist.*Entry 4 /;
    await waitForNotification(page, problems);
    await screenshots(page, '50-instances-wrong');
    await answerNotification(page, problems, 'Open Settings');
    await page.locator('.monaco-editor .view-line').getByText('"looker"').click();
    await screenshots(page, '51-instances-in-settings');
    await pressEscape(page);
    await page.locator('.monaco-editor .view-line').first().waitFor({ state: 'hidden' });
  });

  it('the certificate is shown at the login, and can be refused', async () => {
    await runCommand(page, 'Looker: Log In…');
    await pickItem(page, 'Acme Production');
    assert.match(await dialogText(page), /Trust the certificate of https:\/\/127\.0\.0\.1:\d+\?/);
    await seesFingerprint();
    await screenshots(page, '52a-certificate');
    // Pressing Enter once too often trusts nothing.
    await page.keyboard.press('Enter');
    await seesFingerprint();
    await pressEscape(page);
    await waitForQuickInput(page, /\(1\/3\)/);
    assert.match(
      await validationMessage(page),
      /certificate of .* (isn't trusted|is self-signed|is from an untrusted CA)/,
    );
    await screenshots(page, '53-certificate-refused');
    assert.deepEqual(looker.requests, []);
  });

  it('once it is trusted, the login continues', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await pressQuickInputButton(page, 'Show Certificate…');
    await answerDialog(page, 'Trust for This Instance');
    await waitForQuickInput(page, /\(2\/3\)/);
    await submit(page, clientId);
    await waitForQuickInput(page, /\(3\/3\)/);
    await submit(page, clientSecret);
    await statusBarItem(page, /Ada Lovelace/);
  });

  it("a changed one is refused with an error, and can't be trusted there", async () => {
    const before = looker.requests.length;
    shown = await serverCertificate();
    looker.changeCertificate(shown);
    await runCommand(page, 'Looker: Renew Token');
    await waitForNotification(page, /certificate of .* changed, so nothing was sent/);
    await screenshots(page, '54-certificate-changed');
    assert.equal(await page.getByRole('button', { name: 'Show Certificate…' }).count(), 0);
    assert.equal(looker.requests.length, before);
  });

  it('the old one can be forgotten', async () => {
    await runCommand(page, 'Looker: Forget Trusted Certificate…');
    await waitForQuickInput(page, 'Forget Trusted Certificate');
    await screenshots(page, '55-certificates');
    await pickItem(page, /Acme Production/);
    await screenshots(page, '56-certificate-forget');
    await answerDialog(page, 'Forget');
  });

  it('then the new one is shown, and renewals continue', async () => {
    await runCommand(page, 'Looker: Renew Token');
    await answerNotification(
      page,
      /certificate of .* (isn't trusted|is self-signed|is from an untrusted CA)/,
      'Show Certificate…',
    );
    await seesFingerprint();
    const before = looker.requests.length;
    await answerDialog(page, 'Trust for This Instance');
    await runCommand(page, 'Looker: Renew Token');
    await until(() => looker.requests.length > before);
    await statusBarItem(page, /Ada Lovelace · 59m/);
    await screenshots(page, '57-certificate-trusted');
  });
});
