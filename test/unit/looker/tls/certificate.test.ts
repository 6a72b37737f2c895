import assert from 'node:assert/strict';
import { certificateOf } from '../../../../src/looker/tls/certificate';
import { authority, serverCertificate } from '../../../support/certificates';

describe('a certificate', () => {
  it('shows its owner and its issuer on one line each', async () => {
    const signedBy = await authority('Acme Private CA');
    const { cert } = await serverCertificate({ hosts: ['looker.acme.dev'], signedBy });
    const { subject, issuer } = certificateOf(cert);
    assert.equal(subject, 'O=Acme, CN=looker.acme.dev');
    assert.equal(issuer, 'O=Acme, CN=Acme Private CA');
  });

  it("can't use its names to change the direction of the text around them", async () => {
    const { cert } = await authority('Acme \u202eAC etavirP\u202c');
    const { subject } = certificateOf(cert);
    assert.doesNotMatch(subject, /[\u202a-\u202e\u2066-\u2069]/);
    assert.match(subject, /Acme/);
  });

  it('is shortened if its names are long', async () => {
    const { cert } = await authority('x'.repeat(200));
    assert.equal(certificateOf(cert).subject.length, 120);
  });
});
