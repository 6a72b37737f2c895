import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedRequest, StandInLooker } from '../standIn/standInLooker';

/** How often to check whether an attack has succeeded. */
const LOOK_MS = 50;

/** Throws or rejects if an attack has done harm, and says what harm. */
export type Unharmed = () => unknown;

/**
 * Waits until what stops an attack appears, such as a dialog. If the attack succeeds instead, fails at once and says
 * what harm it has done.
 */
export async function unharmedUntil<T>(shows: Promise<T>, unharmed: Unharmed): Promise<T> {
  const over = new AbortController();
  const looking = (async () => {
    while (!over.signal.aborted) {
      await unharmed();
      await pause(LOOK_MS);
    }
  })();
  try {
    await Promise.race([shows, looking]);
    return await shows;
  } finally {
    over.abort();
    await unharmed();
  }
}

/** Checks that an instance has received no requests since this call. */
export function nothingSentTo(looker: Pick<StandInLooker, 'requests'>): Unharmed {
  const before = looker.requests.length;
  return () => {
    assert.deepEqual(looker.requests.slice(before).map(inWords), []);
  };
}

/** A request and the names of the values it sent: `POST /api/4.0/login with client_id, client_secret`. */
function inWords({ method, path, query, form, token }: RecordedRequest): string {
  const values = [
    ...Object.keys(query).map((name) => `${name} in the URL`),
    ...Object.keys(form),
    ...(token === undefined ? [] : ['a token']),
  ];
  return `${method} ${path}${values.length > 0 ? ` with ${values.join(', ')}` : ''}`;
}
