import { setTimeout as sleep } from 'node:timers/promises';
import { CanceledError } from './errors/expectedError';

/**
 * Waits for shared work until the caller's signal is aborted. The work itself continues.
 * @throws CanceledError once `signal` is aborted
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const cancel = () => {
      reject(new CanceledError());
    };
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', cancel);
    });
  });
}

/** @throws CanceledError when `signal` is aborted before the time is up */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, { ...(signal && { signal }) });
  } catch {
    throw new CanceledError();
  }
}
