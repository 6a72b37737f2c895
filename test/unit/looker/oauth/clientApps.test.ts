import assert from 'node:assert/strict';
import { NotLookerApiError } from '../../../../src/looker/errors/notLooker';
import { TokenRejectedError } from '../../../../src/looker/errors/refusal';
import { OWN_CLIENT } from '../../../../src/looker/oauth/client';
import {
  readClientApp,
  register,
  registrationOf,
  removeClientApp,
  revokeEverywhere,
} from '../../../../src/looker/oauth/clientApps';
import {
  ClientAppRefusedError,
  ClientAppsForbiddenError,
  RevokeEverywhereRefusedError,
} from '../../../../src/looker/oauth/clientAppErrors';
import { BrowserLoginUnsupportedError } from '../../../../src/looker/oauth/errors';
import { isRegistered } from '../../../../src/looker/oauth/tokenEndpoint';
import { StandInLooker } from '../../../standIn/standInLooker';
import { logIn } from '../../standIn/ask';
import { loginClient, grantFor, optionsFor } from './harness';

const { clientId, redirectUris } = OWN_CLIENT;
const ONE = '26.12.3';
const SEVERAL = '26.22.0';

describe('the registration of an OAuth client', () => {
  let looker: StandInLooker;
  let admin: string;
  beforeEach(async () => {
    looker = await StandInLooker.start({ oauth: { isThere: true } });
    admin = await logIn(looker, 'Ada');
  });
  afterEach(() => looker.stop());

  const registered = async (release: string) => {
    looker.oauth.hasSeveralRedirectUris = release === SEVERAL;
    const options = optionsFor(looker);
    const existing = await readClientApp(options, admin, clientId);
    const registration = registrationOf(OWN_CLIENT, existing, release);
    return registration && (await register(options, admin, registration));
  };

  for (const [release, uris] of [
    [ONE, redirectUris.slice(0, 1)],
    [SEVERAL, redirectUris],
  ] as const) {
    it(`has the form for release ${release}, is read back, and works`, async () => {
      const app = await registered(release);
      assert.deepEqual(app, { clientId, redirectUris: uris, isEnabled: true, groupId: undefined });
      assert.equal(await isRegistered(optionsFor(looker), loginClient), true);
      await grantFor(looker, 'katherine@example.com');
      assert.equal(await registered(release), undefined, 'nothing is left to do');
    });
  }

  it('is sent exactly as shown', async () => {
    const shown = registrationOf(OWN_CLIENT, undefined, ONE);
    await registered(ONE);
    const sent = looker.requests.find(({ method }) => method === 'POST' && shown);
    const post = looker.requests.find(
      ({ path, method }) => method === 'POST' && path === shown?.path,
    );
    assert.ok(sent);
    assert.deepEqual(post?.form, shown?.body);
    assert.equal(post?.method, shown?.method);
  });

  it('is updated if it is disabled or has other URLs; a group stays', async () => {
    looker.setGroup('7', ['Ada']);
    looker.registerClient(clientId, ['http://127.0.0.1:1/old'], '7');
    looker.disableClient(clientId);
    const app = await registered(SEVERAL);
    assert.deepEqual(app, { clientId, redirectUris, isEnabled: true, groupId: '7' });
    assert.equal(looker.requests.at(-2)?.method, 'PATCH');
  });

  it("fails if the instance didn't store what was sent", async () => {
    const registration = registrationOf(OWN_CLIENT, undefined, SEVERAL) ?? assert.fail();
    // This release doesn't have the field.
    await assert.rejects(register(optionsFor(looker), admin, registration), ClientAppRefusedError);
    const one = registrationOf(OWN_CLIENT, undefined, ONE) ?? assert.fail();
    looker.fault({ method: 'POST', path: clientId, kind: { is: 'json', status: 200, body: {} } });
    await assert.rejects(register(optionsFor(looker), admin, one), ClientAppRefusedError);
  });

  it('is for admins', async () => {
    const developer = await logIn(looker, 'Grace');
    const options = optionsFor(looker);
    await assert.rejects(readClientApp(options, developer, clientId), ClientAppsForbiddenError);
    await assert.rejects(readClientApp(options, 'dead', clientId), TokenRejectedError);
  });

  it('reports what is wrong: the release, the fields, or a server in between', async () => {
    const options = optionsFor(looker);
    const registration = registrationOf(OWN_CLIENT, undefined, ONE) ?? assert.fail();
    looker.oauth.isThere = false;
    await assert.rejects(register(options, admin, registration), BrowserLoginUnsupportedError);
    looker.fault({ times: 1, kind: { is: 'html', status: 403 } });
    await assert.rejects(register(options, admin, registration), NotLookerApiError);
    looker.fault({ kind: { is: 'refusal', status: 404 } });
    await assert.rejects(register(options, admin, registration), ClientAppRefusedError);
    looker.clearFaults();
    looker.oauth.isThere = true;
    const body = { ...registration.body, display_name: '' };
    await assert.rejects(register(options, admin, { ...registration, body }), /display_name/);
  });

  it('is removed along with all its logins', async () => {
    await registered(ONE);
    await grantFor(looker, 'katherine@example.com');
    await removeClientApp(optionsFor(looker), admin, clientId);
    assert.equal(looker.clients.size, 0);
    assert.deepEqual(looker.liveRefreshTokens(), []);
    await removeClientApp(optionsFor(looker), admin, clientId);
  });

  it('lets users revoke their own logins everywhere, and nobody else’s', async () => {
    await registered(ONE);
    const { token } = await grantFor(looker, 'katherine@example.com');
    await grantFor(looker, 'katherine@example.com');
    await grantFor(looker, 'grace@example.com');
    const options = optionsFor(looker);
    await assert.rejects(
      revokeEverywhere(options, token.value, clientId, '2'),
      RevokeEverywhereRefusedError,
    );
    const mend = looker.fault({ path: '/users/4', kind: { is: 'refusal', status: 404 } });
    await assert.rejects(
      revokeEverywhere(options, token.value, clientId, '4'),
      RevokeEverywhereRefusedError,
    );
    mend();
    await revokeEverywhere(options, token.value, clientId, '4');
    assert.deepEqual(
      looker.liveRefreshTokens().map(({ userId }) => userId),
      ['2'],
    );
  });
});
