import type { Disposable } from './emitter';

/** Wakes up once after some ms, unless it is disposed first. */
export type SetTimer = (wakeUp: () => void, ms: number) => Disposable;

/** Node's timers. They stand still while the machine sleeps. */
export const systemTimer: SetTimer = (wakeUp, ms) => {
  const timer = setTimeout(wakeUp, ms);
  return {
    dispose: () => {
      clearTimeout(timer);
    },
  };
};
