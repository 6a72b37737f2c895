import assert from 'node:assert/strict';
import { API_VERSIONS } from '../../standIn/apiVersion';
import { StandInLooker } from '../../standIn/standInLooker';
import { ask, logIn } from './ask';

for (const version of API_VERSIONS) {
  describe(`stand-in Looker: users of API ${version}`, () => {
    const at = (path: string) => `GET /api/${version}${path}`;
    const idOf = (id: number) => (version === '4.0' ? String(id) : id);
    let looker: StandInLooker;
    let admin: string;
    let developer: string;
    before(async () => {
      looker = await StandInLooker.start();
      admin = await logIn(looker, 'Ada', version);
      developer = await logIn(looker, 'Grace', version);
    });
    after(() => looker.stop());

    it('returns the user of the token', async () => {
      const { json } = await ask(looker, at('/user?fields=id,display_name,email,is_disabled'), {
        token: developer,
      });
      assert.deepEqual(json, {
        id: idOf(2),
        display_name: 'Grace Hopper',
        email: 'grace@example.com',
        is_disabled: false,
      });
    });

    it('accepts the token as token and as Bearer, in any case', async () => {
      for (const scheme of ['token', 'Bearer', 'bearer']) {
        const headers = { authorization: `${scheme} ${admin}` };
        assert.equal((await ask(looker, at('/user'), { headers })).status, 200);
      }
    });

    it('accepts it in no other form', async () => {
      for (const authorization of [admin, `Basic ${admin}`, 'token', '']) {
        const { status } = await ask(looker, at('/user'), { headers: { authorization } });
        assert.equal(status, 401);
      }
    });

    it('shows an admin every field of every user', async () => {
      const { json } = await ask(looker, at('/users/2'), { token: admin });
      const { email, role_ids, credentials_api3 } = json as Record<string, unknown>;
      assert.equal(email, 'grace@example.com');
      assert.deepEqual(role_ids, [idOf(3)]);
      assert.equal(
        (credentials_api3 as { client_id: string }[])[0]?.client_id,
        looker.apiKeyOf('Grace').clientId,
      );
    });

    it('shows others only names', async () => {
      const { json } = await ask(looker, at('/users/1'), { token: developer });
      assert.deepEqual(Object.keys(json as object), [
        'can',
        'id',
        'first_name',
        'last_name',
        'display_name',
        'avatar_url',
        'avatar_url_without_sizing',
        'url',
      ]);
    });

    it('shows everyone their own fields', async () => {
      const { json } = await ask(looker, at('/users/2?fields=email'), { token: developer });
      assert.deepEqual(json, { email: 'grace@example.com' });
    });

    it('returns the requested fields, also nested ones, and ignores unknown ones', async () => {
      const fields = 'id, credentials_api3(client_id), no_such_field';
      const path = `/users/1?fields=${encodeURIComponent(fields)}`;
      const { json } = await ask(looker, at(path), { token: admin });
      const { clientId } = looker.apiKeyOf('Ada');
      assert.deepEqual(json, { id: idOf(1), credentials_api3: [{ client_id: clientId }] });
    });

    it('never shows a secret', async () => {
      const { text } = await ask(looker, at('/users/search'), { token: admin });
      assert.ok(!text.includes(looker.apiKeyOf('Ada').clientSecret));
    });

    it('responds with 404 for an unknown user', async () => {
      const { status, json } = await ask(looker, at('/users/99'), { token: admin });
      assert.equal(status, 404);
      assert.deepEqual(json, {
        message: 'Not found',
        documentation_url: `https://cloud.google.com/looker/docs/r/err/${version}/404/get/users/:user_id`,
      });
    });

    it(`responds with ${version === '4.0' ? 404 : 400} for an ID that isn't an integer`, async () => {
      const { status } = await ask(looker, at('/users/grace'), { token: admin });
      assert.equal(status, version === '4.0' ? 404 : 400);
    });

    it('requires a token everywhere', async () => {
      for (const path of ['/user', '/users/1', '/users/search']) {
        assert.equal((await ask(looker, at(path))).status, 401);
      }
    });
  });
}

describe('stand-in Looker: service accounts', () => {
  it('are marked as such in API 4.0', async () => {
    const looker = await StandInLooker.start();
    const token = await logIn(looker, 'Nightly Export');
    const path = 'GET /api/4.0/user?fields=is_service_account,service_account_name';
    const { json } = await ask(looker, path, { token });
    assert.deepEqual(json, { is_service_account: true, service_account_name: 'Nightly Export' });
    await looker.stop();
  });
});
