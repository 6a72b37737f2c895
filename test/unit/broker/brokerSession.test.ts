import assert from 'node:assert/strict';
import { BrokerSession } from '../../../src/broker/brokerSession';
import { BrokerSessions } from '../../../src/broker/brokerSessions';
import type { Lease, Minting } from '../../../src/broker/minting';
import { RequestRefusal } from '../../../src/broker/requestRefusal';
import type { Workspace } from '../../../src/looker/workspace';

const HOUR = 3_600_000;

describe('a broker session', () => {
  let now = 0;
  let minted: Workspace[];
  let revoked: string[];
  /** What each login waits for. */
  let gate: Promise<void>;
  let hasKey: boolean;

  beforeEach(() => {
    now = 0;
    [minted, revoked] = [[], []];
    gate = Promise.resolve();
    hasKey = true;
  });

  const leaseOf = (token: string): Lease => {
    const until = now + HOUR;
    return { token, timeLeft: () => until - now };
  };
  const minting: Minting = {
    mint: async (workspace) => {
      if (!hasKey) return undefined;
      minted.push(workspace);
      const token = `${minted.length} in ${workspace}`;
      await gate;
      return leaseOf(token);
    },
    shared: () => Promise.resolve(leaseOf('shared')),
    rejected: () => Promise.resolve(),
    revoke: (token) => Promise.resolve(void revoked.push(token)),
  };
  const tokenOf = async (session: BrokerSession) => {
    const { token, end } = await session.use();
    end();
    return token;
  };
  const openSession = () => new BrokerSession(minting, () => now);

  it('uses the workspace that was selected while its token was being renewed', async () => {
    const session = openSession();
    const selecting = await session.use();
    now += HOUR - 1000;
    let open: () => void = () => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const renewed = tokenOf(session);
    selecting.selected('dev');
    selecting.end();
    open();
    assert.equal(await renewed, '3 in dev');
    assert.deepEqual(revoked, ['2 in production', '1 in production']);
  });

  it('uses the workspace that was selected after its token had been renewed', async () => {
    const session = openSession();
    const selecting = await session.use();
    now += HOUR - 1000;
    assert.equal(await tokenOf(session), '2 in production');
    selecting.selected('dev');
    selecting.end();
    assert.equal(await tokenOf(session), '3 in dev');
    assert.equal(await tokenOf(session), '3 in dev');
  });

  it('keeps the token that a workspace was selected with', async () => {
    const session = openSession();
    const { selected, end } = await session.use();
    selected('dev');
    end();
    assert.equal(await tokenOf(session), '1 in production');
    assert.equal(minted.length, 1);
  });

  it("never uses the account's own token in Development Mode", async () => {
    const session = openSession();
    const { selected, end } = await session.use();
    selected('dev');
    end();
    [now, hasKey] = [2 * HOUR, false];
    await assert.rejects(
      session.use(),
      (error) => error instanceof RequestRefusal && error.status === 409,
    );
    assert.equal(await tokenOf(openSession()), 'shared');
  });

  it('of the terminal itself outlives a hundred others', async () => {
    const sessions = new BrokerSessions(minting, () => now);
    const [own, next] = [sessions.open().token, sessions.open().token];
    for (let i = 0; i < 99; i++) sessions.open();
    assert.ok(sessions.find(own));
    assert.equal(sessions.find(next), undefined);
    await sessions.endAll();
  });

  it('that was just opened outlives a hundred that are in use', async () => {
    const sessions = new BrokerSessions(minting, () => now);
    for (let i = 0; i < 100; i++) await sessions.open().session.use();
    assert.ok(sessions.find(sessions.open().token));
    await sessions.endAll();
  });
});
