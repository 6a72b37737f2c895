import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Emitter } from '../../../src/base/emitter';
import { until } from '../../support/until';
import { MINUTE, setUp } from './harness';

describe('an emitter', () => {
  it('notifies all listeners of all values in the same order, whatever a listener fires', () => {
    const emitter = new Emitter<number>();
    const heard: number[] = [];
    emitter.event((value) => {
      if (value < 3) emitter.fire(value + 1);
    });
    emitter.event((value) => heard.push(value));
    emitter.fire(1);
    assert.deepEqual(heard, [1, 2, 3]);
  });

  it('notifies no listener after it is disposed, not even of earlier values', () => {
    const emitter = new Emitter<number>();
    const heard: number[] = [];
    emitter.event(() => {
      emitter.fire(2);
      emitter.dispose();
    });
    emitter.event((value) => heard.push(value));
    emitter.fire(1);
    assert.deepEqual(heard, [1]);
  });
});

describe('an announcement', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, login } = harness;

  it('comes at most once per turn of the event loop, whatever a listener starts', async () => {
    const { accounts } = await openWindowOf('Ada');
    await login(accounts, 'Grace Hopper');
    await nextTurn();
    harness.renewal = 'background';
    harness.now += 61 * MINUTE;
    let depth = 0;
    let inThisTurn = 0;
    const perTurn: number[] = [];
    accounts.onDidChange(({ renewed }) => {
      assert.equal(depth++, 0, 'told while it is being told');
      if (renewed.length === 0 && inThisTurn++ === 0) {
        setImmediate(() => {
          perTurn.push(inThisTurn);
          inThisTurn = 0;
        });
      }
      accounts.renewDueAccounts();
      depth--;
    });
    accounts.announceTime();
    accounts.announceTime();
    await until(() =>
      accounts.statuses().every(({ isExpiring, isRenewing }) => !isExpiring && !isRenewing),
    );
    await nextTurn();
    assert.ok(perTurn.length > 1);
    assert.deepEqual(new Set(perTurn), new Set([1]));
  });

  it("isn't lost: listeners see the final state", async () => {
    const accounts = await openWindow();
    let seen: boolean | undefined;
    accounts.onDidChange(() => (seen = accounts.isLoggingIn));
    await login(accounts, 'Ada');
    await until(() => seen === false);
  });

  it('comes in order if a listener logs out every account that logs in', async () => {
    const accounts = await openWindow();
    const heard: string[] = [];
    accounts.onDidChange(({ added }) => {
      for (const { id } of added) void accounts.logout([id]);
    });
    accounts.onDidChange(({ added, removed }) => {
      heard.push(...added.map(() => 'added'), ...removed.map(() => 'removed'));
    });
    await login(accounts, 'Ada');
    await until(() => heard.length === 2);
    assert.deepEqual(heard, ['added', 'removed']);
    await accounts.allRevoked();
    assert.deepEqual(harness.looker.liveTokens(), []);
    assert.deepEqual(harness.keysStored(), []);
    assert.deepEqual((await openWindow()).lost, []);
  });
});
