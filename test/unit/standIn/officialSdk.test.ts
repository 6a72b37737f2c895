import assert from 'node:assert/strict';
import { StandInLooker } from '../../standIn/standInLooker';
import { officialSdk, silenceSdk } from '../../support/officialSdk';

describe('stand-in Looker with the official SDK', () => {
  let letSpeak: () => void;
  let looker: StandInLooker;
  beforeEach(async () => {
    letSpeak = silenceSdk();
    looker = await StandInLooker.start();
  });
  afterEach(async () => {
    letSpeak();
    await looker.stop();
  });

  const open = (name: string) => officialSdk(looker.baseUrl, looker.apiKeyOf(name));

  it('logs in, identifies the user, acts as another user, and logs out of both', async () => {
    const { session, sdk } = open('Ada');

    // In a new session, login('3') would stay the admin, so the admin logs in first.
    await session.login();
    assert.equal((await sdk.ok(sdk.me())).display_name, 'Ada Lovelace');
    assert.equal((await sdk.ok(sdk.session())).sudo_user_id, null);

    await session.login('3');
    assert.ok(session.isSudo());
    const alan = await sdk.ok(sdk.me());
    assert.deepEqual([alan.id, alan.display_name], ['3', 'Alan Turing']);
    assert.equal((await sdk.ok(sdk.session())).sudo_user_id, '1');

    assert.equal(await session.logout(), true);
    assert.equal((await sdk.ok(sdk.me())).display_name, 'Ada Lovelace');
    assert.equal(looker.liveTokens().length, 1);

    assert.equal(await session.logout(), true);
    assert.equal(session.isAuthenticated(), false);
    assert.deepEqual(looker.liveTokens(), []);
    assert.deepEqual(
      looker.requests.map(({ method, path, status }) => `${method} ${path} ${status}`),
      [
        'POST /api/4.0/login 200',
        'GET /api/4.0/user 200',
        'GET /api/4.0/session 200',
        'POST /api/4.0/login/3 200',
        'GET /api/4.0/user 200',
        'GET /api/4.0/session 200',
        'DELETE /api/4.0/logout 204',
        'GET /api/4.0/user 200',
        'DELETE /api/4.0/logout 204',
      ],
    );
  });

  it('finds users, changes the workspace and reads the versions', async () => {
    const { sdk } = open('Ada');
    const found = await sdk.ok(sdk.search_users({ last_name: 'hop%', fields: 'id,email' }));
    assert.deepEqual(found, [
      { id: '2', email: 'grace@example.com' },
      { id: '8', email: 'grace.b.hopper@example.com' },
    ]);
    const session = await sdk.ok(sdk.update_session({ workspace_id: 'dev' }));
    assert.equal(session.workspace_id, 'dev');
    assert.equal((await sdk.ok(sdk.versions())).looker_release_version, '26.12.3');
  });

  it('mints a token for another user and keeps its own', async () => {
    const { sdk } = open('Ada');
    const { access_token } = await sdk.ok(sdk.login_user('2'));
    assert.equal(looker.liveTokens().at(-1)?.value, access_token);
    assert.equal((await sdk.ok(sdk.me())).id, '1');
  });

  it('reads the message of a refusal', async () => {
    const { session, sdk } = open('Grace');
    // The SDK's errors have no status, so only the message distinguishes them.
    await assert.rejects(sdk.ok(sdk.login_user('3')), {
      message: 'Only an admin may log in as a user',
    });
    looker.revokeTokens();
    await assert.rejects(sdk.ok(sdk.me()), { message: 'Requires authentication.' });
    // A logout with response 404 throws and keeps the invalid token, so the session is dropped by hand.
    await assert.rejects(session.logout(), { message: 'Not found' });
    session.reset();
    looker.revokeApiKey(looker.apiKeyOf('Grace').clientId);
    await assert.rejects(session.login(), { message: 'Not found' });
  });
});
