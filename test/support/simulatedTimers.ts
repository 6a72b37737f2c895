import type { SetTimer } from '../../src/base/timers';

interface Timer {
  readonly at: number;
  readonly wakeUp: () => void;
}

/** Timers that fire when told to, on a clock of the test's. */
export class SimulatedTimers {
  private readonly timers = new Set<Timer>();

  /** @param now in ms; it may stand still while the machine sleeps, as the clock of real timers does */
  constructor(private readonly now: () => number) {}

  readonly set: SetTimer = (wakeUp, ms) => {
    const timer = { at: this.now() + ms, wakeUp };
    this.timers.add(timer);
    return { dispose: () => void this.timers.delete(timer) };
  };

  get count(): number {
    return this.timers.size;
  }

  /** When the next one fires; Infinity if there is none. */
  get nextAt(): number {
    return this.next()?.at ?? Infinity;
  }

  /** Fires the next one, whatever the time is. */
  wakeNext(): void {
    const timer = this.next();
    if (!timer) return;
    this.timers.delete(timer);
    timer.wakeUp();
  }

  private next(): Timer | undefined {
    return [...this.timers].reduce<Timer | undefined>(
      (first, timer) => (first && first.at <= timer.at ? first : timer),
      undefined,
    );
  }
}
