import assert from 'node:assert/strict';
import { API_VERSIONS } from '../../standIn/apiVersion';
import { StandInLooker } from '../../standIn/standInLooker';
import { ask, formOf, messageOf } from './ask';

for (const version of API_VERSIONS) {
  describe(`stand-in Looker: POST /login of API ${version}`, () => {
    const LOGIN = `POST /api/${version}/login`;
    let looker: StandInLooker;
    before(async () => (looker = await StandInLooker.start()));
    after(() => looker.stop());

    it('issues a token for an API key in the body', async () => {
      const { status, json } = await ask(looker, LOGIN, { form: formOf(looker.apiKeyOf('Ada')) });
      const value = looker.liveTokens().at(-1)?.value;
      assert.equal(status, 200);
      assert.deepEqual(json, {
        access_token: value,
        token_type: 'Bearer',
        expires_in: 3600,
        ...(version === '4.0' && { refresh_token: null }),
      });
      assert.match(String(value), /^[A-Za-z0-9]{40}$/);
    });

    it('issues a token for an API key in the query', async () => {
      const query = new URLSearchParams(formOf(looker.apiKeyOf('Ada'))).toString();
      const { status } = await ask(looker, `${LOGIN}?${query}`);
      assert.equal(status, 200);
    });

    it('issues a new token each time, and earlier ones stay valid', async () => {
      const before = looker.liveTokens().length;
      await ask(looker, LOGIN, { form: formOf(looker.apiKeyOf('Grace')) });
      await ask(looker, LOGIN, { form: formOf(looker.apiKeyOf('Grace')) });
      const values = looker.liveTokens().map(({ value }) => value);
      assert.equal(new Set(values).size, before + 2);
    });

    it('responds with 404 JSON to an unknown key, a wrong secret and half of a key', async () => {
      const { clientId, clientSecret } = looker.apiKeyOf('Ada');
      const forms = [
        { client_id: 'nobody', client_secret: clientSecret },
        { client_id: clientId, client_secret: 'wrong' },
        { client_id: clientId },
      ];
      for (const form of forms) {
        const { status, json } = await ask(looker, LOGIN, { form });
        assert.equal(status, 404);
        assert.deepEqual(json, {
          message: 'Not found',
          documentation_url: `https://cloud.google.com/looker/docs/r/err/${version}/404/post/login`,
        });
      }
    });

    it('responds with 400 if there is no key', async () => {
      const answer = await ask(looker, LOGIN);
      assert.equal(answer.status, 400);
      assert.equal(messageOf(answer), 'client_id and client_secret are missing');
    });

    it("rejects a revoked key and a disabled user's key as unknown", async () => {
      const key = { clientId: 'barbarasKey', clientSecret: 'barbarasSecret' };
      looker.addPerson({ firstName: 'Barbara', lastName: 'Liskov', apiKey: key });
      looker.disable('Barbara');
      assert.equal((await ask(looker, LOGIN, { form: formOf(key) })).status, 404);
      looker.enable('Barbara');
      assert.equal((await ask(looker, LOGIN, { form: formOf(key) })).status, 200);
      looker.revokeApiKey('barbarasKey');
      assert.equal((await ask(looker, LOGIN, { form: formOf(key) })).status, 404);
    });
  });
}
