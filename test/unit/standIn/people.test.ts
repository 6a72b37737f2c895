import assert from 'node:assert/strict';
import { StandInLooker } from '../../standIn/standInLooker';
import { ask, logIn, sudo } from './ask';

describe('stand-in Looker: people', () => {
  let looker: StandInLooker;
  beforeEach(async () => (looker = await StandInLooker.start()));
  afterEach(() => looker.stop());

  it('include one of every kind, and two with the same name', () => {
    assert.deepEqual(
      looker.people.map(({ id, displayName, roles }) => [id, displayName, ...roles]),
      [
        [1, 'Ada Lovelace', 'admin'],
        [2, 'Grace Hopper', 'developer'],
        [3, 'Alan Turing', 'developer'],
        [4, 'Katherine Johnson', 'viewer'],
        [5, 'Edsger Dijkstra', 'viewer'],
        [6, 'Nightly Export', 'admin'],
        [7, 'Emmy Noether', 'embed'],
        [8, 'Grace Hopper', 'viewer'],
      ],
    );
    assert.ok(looker.person('Edsger').isDisabled);
    assert.ok(looker.person('Nightly Export').isServiceAccount);
  });

  it('are found by first name, full name or e-mail', () => {
    assert.equal(looker.person('Ada').id, 1);
    assert.equal(looker.person('Ada Lovelace').id, 1);
    assert.equal(looker.person('Grace').id, 2);
    assert.equal(looker.person('grace.b.hopper@example.com').id, 8);
    assert.throws(() => looker.person('Charles'), /Nobody here is called Charles/);
  });

  it('have API keys that look like Looker’s and differ with each start', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    assert.match(clientId, /^[A-Za-z0-9]{20}$/);
    assert.match(clientSecret, /^[A-Za-z0-9]{24}$/);
    const another = await StandInLooker.start();
    assert.notEqual(another.apiKeyOf('Ada').clientSecret, clientSecret);
    await another.stop();
    assert.throws(() => looker.apiKeyOf('Alan'), /Alan Turing has no API key/);
  });

  it('can be added, with a key of their own or a random one', () => {
    const apiKey = { clientId: 'id', clientSecret: 'secret' };
    assert.equal(looker.addPerson({ firstName: 'Mary', lastName: 'Somerville', apiKey }).id, 9);
    assert.deepEqual(looker.apiKeyOf('Mary'), apiKey);
    looker.addPerson({ id: 42, firstName: 'Hedy', lastName: 'Lamarr', apiKey: true });
    assert.equal(looker.apiKeyOf('Hedy').clientId.length, 20);
    assert.throws(() => looker.addPerson({ id: 42, firstName: 'X', lastName: 'Y' }), /is taken/);
  });

  it('can be removed', async () => {
    looker.removePerson('Alan');
    const token = await logIn(looker, 'Ada');
    assert.equal((await ask(looker, 'POST /api/4.0/login/3', { token })).status, 404);
    assert.equal((await ask(looker, 'GET /api/4.0/users/3', { token })).status, 404);
  });

  it('can be disabled and enabled', async () => {
    const token = await logIn(looker, 'Ada');
    looker.enable('Edsger');
    assert.ok(await sudo(looker, token, 5));
    looker.disable('Edsger');
    assert.equal((await ask(looker, 'POST /api/4.0/login/5', { token })).status, 404);
  });

  it('can be replaced altogether', async () => {
    const other = await StandInLooker.start({
      people: [{ firstName: 'Lin', lastName: 'Lanying', roles: ['admin'], apiKey: true }],
    });
    assert.deepEqual(
      other.people.map(({ id, displayName }) => [id, displayName]),
      [[1, 'Lin Lanying']],
    );
    assert.ok(await logIn(other, 'Lin'));
    await other.stop();
  });
});
