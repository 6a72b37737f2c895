import assert from 'node:assert/strict';
import { StandInLooker } from '../../standIn/standInLooker';
import { ask, formOf, logIn, messageOf } from './ask';

describe('stand-in Looker: rate limit', () => {
  let now = Date.UTC(2026, 0, 1);
  let looker: StandInLooker;
  beforeEach(async () => {
    looker = await StandInLooker.start({ now: () => now, maxLoginsPerMinute: 2 });
  });
  afterEach(() => looker.stop());
  const login = () =>
    ask(looker, 'POST /api/4.0/login', { form: formOf(looker.apiKeyOf('Grace')) });

  it('responds with 429 after the given number of logins, with the time to retry', async () => {
    await login();
    now += 20_000;
    await login();
    now += 500;
    const answer = await login();
    assert.equal(answer.status, 429);
    assert.equal(answer.headers.get('retry-after'), '40');
    assert.equal(messageOf(answer), 'Too many requests');
    assert.equal(looker.liveTokens().length, 2);
  });

  it('allows logins again after a minute', async () => {
    await login();
    await login();
    now += 60_000;
    assert.equal((await login()).status, 200);
  });

  it('also counts failed logins and sudo, and nothing else', async () => {
    const token = await logIn(looker, 'Ada');
    await ask(looker, 'POST /api/4.0/login', { form: { client_id: 'nobody' } });
    assert.equal((await ask(looker, 'POST /api/4.0/login/2', { token })).status, 429);
    assert.equal((await ask(looker, 'GET /api/4.0/user', { token })).status, 200);
  });
});
