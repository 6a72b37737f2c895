import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedRequest, StandInLooker } from '../standIn/standInLooker';

/** How often it is looked whether an attack has succeeded. */
const LOOK_MS = 50;

/** Throws, or rejects, with the harm that an attack has done, if any. */
export type Unharmed = () => unknown;

/**
 * Waits for what stops an attack to show, such as a dialog. Where the attack succeeds instead, this fails at once, with
 * the harm that it has done.
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

/** Makes sure that an instance has been sent nothing from now on. */
export function nothingSentTo(looker: Pick<StandInLooker, 'requests'>): Unharmed {
  const before = looker.requests.length;
  return () => {
    assert.deepEqual(looker.requests.slice(before).map(inWords), []);
  };
}

/** What came, and whether it brought a secret: `POST /api/4.0/login with client_id, client_secret`. */
function inWords({ method, path, query, form, token }: RecordedRequest): string {
  const values = [
    ...Object.keys(query).map((name) => `${name} in the URL`),
    ...Object.keys(form),
    ...(token === undefined ? [] : ['a token']),
  ];
  return `${method} ${path}${values.length > 0 ? ` with ${values.join(', ')}` : ''}`;
}
