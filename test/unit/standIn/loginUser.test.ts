import assert from 'node:assert/strict';
import { API_VERSIONS, type ApiVersion } from '../../standIn/apiVersion';
import { StandInLooker, type StandInOptions } from '../../standIn/standInLooker';
import { ask, logIn, messageOf, sudo } from './ask';

describe('stand-in Looker: POST /login/{user_id}', () => {
  let looker: StandInLooker;
  const start = async (options?: StandInOptions) => (looker = await StandInLooker.start(options));
  afterEach(() => looker.stop());

  const path = (version: ApiVersion, userId: number | string) =>
    `POST /api/${version}/login/${userId}`;

  for (const version of API_VERSIONS) {
    describe(`of API ${version}`, () => {
      it('issues an admin a token for another user, who needs no API key', async () => {
        await start();
        const token = await sudo(looker, await logIn(looker, 'Ada', version), 3, version);
        const { json } = await ask(looker, `GET /api/${version}/user`, { token });
        assert.equal((json as { display_name: string }).display_name, 'Alan Turing');
        assert.equal(looker.liveTokens().at(-1)?.userId, '3');
        assert.equal(looker.liveTokens().at(-1)?.sudoBy, '1');
      });

      it("leaves the admin's own token valid", async () => {
        await start();
        const admin = await logIn(looker, 'Ada', version);
        await sudo(looker, admin, 2, version);
        const { json } = await ask(looker, `GET /api/${version}/user`, { token: admin });
        assert.equal((json as { display_name: string }).display_name, 'Ada Lovelace');
      });

      it('responds with 401 without a token and with an invalid one', async () => {
        await start();
        const token = await logIn(looker, 'Ada', version);
        looker.revokeToken(token);
        for (const asked of [{}, { token }]) {
          const answer = await ask(looker, path(version, 2), asked);
          assert.equal(answer.status, 401);
          assert.equal(messageOf(answer), 'Requires authentication.');
        }
      });

      it(`responds with ${version === '3.0' ? 404 : 403} to anyone but an admin`, async () => {
        await start();
        const token = await logIn(looker, 'Grace', version);
        const { status } = await ask(looker, path(version, 3), { token });
        assert.equal(status, version === '3.0' ? 404 : 403);
      });

      it("doesn't accept a sudo token, not even an admin's", async () => {
        await start();
        const nightly = await sudo(looker, await logIn(looker, 'Ada', version), 6, version);
        const { status } = await ask(looker, path(version, 2), { token: nightly });
        assert.equal(status, version === '3.0' ? 404 : 403);
      });

      it('responds with 404 for an unknown and for a disabled user', async () => {
        await start();
        const token = await logIn(looker, 'Ada', version);
        for (const userId of [99, looker.person('Edsger').id]) {
          const answer = await ask(looker, path(version, userId), { token });
          assert.equal(answer.status, 404);
          assert.equal(messageOf(answer), 'Not found');
        }
      });

      it(`responds with ${version === '4.0' ? 404 : 400} for an ID that isn't an integer`, async () => {
        await start();
        const token = await logIn(looker, 'Ada', version);
        const { status } = await ask(looker, path(version, 'grace'), { token });
        assert.equal(status, version === '4.0' ? 404 : 400);
      });

      it('checks the roles at the time of the request', async () => {
        await start();
        const token = await logIn(looker, 'Grace', version);
        looker.setRoles('Grace', ['admin']);
        assert.equal((await ask(looker, path(version, 3), { token })).status, 200);
      });
    });
  }

  describe('associative', () => {
    const associativeOf = async (version: ApiVersion, query: string) => {
      const token = await logIn(looker, 'Ada', version);
      await ask(looker, path(version, 2) + query, { token });
      return looker.liveTokens().at(-1)?.associative;
    };

    it('is true in 3.x unless the client sends false', async () => {
      await start();
      assert.equal(await associativeOf('3.0', ''), true);
      assert.equal(await associativeOf('3.1', '?associative=true'), true);
      assert.equal(await associativeOf('3.1', '?associative=false'), false);
    });

    it('counts in API 4.0 up to release 26.6', async () => {
      await start({ release: '26.6.14' });
      assert.equal(await associativeOf('4.0', ''), true);
      assert.equal(await associativeOf('4.0', '?associative=false'), false);
    });

    it('is ignored by API 4.0 from release 26.8 on', async () => {
      await start({ release: '26.8.0' });
      assert.equal(await associativeOf('4.0', '?associative=false'), undefined);
      assert.equal(await associativeOf('4.0', '?associative=perhaps'), undefined);
    });

    it('must be a boolean if it counts', async () => {
      await start();
      const token = await logIn(looker, 'Ada', '3.1');
      const { status } = await ask(looker, `${path('3.1', 2)}?associative=perhaps`, { token });
      assert.equal(status, 400);
    });
  });

  describe('on Google Cloud core', () => {
    const statusAndMessage = async (name: string, userId: number) => {
      const token = await logIn(looker, name);
      const answer = await ask(looker, path('4.0', userId), { token });
      return [answer.status, messageOf(answer)];
    };
    const REFUSED = [403, 'Unsupported in Looker (Google Cloud core)'];

    it('lets an admin service account act as an embed user', async () => {
      await start({ googleCloudCore: true });
      assert.deepEqual(await statusAndMessage('Nightly Export', 7), [200, undefined]);
    });

    it("doesn't let it act as a regular user", async () => {
      await start({ googleCloudCore: true });
      assert.deepEqual(await statusAndMessage('Nightly Export', 2), REFUSED);
    });

    it("doesn't let a human admin act as any user", async () => {
      await start({ googleCloudCore: true });
      assert.deepEqual(await statusAndMessage('Ada', 7), REFUSED);
      assert.deepEqual(await statusAndMessage('Ada', 2), REFUSED);
    });
  });
});
