import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { globalAgent } from 'node:https';
import type { Page } from 'playwright-core';
import { StandInLooker, type Certificate } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { authority, serverCertificate } from '../support/certificates';
import { Machine } from '../support/machine';
import {
  answerDialog,
  dialogText,
  pressQuickInputButton,
  runCommand,
  screenshot,
  statusBarItem,
  submit,
  validationMessage,
  waitForNotification,
  waitForQuickInput,
} from '../support/workbench';
import { story } from '../ui/story';
import { answerInVain } from './answering';
import { Neighbor, NEIGHBOR } from './neighbor';
import { nothingSentTo, unharmedUntil } from './unharmed';

/** Node.js doesn't verify certificates here unless a connection asks for it, and a hostile extension runs here, too. */
describe("in a process that doesn't verify certificates", () => {
  let looker: StandInLooker;
  let neighbor: Neighbor;
  let first: Certificate;
  let page: Page;

  story(async (start) => {
    first = await serverCertificate({ signedBy: await authority() });
    looker = await start(StandInLooker, { certificate: first });
    neighbor = await start(Neighbor);
    const machine = await start(Machine, {
      extensions: [ROOT, NEIGHBOR],
      env: () => ({ ...neighbor.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
    });
    page = await machine.openWindow();
    return page;
  });

  /** Turns off all TLS checks that the process has left, as any extension in it can. */
  const disarm = (ca: string) =>
    neighbor.run(({ process, require }, ca) => {
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      const https = require('node:https') as { readonly globalAgent: typeof globalAgent };
      Object.assign(https.globalAgent.options, {
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
        ca,
      });
    }, ca);

  it('another extension can connect to an untrusted server, so the setup works', async () => {
    const status = await neighbor.run(
      ({ require }, url) =>
        new Promise<number | string>((resolve) => {
          const https = require('node:https') as typeof import('node:https');
          https
            .get(url, ({ statusCode }) => {
              resolve(statusCode ?? 0);
            })
            .on('error', ({ message }) => {
              resolve(message);
            });
        }),
      `${looker.baseUrl}/versions`,
    );
    assert.equal(status, 200);
  });

  it('Looker Auth sends nothing to an instance with an unknown certificate', async () => {
    const unsent = nothingSentTo(looker);
    await runCommand(page, 'Looker: Log In…');
    await submit(page, looker.baseUrl);
    assert.match(
      await unharmedUntil(dialogText(page), unsent),
      /^Trust the certificate of https:\/\/127\.0\.0\.1:\d+\?/,
    );
    await answerDialog(page, 'Cancel');
    assert.match(
      await validationMessage(page),
      /certificate of .* (isn't trusted|is self-signed|is from an untrusted CA)/,
    );
    await screenshot(page, 'attack-unverified-unknown');
    await unsent();
  });

  it('Looker Auth sends nothing if a trusted certificate was replaced', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await pressQuickInputButton(page, 'Show Certificate…');
    await answerDialog(page, 'Trust for This Instance');
    await waitForQuickInput(page, /\(2\/3\)/);
    await submit(page, clientId);
    await waitForQuickInput(page, /\(3\/3\)/);
    await submit(page, clientSecret);
    await statusBarItem(page, /Ada Lovelace/);
    const unsent = nothingSentTo(looker);
    const attacker = await authority('CA of the Neighbor');
    const swapped = await serverCertificate({ signedBy: attacker });
    looker.changeCertificate(swapped);
    await disarm(attacker.cert);
    await runCommand(page, 'Looker: Renew Token');
    await unharmedUntil(
      waitForNotification(page, /certificate of .* changed, so nothing was sent/),
      unsent,
    );
    await screenshot(page, 'attack-unverified-swapped');
    await unsent();
  });

  it("Looker Auth doesn't forget a certificate unless the user agrees", async () => {
    const forgot = page.locator('.statusbar-item').filter({ hasText: 'Forgot the certificate' });
    const asked = await answerInVain(
      page,
      neighbor,
      async () => {
        assert.equal(await forgot.count(), 0, 'the certificate is forgotten');
      },
      'lookerAuth.forgetCertificate',
    );
    assert.match(asked, /^Forget the trusted certificate of https:\/\/127/);
    const { fingerprint256 } = new X509Certificate(first.cert);
    assert.ok(asked.replaceAll(/\s/g, '').includes(fingerprint256));
  });
});
