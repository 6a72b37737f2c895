import { setTimeout as wait } from 'node:timers/promises';
import type { Session } from '../../accounts/session';
import type { Patience } from './patience';

/**
 * Waits for all sessions, but not for long once there is one, and not for ever where there is none.
 * @returns what came, in the order it was asked for
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
