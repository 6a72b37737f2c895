import assert from 'node:assert/strict';
import { LoggedOutError } from '../../../../src/accounts/errors';
import type { Session } from '../../../../src/accounts/session';
import type { Address } from '../../../../src/broker/environment';
import { OpenBrokers } from '../../../../src/vscode/terminal/openBrokers';
import { ADA } from '../../../support/accountStatus';

describe('brokers of the terminals', () => {
  const { account } = ADA;
  let session: Session | undefined;
  let isLogClosed: boolean;
  let closed: string[];
  let brokers: OpenBrokers;

  beforeEach(() => {
    session = { account } as Session;
    isLogClosed = false;
    closed = [];
    brokers = new OpenBrokers(
      { peek: () => session },
      {
        info: () => {
          if (isLogClosed) throw new Error('Channel has been closed');
        },
      },
    );
  });

  const open = (clientId: string) =>
    brokers.add(
      account,
      Promise.resolve({
        address: { clientId, port: 1 } as Address,
        close: () => Promise.resolve(void closed.push(clientId)),
      }),
    );

  it('all close at once, even without a log', async () => {
    await open('a');
    await open('b');
    isLogClosed = true;
    const closing = brokers.close();
    assert.deepEqual(closed, ['a', 'b']);
    await closing;
    assert.equal(brokers.has('a'), false);
  });

  it('close one by one', async () => {
    await open('a');
    await open('b');
    brokers.end(({ clientId }) => clientId === 'a');
    assert.deepEqual(closed, ['a']);
    assert.ok(brokers.has('b'));
  });

  it('are known by their account while they are open', async () => {
    assert.equal(brokers.hasFor(account.id), false);
    await open('a');
    await open('b');
    assert.deepEqual([brokers.hasFor(account.id), brokers.hasFor('b')], [true, false]);
    brokers.end(({ clientId }) => clientId === 'a');
    assert.ok(brokers.hasFor(account.id));
    brokers.end(({ clientId }) => clientId === 'b');
    assert.equal(brokers.hasFor(account.id), false);
  });

  it("don't open for an account that was logged out in the meantime", async () => {
    session = undefined;
    await assert.rejects(open('a'), LoggedOutError);
    assert.deepEqual(closed, ['a']);
    assert.equal(brokers.has('a'), false);
  });

  it("don't open for a window that was closed in the meantime", async () => {
    const opening = open('a');
    await brokers.close();
    await assert.rejects(opening, LoggedOutError);
    assert.deepEqual(closed, ['a']);
  });
});
