import { setImmediate as later } from 'node:timers/promises';
import { pick } from './random';

/** Where all slow operations wait: requests, the keyring, its events. An implementation decides which one continues. */
export interface Waits {
  /** @param who name of the waiting window */
  wait(who: string): Promise<void>;
}

interface Waiting {
  readonly who: string;
  readonly goOn: () => void;
}

/** Far more than any sequence of actions needs: reaching it means an endless loop. */
const MOST_STEPS = 20_000;

/** Continues one random operation at a time: every possible order can occur, and is repeatable. */
export class RandomWaits implements Waits {
  private readonly waiting: Waiting[] = [];

  constructor(private readonly random: () => number) {}

  wait(who: string): Promise<void> {
    return new Promise((goOn) => {
      this.waiting.push({ who, goOn });
    });
  }

  /** Continues one operation until it waits again. @returns false if none is waiting */
  async step(may: (who: string) => boolean = () => true): Promise<boolean> {
    const isFree = ({ who }: Waiting) => may(who);
    // An operation that has just started may not have reached its first wait yet.
    if (!this.waiting.some(isFree)) await later();
    const next = pick(this.waiting.filter(isFree), this.random);
    if (!next) return false;
    this.waiting.splice(this.waiting.indexOf(next), 1);
    next.goOn();
    await later();
    return true;
  }

  /** Continues until nothing is waiting anymore. */
  async rest(may?: (who: string) => boolean): Promise<void> {
    for (let steps = 0; steps < MOST_STEPS; steps++) if (!(await this.step(may))) return;
    throw new Error(`Nothing has come to rest after ${MOST_STEPS} steps.`);
  }
}

/** Continues operations when their time has come: for simulations in which time passes. */
export class TimedWaits implements Waits {
  /** The last to continue comes first. */
  private readonly waiting: (Waiting & { readonly at: number })[] = [];

  /** @param latency how long the next operation waits, in ms */
  constructor(
    private readonly now: () => number,
    private readonly latency: () => number,
  ) {}

  /** When the next operation continues, in epoch ms. */
  get nextAt(): number {
    return this.waiting.at(-1)?.at ?? Infinity;
  }

  wait(who: string): Promise<void> {
    const at = this.now() + this.latency();
    return new Promise((goOn) => {
      const index = this.waiting.findIndex((other) => other.at <= at);
      this.waiting.splice(index < 0 ? this.waiting.length : index, 0, { who, goOn, at });
    });
  }

  async step(): Promise<void> {
    this.waiting.pop()?.goOn();
    await later();
  }
}
