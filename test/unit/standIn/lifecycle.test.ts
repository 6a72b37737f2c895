import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { StandInLooker } from '../../standIn/standInLooker';
import { ask, logIn, until } from './ask';

describe('stand-in Looker: starting and stopping', () => {
  it('stops even with pending responses and idle connections', async () => {
    const looker = await StandInLooker.start();
    looker.fault({ path: '/user', kind: { is: 'halfOpen' } });
    const idle = connect(Number(new URL(looker.baseUrl).port), '127.0.0.1');
    await once(idle, 'connect');
    const owed = fetch(`${looker.baseUrl}/api/4.0/user`);
    await until(() => looker.requests.length === 1);
    await Promise.all([looker.stop(), assert.rejects(owed), once(idle, 'close')]);
  });

  it("doesn't respond once stopped, and may be stopped again", async () => {
    const looker = await StandInLooker.start();
    await looker.stop();
    await looker.stop();
    await assert.rejects(ask(looker, 'GET /versions'));
  });

  it('starts again on the same port, with new keys and no tokens', async () => {
    const first = await StandInLooker.start();
    const token = await logIn(first, 'Ada');
    await first.stop();
    const again = await StandInLooker.start({ port: Number(new URL(first.baseUrl).port) });
    assert.equal(again.baseUrl, first.baseUrl);
    assert.equal((await ask(again, 'GET /api/4.0/user', { token })).status, 401);
    await again.stop();
  });

  it('reports that the port is taken', async () => {
    const looker = await StandInLooker.start();
    const port = Number(new URL(looker.baseUrl).port);
    await assert.rejects(StandInLooker.start({ port }), { code: 'EADDRINUSE' });
    await looker.stop();
  });

  it('keeps two instances apart', async () => {
    const [one, two] = await Promise.all([StandInLooker.start(), StandInLooker.start()]);
    const token = await logIn(one, 'Ada');
    assert.equal((await ask(two, 'GET /api/4.0/user', { token })).status, 401);
    await Promise.all([one.stop(), two.stop()]);
  });
});
