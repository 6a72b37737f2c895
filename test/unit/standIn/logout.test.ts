import assert from 'node:assert/strict';
import { API_VERSIONS } from '../../standIn/apiVersion';
import { StandInLooker } from '../../standIn/standInLooker';
import { ask, logIn, messageOf, sudo } from './ask';

for (const version of API_VERSIONS) {
  describe(`stand-in Looker: DELETE /logout of API ${version}`, () => {
    const LOGOUT = `DELETE /api/${version}/logout`;
    let looker: StandInLooker;
    beforeEach(async () => (looker = await StandInLooker.start()));
    afterEach(() => looker.stop());

    it('revokes the token with an empty 204', async () => {
      const token = await logIn(looker, 'Ada', version);
      const { status, text } = await ask(looker, LOGOUT, { token });
      assert.deepEqual([status, text], [204, '']);
      assert.deepEqual(looker.liveTokens(), []);
    });

    it('responds with 404 JSON to the same token again', async () => {
      const token = await logIn(looker, 'Ada', version);
      await ask(looker, LOGOUT, { token });
      const answer = await ask(looker, LOGOUT, { token });
      assert.equal(answer.status, 404);
      assert.equal(messageOf(answer), 'Not found');
    });

    it('responds with 401 without a token', async () => {
      assert.equal((await ask(looker, LOGOUT)).status, 401);
    });

    it("revokes a sudo token but not the admin's", async () => {
      const admin = await logIn(looker, 'Ada', version);
      await ask(looker, LOGOUT, { token: await sudo(looker, admin, 2, version) });
      assert.deepEqual(
        looker.liveTokens().map(({ value }) => value),
        [admin],
      );
    });
  });
}
