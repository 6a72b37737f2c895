import assert from 'node:assert/strict';
import { OWN_CLIENT } from '../../../../src/looker/oauth/client';
import { adminMessage } from '../../../../src/vscode/login/adminMessage';

describe('the message for a Looker admin', () => {
  const messageFor = (release: string | undefined) =>
    adminMessage('https://looker.acme.dev:19999', 'https://looker.acme.dev', OWN_CLIENT, release);

  it('says what to register, in the form for the release', () => {
    const [first, ...others] = OWN_CLIENT.redirectUris;
    assert.match(messageFor('26.12.3'), new RegExp(`"redirect_uri": "${first}"`));
    assert.match(messageFor(undefined), /"redirect_uri":/);
    const newer = messageFor('26.22.0');
    assert.match(newer, /"redirect_uris": \[/);
    for (const uri of others) assert.ok(newer.includes(`"${uri}"`));
  });

  it('names the instance, the client, and the page for the registration', () => {
    const message = messageFor('26.12.3');
    assert.match(message, /https:\/\/looker\.acme\.dev:19999/);
    assert.match(message, /looker-auth-vscode/);
    assert.match(
      message,
      /https:\/\/looker\.acme\.dev\/extensions\/marketplace_extension_api_explorer/,
    );
  });
});
