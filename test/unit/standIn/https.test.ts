import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { get } from 'node:https';
import { StandInLooker } from '../../standIn/standInLooker';

describe('stand-in Looker over HTTPS', () => {
  let looker: StandInLooker;
  before(async () => (looker = await StandInLooker.start({ https: true })));
  after(() => looker.stop());

  const statusAt = (url: string, ca?: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      get(url, { ca, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });

  it('responds to a client that trusts its certificate, by address and by name', async () => {
    assert.match(looker.baseUrl, /^https:\/\/127\.0\.0\.1:\d+$/);
    const { port } = new URL(looker.baseUrl);
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = `https://${host}:${port}/versions`;
      assert.equal(await statusAt(url, looker.certificate), 200);
    }
  });

  it("is refused by a client that doesn't", async () => {
    await assert.rejects(statusAt(`${looker.baseUrl}/versions`), {
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  it('has a certificate for every name of loopback', () => {
    const certificate = new X509Certificate(String(looker.certificate));
    assert.equal(certificate.checkHost('localhost'), 'localhost');
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(certificate.checkIP('::1'), '::1');
  });

  it('has no certificate over HTTP', async () => {
    const plain = await StandInLooker.start();
    assert.equal(plain.certificate, undefined);
    await plain.stop();
  });
});
