import { CanceledError } from '../errors/expectedError';
import { LookerError } from '../errors/lookerError';
import { TimeoutError } from '../errors/network';

/** The instance a request is for, and how long it may take. */
export interface RequestLimits {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a request to an instance until it times out or the caller cancels it.
 * @param toError converts errors that aren't ours
 * @param ask stops once its signal is aborted
 * @throws CanceledError; TimeoutError; LookerError
 */
export async function withinLimits<T>(
  { baseUrl, timeoutMs, signal }: RequestLimits,
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
