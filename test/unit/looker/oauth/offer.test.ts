import assert from 'node:assert/strict';
import type { Release } from '../../../../src/looker/api/apiVersion';
import { CanceledError } from '../../../../src/looker/errors/expectedError';
import { OWN_CLIENT } from '../../../../src/looker/oauth/client';
import { MetadataElsewhereError } from '../../../../src/looker/oauth/errors';
import { findOffer } from '../../../../src/looker/oauth/offer';
import { StandInLooker, type FaultKind } from '../../../standIn/standInLooker';
import { optionsFor } from './harness';

const release = (change: Partial<Release> = {}): Release => ({
  release: '26.12.3',
  apiVersions: ['4.0'],
  webUrl: undefined,
  ...change,
});

describe("an instance's offer of a browser login", () => {
  let looker: StandInLooker;
  beforeEach(async () => {
    looker = await StandInLooker.start();
  });
  afterEach(() => looker.stop());

  it('is made if the client is registered', async () => {
    looker.registerClient(OWN_CLIENT.clientId, OWN_CLIENT.redirectUris);
    assert.deepEqual(await findOffer(optionsFor(looker), OWN_CLIENT, release()), {
      clientId: OWN_CLIENT.clientId,
      redirectUris: OWN_CLIENT.redirectUris.slice(0, 1),
      authorizationEndpoint: `${looker.baseUrl}/auth`,
      otherEndpoint: undefined,
      isSetUp: true,
    });
    const newer = await findOffer(optionsFor(looker), OWN_CLIENT, release({ release: '26.22.1' }));
    assert.deepEqual(newer?.redirectUris, OWN_CLIENT.redirectUris);
  });

  it("says that it isn't set up, or that this is unknown", async () => {
    looker.oauth.isThere = true;
    assert.equal((await findOffer(optionsFor(looker), OWN_CLIENT, undefined))?.isSetUp, false);
    looker.oauth.errors = 'looker';
    assert.equal((await findOffer(optionsFor(looker), OWN_CLIENT, undefined))?.isSetUp, undefined);
  });

  it('is missing without OAuth, with an older API, or if something blocks all requests', async () => {
    assert.equal(await findOffer(optionsFor(looker), OWN_CLIENT, release()), undefined);
    looker.registerClient(OWN_CLIENT.clientId, OWN_CLIENT.redirectUris);
    const old = optionsFor(looker, { apiVersion: '3.1' });
    assert.equal(await findOffer(old, OWN_CLIENT, release()), undefined);
    const kinds: readonly FaultKind[] = [
      { is: 'html', status: 403 },
      { is: 'refusal', status: 404 },
      { is: 'reset' },
      { is: 'redirect', to: 'https://sso.evil.test/' },
      { is: 'rateLimited', retryAfter: '60' },
    ];
    for (const kind of kinds) {
      looker.clearFaults();
      looker.fault({ path: '/api/token', kind });
      assert.equal(await findOffer(optionsFor(looker), OWN_CLIENT, release()), undefined);
    }
  });

  it('names another host for the pages, without opening it', async () => {
    looker.registerClient(OWN_CLIENT.clientId, OWN_CLIENT.redirectUris);
    const elsewhere = release({ webUrl: 'https://pages.example.com' });
    looker.oauth.metadata = undefined;
    const offer = await findOffer(optionsFor(looker), OWN_CLIENT, elsewhere);
    assert.equal(offer?.authorizationEndpoint, `${looker.baseUrl}/auth`);
    assert.equal(offer.otherEndpoint, 'https://pages.example.com/auth');
  });

  it('is refused if the metadata names another host', async () => {
    looker.registerClient(OWN_CLIENT.clientId, OWN_CLIENT.redirectUris);
    const { metadata } = looker.oauth;
    looker.oauth.metadata = (origin) => ({
      ...(metadata?.(origin) as object),
      authorization_endpoint: 'https://evil.test/auth',
    });
    await assert.rejects(
      findOffer(optionsFor(looker), OWN_CLIENT, release()),
      MetadataElsewhereError,
    );
  });

  it("isn't awaited longer than the user waits", async () => {
    looker.fault({ kind: { is: 'halfOpen' } });
    const canceled = AbortSignal.timeout(50);
    await assert.rejects(
      findOffer(optionsFor(looker), OWN_CLIENT, release(), canceled),
      CanceledError,
    );
  });
});
