import { CanceledError } from '../errors/expectedError';
import { LookerError } from '../errors/lookerError';
import { TimeoutError } from '../errors/network';

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
 * @throws CanceledError; TimeoutError; LookerError
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
    if (signal?.aborted) throw new CanceledError();
    if (timeout.aborted) throw new TimeoutError(baseUrl, timeoutMs);
    throw error instanceof LookerError ? error : toError(baseUrl, error);
  }
}
