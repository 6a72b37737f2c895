import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledError, LookerError, TimeoutError } from './errors';

/**
 * Waits for shared work no longer than its caller wants to. The work itself goes on.
 * @throws CancelledError once `signal` is aborted
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const cancel = () => {
      reject(new CancelledError());
    };
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', cancel);
    });
  });
}

/** Whom something is asked of, and for how long at most. */
export interface Limits {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks something of an instance, until the time is over or the caller gives up.
 * @param toError what an error means that is none of ours
 * @param ask ends once its signal is aborted
 * @throws CancelledError; TimeoutError; LookerError
 */
export async function withinTimeout<T>(
  { baseUrl, timeoutMs, signal }: Limits,
  toError: (baseUrl: string, error: unknown) => LookerError,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await ask(signal ? AbortSignal.any([signal, timeout]) : timeout);
  } catch (error) {
    if (signal?.aborted) throw new CancelledError();
    if (timeout.aborted) throw new TimeoutError(baseUrl, timeoutMs);
    throw error instanceof LookerError ? error : toError(baseUrl, error);
  }
}

/** @throws CancelledError when `signal` is aborted before the time is up */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, { ...(signal && { signal }) });
  } catch {
    throw new CancelledError();
  }
}
