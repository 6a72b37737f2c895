import type { Disposable } from './emitter';
import { systemTimer } from './timers';

/**
 * Waits at most some ms for work. The work itself continues.
 * @throws the error from `toError`, once the time is over
 */
export async function withTimeout<T>(
  work: PromiseLike<T>,
  ms: number,
  toError: () => Error,
  setTimer = systemTimer,
): Promise<T> {
  let timer: Disposable | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimer(() => {
      reject(toError());
    }, ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    timer?.dispose();
  }
}
