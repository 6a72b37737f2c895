import assert from 'node:assert/strict';
import { StandInLooker, type StandInOptions } from '../../standIn/standInLooker';
import { ask, formOf, logIn, sudo } from './ask';

describe('stand-in Looker: tokens', () => {
  const START = Date.UTC(2026, 0, 1);
  let now: number;
  let looker: StandInLooker;
  const start = async (options?: StandInOptions) => {
    now = START;
    looker = await StandInLooker.start({ now: () => now, ...options });
  };
  afterEach(() => looker.stop());
  const statusOf = async (token: string) =>
    (await ask(looker, 'GET /api/4.0/user', { token })).status;

  it('are valid as long as configured, by the given clock', async () => {
    await start({ tokenLife: 90 });
    const token = await logIn(looker, 'Ada');
    now = START + 89_999;
    assert.equal(await statusOf(token), 200);
    now = START + 90_000;
    assert.equal(await statusOf(token), 401);
    assert.deepEqual(looker.liveTokens(), []);
  });

  it('report their lifetime', async () => {
    await start({ tokenLife: 90 });
    const form = formOf(looker.apiKeyOf('Ada'));
    const lifeOf = async () =>
      ((await ask(looker, 'POST /api/4.0/login', { form })).json as { expires_in: number })
        .expires_in;
    assert.equal(await lifeOf(), 90);
    looker.setTokenLife(7);
    assert.equal(await lifeOf(), 7);
    const [first, second] = looker.liveTokens();
    assert.equal(first?.expiresAt, START + 90_000);
    assert.equal(second?.expiresAt, START + 7_000);
  });

  it("can't be logged out after they have expired", async () => {
    await start({ tokenLife: 1 });
    const token = await logIn(looker, 'Ada');
    now += 1000;
    assert.equal((await ask(looker, 'DELETE /api/4.0/logout', { token })).status, 404);
  });

  it('are the same in every API version', async () => {
    await start();
    const token = await logIn(looker, 'Ada', '3.0');
    assert.equal(await statusOf(token), 200);
  });

  it('are revoked one by one or all together', async () => {
    await start();
    const [one, two, three] = [
      await logIn(looker, 'Ada'),
      await logIn(looker, 'Ada'),
      await logIn(looker, 'Grace'),
    ];
    looker.revokeToken(one);
    assert.deepEqual([await statusOf(one), await statusOf(two)], [401, 200]);
    looker.revokeTokens();
    assert.deepEqual([await statusOf(two), await statusOf(three)], [401, 401]);
  });

  it('end when their user is disabled or removed', async () => {
    await start();
    const admin = await logIn(looker, 'Ada');
    const grace = await logIn(looker, 'Grace');
    const alan = await sudo(looker, admin, 3);
    looker.disable('Grace');
    looker.removePerson('Alan');
    assert.deepEqual(
      [await statusOf(grace), await statusOf(alan), await statusOf(admin)],
      [401, 401, 200],
    );
  });

  it('outlive the API key that they were issued for', async () => {
    await start();
    const token = await logIn(looker, 'Ada');
    looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
    assert.equal(await statusOf(token), 200);
  });

  it('come with responses dated by the same clock', async () => {
    await start();
    now += 3_600_000;
    const dates = await Promise.all(
      ['GET /', 'GET /versions', 'POST /api/4.0/login', 'GET /nowhere'].map(async (what) =>
        (await ask(looker, what)).headers.get('date'),
      ),
    );
    assert.deepEqual(new Set(dates), new Set(['Thu, 01 Jan 2026 01:00:00 GMT']));
  });
});
