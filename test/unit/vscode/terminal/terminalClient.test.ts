import assert from 'node:assert/strict';
import { terminalVariables, tokenVariables } from '../../../../src/broker/environment';
import { clientIdIn } from '../../../../src/vscode/terminal/terminalClient';

describe('the client ID of a terminal', () => {
  const instance = 'https://acme.cloud.looker.com';
  const idIn = (env?: Readonly<Record<string, string | null>>) =>
    clientIdIn({ creationOptions: env ? { env } : {} });

  it('is its broker’s', () => {
    const address = {
      port: 1,
      clientId: 'a',
      clientSecret: 'b',
      accessToken: 'c',
      apiVersion: '4.0',
    };
    assert.equal(idIn(terminalVariables(address, instance, {})), 'a');
  });

  it('is none in a terminal without a broker', () => {
    assert.equal(idIn(), undefined);
    assert.equal(idIn(tokenVariables('a', instance)), undefined);
  });

  it("is none in a terminal whose options can't be read", () => {
    const unreadable: object = Object.defineProperty({}, 'env', {
      get: () => {
        throw new Error('Not now.');
      },
    });
    assert.equal(clientIdIn({ creationOptions: unreadable }), undefined);
    assert.equal(idIn({ ...tokenVariables('a', instance), LOOKERSDK_CLIENT_ID: null }), undefined);
  });

  it('is none in a terminal of another extension that gives it an API key', () => {
    assert.equal(idIn({ LOOKERSDK_CLIENT_ID: 'a', LOOKERSDK_BASE_URL: instance }), undefined);
  });
});
