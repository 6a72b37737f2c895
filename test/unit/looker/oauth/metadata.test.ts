import assert from 'node:assert/strict';
import { TimeoutError, UnreachableError } from '../../../../src/looker/errors/network';
import { MetadataElsewhereError } from '../../../../src/looker/oauth/errors';
import { readMetadata } from '../../../../src/looker/oauth/metadata';
import { StandInLooker, type FaultKind } from '../../../standIn/standInLooker';
import { optionsFor } from './harness';

describe('the OAuth metadata of an instance', () => {
  let looker: StandInLooker;
  let good: Record<string, unknown>;
  beforeEach(async () => {
    looker = await StandInLooker.start({ oauth: { isThere: true } });
    good = looker.oauth.metadata?.(looker.baseUrl) as Record<string, unknown>;
  });
  afterEach(() => looker.stop());

  const readWith = (change: Record<string, unknown>) => {
    looker.oauth.metadata = () => ({ ...good, ...change });
    return readMetadata(optionsFor(looker));
  };

  it('names the login page', async () => {
    assert.deepEqual(await readMetadata(optionsFor(looker)), {
      authorizationEndpoint: `${looker.baseUrl}/auth`,
    });
  });

  it('is refused if it names another host, or a less secure one', async () => {
    const elsewhere = [
      'https://evil.test/auth',
      'https://127.0.0.1.evil.test/auth',
      'https://127.0.0.1@evil.test/auth',
      'http://evil.test/auth',
      'ftp://127.0.0.1/auth',
      `${looker.baseUrl.replace('//', '//ada:secret@')}/auth`,
      `${looker.baseUrl}/auth?next=https://evil.test`,
      `${looker.baseUrl}/auth#here`,
      'javascript:alert(1)',
      'file:///etc/passwd',
      'https://127.0.0.2/auth',
    ];
    for (const field of ['authorization_endpoint', 'token_endpoint', 'issuer']) {
      for (const address of elsewhere) {
        await assert.rejects(readWith({ [field]: address }), MetadataElsewhereError, address);
      }
    }
  });

  it('may name another port of the same host', async () => {
    const { hostname } = new URL(looker.baseUrl);
    const found = await readWith({ authorization_endpoint: `https://${hostname}:9999/auth` });
    assert.equal(found?.authorizationEndpoint, `https://${hostname}:9999/auth`);
  });

  it('is ignored if it is invalid', async () => {
    for (const change of [
      { issuer: 7 },
      { authorization_endpoint: undefined },
      { token_endpoint: 'nonsense' },
      { code_challenge_methods_supported: ['plain'] },
      ...[
        '/auth/%26state=theirs',
        '/auth/%23',
        '/a%20b',
        '/auth;x=y',
        '/"<auth>',
        '/авторизация',
      ].map((path) => ({ authorization_endpoint: looker.baseUrl + path })),
    ]) {
      assert.equal(await readWith(change), undefined);
    }
    looker.oauth.metadata = undefined;
    assert.equal(await readMetadata(optionsFor(looker)), undefined);
    const kinds: readonly FaultKind[] = [
      { is: 'html', status: 200 },
      { is: 'html', status: 502 },
      { is: 'refusal', status: 404 },
      { is: 'rateLimited', retryAfter: '100' },
      { is: 'redirect', to: 'https://evil.test/' },
      { is: 'redirect', to: '/login' },
    ];
    for (const kind of kinds) {
      looker.clearFaults();
      looker.fault({ kind });
      assert.equal(await readMetadata(optionsFor(looker)), undefined, JSON.stringify(kind));
    }
  });

  it("can't be read without a response", async () => {
    looker.fault({ kind: { is: 'reset' }, times: 1 });
    await assert.rejects(readMetadata(optionsFor(looker)), UnreachableError);
    looker.fault({ kind: { is: 'halfOpen' } });
    await assert.rejects(readMetadata(optionsFor(looker, { timeoutMs: 100 })), TimeoutError);
  });
});
