import type { Disposable } from './emitter';

/** Wakes up once, after so many ms, unless it is disposed of before. */
export type SetTimer = (wakeUp: () => void, ms: number) => Disposable;

/** The timers of Node. They stand still while the machine sleeps. */
export const systemTimer: SetTimer = (wakeUp, ms) => {
  const timer = setTimeout(wakeUp, ms);
  return {
    dispose: () => {
      clearTimeout(timer);
    },
  };
};
