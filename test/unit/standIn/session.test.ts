import assert from 'node:assert/strict';
import { API_VERSIONS } from '../../standIn/apiVersion';
import { StandInLooker } from '../../standIn/standInLooker';
import { ask, logIn, sudo } from './ask';

for (const version of API_VERSIONS) {
  describe(`stand-in Looker: /session of API ${version}`, () => {
    const SESSION = `/api/${version}/session`;
    const can = { view: true, update: true };
    let looker: StandInLooker;
    let admin: string;
    before(async () => {
      looker = await StandInLooker.start();
      admin = await logIn(looker, 'Ada', version);
    });
    after(() => looker.stop());

    it('starts in production, without an admin', async () => {
      const { json } = await ask(looker, `GET ${SESSION}`, { token: admin });
      assert.deepEqual(json, { can, workspace_id: 'production', sudo_user_id: null });
    });

    it('names the admin behind a sudo token', async () => {
      const token = await sudo(looker, admin, 2, version);
      const { json } = await ask(looker, `GET ${SESSION}`, { token });
      const sudo_user_id = version === '4.0' ? '1' : 1;
      assert.deepEqual(json, { can, workspace_id: 'production', sudo_user_id });
    });

    it('changes the workspace of only this token', async () => {
      const token = await logIn(looker, 'Ada', version);
      const changed = await ask(looker, `PATCH ${SESSION}`, {
        token,
        json: { workspace_id: 'dev' },
      });
      assert.equal((changed.json as { workspace_id: string }).workspace_id, 'dev');
      const [same, other] = await Promise.all(
        [token, admin].map((token) => ask(looker, `GET ${SESSION}`, { token })),
      );
      assert.equal((same?.json as { workspace_id: string }).workspace_id, 'dev');
      assert.equal((other?.json as { workspace_id: string }).workspace_id, 'production');
    });

    it('lets only developers into Development Mode', async () => {
      const cases = [
        [2, 200],
        [4, 403],
      ] as const;
      for (const [userId, status] of cases) {
        const token = await sudo(looker, admin, userId, version);
        const reply = await ask(looker, `PATCH ${SESSION}`, {
          token,
          json: { workspace_id: 'dev' },
        });
        assert.equal(reply.status, status);
        const { json } = await ask(looker, `GET ${SESSION}`, { token });
        const workspace = status === 200 ? 'dev' : 'production';
        assert.equal((json as { workspace_id: string }).workspace_id, workspace);
      }
    });

    it("responds with 422 to an unknown workspace, and 400 to a body that isn't JSON", async () => {
      const wrong = await ask(looker, `PATCH ${SESSION}`, {
        token: admin,
        json: { workspace_id: 'moon' },
      });
      const documentation_url = `https://cloud.google.com/looker/docs/r/err/${version}/422/patch/session`;
      assert.equal(wrong.status, 422);
      assert.deepEqual(wrong.json, {
        message: 'Validation Failed',
        errors: [
          {
            field: 'workspace_id',
            code: 'invalid',
            message: 'must be production or dev',
            documentation_url,
          },
        ],
        documentation_url,
      });
      const response = await fetch(looker.baseUrl + SESSION, {
        method: 'PATCH',
        headers: { authorization: `token ${admin}`, 'content-type': 'application/json' },
        body: '{',
      });
      assert.equal(response.status, 400);
    });

    it('requires a token', async () => {
      assert.equal((await ask(looker, `GET ${SESSION}`)).status, 401);
      assert.equal((await ask(looker, `PATCH ${SESSION}`)).status, 401);
    });
  });
}
