import { setTimeout as wait } from 'node:timers/promises';
import type { Session } from '../../accounts/session';
import type { Patience } from './patience';

/**
 * Waits for all sessions, but with a time limit, which is shorter once there is one.
 * @returns what is there by then, in the order of the promises
 */
export async function settled(
  asked: readonly Promise<Session>[],
  { forOthers, inAll }: Patience,
): Promise<{ sessions: readonly Session[]; failures: readonly Error[] }> {
  const outcomes = new Map<Promise<Session>, Session | Error>();
  const all = Promise.all(
    asked.map((session) =>
      session.then(
        (value) => outcomes.set(session, value),
        (error: unknown) => outcomes.set(session, error as Error),
      ),
    ),
  );
  const patience = new AbortController();
  const { signal } = patience;
  const enough = Promise.any(asked).then(
    () => wait(forOthers, undefined, { signal }).catch(() => undefined),
    () => all,
  );
  const tooLong = wait(inAll, undefined, { signal }).catch(() => undefined);
  await Promise.race([all, enough, tooLong]);
  patience.abort();
  const inOrder = asked.flatMap((session) => outcomes.get(session) ?? []);
  return {
    sessions: inOrder.flatMap((outcome) => (outcome instanceof Error ? [] : outcome)),
    failures: inOrder.flatMap((outcome) => (outcome instanceof Error ? outcome : [])),
  };
}
