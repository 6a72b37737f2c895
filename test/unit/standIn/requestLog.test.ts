import assert from 'node:assert/strict';
import { StandInLooker } from '../../standIn/standInLooker';
import { ask, formOf, logIn, until } from './ask';

describe('stand-in Looker: the request log', () => {
  let looker: StandInLooker;
  beforeEach(async () => (looker = await StandInLooker.start()));
  afterEach(() => looker.stop());

  it('has the form and the status of the response', async () => {
    const form = formOf(looker.apiKeyOf('Ada'));
    await ask(looker, 'POST /api/4.0/login', { form });
    const [request] = looker.requests;
    assert.equal(request?.method, 'POST');
    assert.equal(request.path, '/api/4.0/login');
    assert.equal(request.apiVersion, '4.0');
    assert.deepEqual(request.form, form);
    assert.deepEqual(request.query, {});
    assert.equal(request.token, undefined);
    assert.equal(request.status, 200);
  });

  it('has credentials in the query separately', async () => {
    await ask(looker, 'POST /api/3.1/login?client_id=a&client_secret=b%2Bc');
    assert.deepEqual(looker.requests[0]?.form, {});
    assert.deepEqual(looker.requests[0].query, { client_id: 'a', client_secret: 'b+c' });
    assert.equal(looker.requests[0].apiVersion, '3.1');
    assert.equal(looker.requests[0].status, 404);
  });

  it('has the token and the headers', async () => {
    const token = await logIn(looker, 'Ada');
    await ask(looker, 'GET /api/4.0/user', { token, headers: { 'x-looker-appid': 'a test' } });
    assert.equal(looker.requests.at(-1)?.token, token);
    assert.equal(looker.requests.at(-1)?.headers['x-looker-appid'], 'a test');
    assert.equal(looker.requests.at(-1)?.userId, '1');
    looker.revokeToken(token);
    await ask(looker, 'GET /api/4.0/user', { token });
    assert.equal(looker.requests.at(-1)?.token, token);
    assert.equal(looker.requests.at(-1)?.userId, undefined);
  });

  it('has a JSON body', async () => {
    const token = await logIn(looker, 'Ada');
    await ask(looker, 'PATCH /api/4.0/session', { token, json: { workspace_id: 'dev' } });
    assert.deepEqual(looker.requests.at(-1)?.form, { workspace_id: 'dev' });
  });

  it('has paths outside of the API, in order of arrival', async () => {
    await ask(looker, 'GET /versions');
    await ask(looker, 'GET /nowhere?at=all');
    assert.deepEqual(
      looker.requests.map(({ path, apiVersion, status }) => [path, apiVersion, status]),
      [
        ['/versions', undefined, 200],
        ['/nowhere', undefined, 404],
      ],
    );
  });

  it('has no status for a pending response', async () => {
    looker.fault({ kind: { is: 'halfOpen' } });
    const patience = new AbortController();
    const owed = fetch(`${looker.baseUrl}/versions`, { signal: patience.signal });
    await until(() => looker.requests.length === 1);
    assert.equal(looker.requests[0]?.status, undefined);
    patience.abort();
    await assert.rejects(owed);
  });
});
