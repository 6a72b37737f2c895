import assert from 'node:assert/strict';
import { OWN_CLIENT } from '../../../../src/looker/oauth/client';
import { StandInLooker, type StandInOptions } from '../../../standIn/standInLooker';
import { grantFor } from '../../../unit/looker/oauth/harness';
import { labels, logIn as logInWithKey, logoutEverybody, run } from '../looker';
import { ScriptedUser, type Answer } from '../scriptedUser';

const { clientId, redirectUris } = OWN_CLIENT;
const PATH = `/api/4.0/oauth_client_apps/${clientId}`;
const WITH_KEY: Answer = { choose: /With an API Key/ };

describe('Set Up Browser Login…', () => {
  let looker: StandInLooker;
  let user: ScriptedUser;
  const start = async (options: StandInOptions = {}) => {
    looker = await StandInLooker.start({ oauth: { isThere: true }, ...options });
    user = new ScriptedUser();
  };
  afterEach(async () => {
    looker.clearFaults();
    assert.equal(user.unused, 0);
    await logoutEverybody(user);
    user.dispose();
    await looker.stop();
  });

  const logIn = (name: string) => logInWithKey(user, looker, name, WITH_KEY);
  const host = () => new URL(looker.baseUrl).host;
  const sent = (method: string) =>
    looker.requests.filter((request) => request.method === method && request.path === PATH);

  it('shows exactly what it sends, asks, registers it, and checks it', async () => {
    await start();
    await logIn('Ada');
    await run('setUpBrowserLogin');
    const [dialog] = user.dialogs;
    assert.equal(dialog?.question, `Set up browser login on ${host()}?`);
    assert.deepEqual(dialog.buttons, ['Set Up']);
    const { detail = '' } = dialog;
    assert.ok(detail.includes(`POST ${looker.baseUrl}${PATH}`));
    assert.ok(detail.includes(`Ada Lovelace (${host()})`));
    assert.deepEqual(sent('POST'), [], 'nothing is sent before');
    user.press('Set Up');
    await run('setUpBrowserLogin');
    const [post] = sent('POST');
    assert.ok(detail.endsWith(JSON.stringify(post?.form, undefined, 2)));
    assert.equal(looker.clients.get(clientId)?.isEnabled, true);
    await grantFor(looker, 'katherine@example.com');
    assert.deepEqual(user.messages.slice(2), []);
  });

  it('updates a client: enables it, and adds redirect URIs after Looker was updated', async () => {
    await start({ release: '26.22.0', oauth: { hasSeveralRedirectUris: true } });
    looker.setGroup('7', ['Ada']);
    looker.registerClient(clientId, redirectUris.slice(0, 1), '7');
    looker.disableClient(clientId);
    await logIn('Ada');
    user.press('Update');
    await run('setUpBrowserLogin');
    assert.equal(user.dialogs[0]?.question, `Update browser login on ${host()}?`);
    assert.match(user.dialogs[0].detail ?? '', /^PATCH /m);
    const client = looker.clients.get(clientId);
    assert.deepEqual(client?.redirectUris, redirectUris);
    assert.deepEqual([client.isEnabled, client.groupId], [true, '7']);
  });

  it('offers to remove a complete one, and asks twice', async () => {
    await start();
    looker.registerClient(clientId, redirectUris);
    await grantFor(looker, 'katherine@example.com');
    await logIn('Ada');
    await run('setUpBrowserLogin');
    assert.equal(user.dialogs[0]?.question, `Browser login is set up on ${host()}`);
    user.press('Remove…');
    await run('setUpBrowserLogin');
    assert.equal(user.dialogs[2]?.question, `Remove browser login from ${host()}?`);
    assert.match(user.dialogs[2].detail ?? '', /logs out all users who logged in/);
    assert.deepEqual(sent('DELETE'), [], 'the first button removes nothing');
    user.press('Remove');
    await run('setUpBrowserLogin');
    assert.equal(looker.clients.size, 0);
    assert.deepEqual(looker.liveRefreshTokens(), []);
  });

  it('asks for the account if there are several, and never lists sudo accounts', async () => {
    await start();
    await logIn('Ada');
    await logIn('Grace Hopper');
    user.answer({ choose: /Ada Lovelace/ });
    user.press('Set Up');
    await run('setUpBrowserLogin');
    assert.equal(user.prompts.at(-1)?.asks, 'Choose the admin account to use');
    assert.equal(looker.clients.size, 1);
  });

  const failures: readonly [
    what: string,
    options: StandInOptions,
    name: string,
    strike: () => void,
    message: RegExp,
  ][] = [
    [
      'permission',
      {},
      'Grace Hopper',
      () => undefined,
      /doesn't let you set up browser login, which requires the Admin role/,
    ],
    [
      'a release whose API has OAuth clients',
      { apiVersions: ['3.0', '3.1'] },
      'Ada',
      () => undefined,
      /doesn't support browser login/,
    ],
    [
      'OAuth clients in API 4.0',
      { oauth: { isThere: false } },
      'Ada',
      () => undefined,
      /doesn't support browser login/,
    ],
    [
      'what was sent, once it is read back',
      {},
      'Ada',
      () => {
        looker.fault({ method: 'POST', path: PATH, kind: { is: 'json', status: 200, body: {} } });
      },
      /didn't accept the OAuth client|can't register an OAuth client/,
    ],
    [
      'the client, once it is tried',
      {},
      'Ada',
      () => {
        const body = { error: 'invalid_client' };
        looker.fault({ path: '/api/token', kind: { is: 'json', status: 401, body } });
      },
      /didn't accept the OAuth client/,
    ],
    [
      'Looker itself',
      {},
      'Ada',
      () => {
        looker.fault({ path: PATH, kind: { is: 'html', status: 502 } });
      },
      /responded with an error/,
    ],
  ];
  for (const [what, options, name, strike, message] of failures) {
    it(`says what is missing: ${what}`, async () => {
      await start(options);
      if (options.oauth?.isThere === false || options.apiVersions) {
        await logInWithKey(user, looker, name);
      } else await logIn(name);
      strike();
      user.press('Set Up');
      await run('setUpBrowserLogin');
      assert.match(user.messages.at(-1) ?? '', message);
      assert.equal((await labels()).length, 1);
    });
  }

  it('requires a login', async () => {
    await start();
    await run('setUpBrowserLogin');
    assert.match(user.messages.join(), /logged in to Looker/);
  });
});
