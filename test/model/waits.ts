import { setImmediate as later } from 'node:timers/promises';
import { pick } from './random';

/** Where everything slow waits: requests, the keyring, its events. Who owns the waits says who goes on. */
export interface Waits {
  /** @param who name of the window that waits */
  wait(who: string): Promise<void>;
}

interface Waiting {
  readonly who: string;
  readonly goOn: () => void;
}

/** Far more than any sequence of actions takes: whoever gets here goes round in circles. */
const MOST_STEPS = 20_000;

/** Lets go on whom chance picks, one at a time: any interleaving there can be comes up, and comes again. */
export class RandomWaits implements Waits {
  private readonly waiting: Waiting[] = [];

  constructor(private readonly random: () => number) {}

  wait(who: string): Promise<void> {
    return new Promise((goOn) => {
      this.waiting.push({ who, goOn });
    });
  }

  /** Lets one go on, as far as it gets without waiting again. @returns false where nobody waits */
  async step(may: (who: string) => boolean = () => true): Promise<boolean> {
    const isFree = ({ who }: Waiting) => may(who);
    // What has only just begun may not have come to its first wait yet.
    if (!this.waiting.some(isFree)) await later();
    const next = pick(this.waiting.filter(isFree), this.random);
    if (!next) return false;
    this.waiting.splice(this.waiting.indexOf(next), 1);
    next.goOn();
    await later();
    return true;
  }

  /** Until nobody waits any more. */
  async rest(may?: (who: string) => boolean): Promise<void> {
    for (let steps = 0; steps < MOST_STEPS; steps++) if (!(await this.step(may))) return;
    throw new Error(`Nothing has come to rest after ${MOST_STEPS} steps.`);
  }
}

/** Lets go on whose time has come: for simulations in which time passes. */
export class TimedWaits implements Waits {
  /** The latest first. */
  private readonly waiting: (Waiting & { readonly at: number })[] = [];

  /** @param latency how long the next one waits, in ms */
  constructor(
    private readonly now: () => number,
    private readonly latency: () => number,
  ) {}

  /** When the next one goes on, in epoch ms. */
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
