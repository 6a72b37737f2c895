/**
 * If the two clocks of a machine disagree by more than this about the time that passed, it slept or its clock was set.
 */
const JUMP_MS = 5000;

/**
 * A response that took longer, perhaps because the machine slept, is too imprecise to set a clock that isn't known yet.
 */
const LONGEST_WAY_MS = 60_000;

/** This machine's clock. Share one instance: it detects a sleep or a clock change only by comparing two readings. */
export class Clock {
  private last: { readonly now: number; readonly uptime: number; readonly steady: number };

  /**
   * @param now epoch ms; anyone can set this clock
   * @param uptime ms since an arbitrary moment; can't be set, but may stand still while the machine sleeps
   */
  constructor(
    readonly now: () => number,
    private readonly uptime: () => number,
  ) {
    const start = now();
    this.last = { now: start, uptime: uptime(), steady: start };
  }

  /**
   * Epoch ms to measure time spans with: starts as `now`, and then advances by at least the time that passed. Time
   * asleep counts. Setting the clock back has no effect; setting it forward looks like a sleep.
   */
  steady(): number {
    const now = this.now();
    const uptime = this.uptime();
    const byNow = now - this.last.now;
    const byUptime = uptime - this.last.uptime;
    const steady = this.last.steady + Math.max(byNow, byUptime);
    // Keep the time spent asleep, even if the clock is set back afterwards.
    if (Math.abs(byNow - byUptime) > JUMP_MS) this.last = { now, uptime, steady };
    return steady;
  }
}

/** A server's clock, which decides when its tokens expire. This machine's clock may be hours off, and may be set. */
export class ServerClock {
  /**
   * How far the server's clock is ahead of this machine's steady time, in ms; undefined until the server sends a date.
   */
  private offset: number | undefined;

  constructor(private readonly clock: Clock) {}

  /**
   * The server's time, in epoch ms; this machine's steady time until the server sends a date. If this machine's clock
   * was set back before that, the result is late rather than early for an open window: a valid token may be renewed,
   * but an expired one is never used.
   * @param ahead how far the server was ahead of this machine's clock when any window last heard from it, in ms
   */
  now(ahead = 0): number {
    return this.clock.steady() + (this.offset ?? ahead);
  }

  /** How far the server's clock is ahead of this machine's clock, in ms. */
  get ahead(): number {
    return this.now() - this.clock.now();
  }

  /**
   * Learns from a `Date` header, which has a precision of one second (RFC 9110, 6.6.1). The known time stays if the
   * header allows it; otherwise the latest possible time is used, so that an expired token never counts as valid.
   * @param sentAt when the request was sent, by this machine's steady time
   */
  hear(date: string | null, sentAt: number): void {
    const earliest = httpDate(date);
    if (earliest === undefined) return;
    const steady = this.clock.steady();
    const latest = earliest + 1000 + steady - sentAt;
    const time = this.at(steady);
    const isPossible = time >= earliest && time <= latest;
    // An imprecise time is worse than none: until a better response, what other windows have learned is used.
    if (isPossible && this.offset === undefined && steady - sentAt > LONGEST_WAY_MS) return;
    this.offset = (isPossible ? time : latest) - steady;
  }

  /** The server's time at a moment of this machine's steady time. */
  at(moment: number): number {
    return moment + (this.offset ?? 0);
  }
}

/**
 * Parses an HTTP date to epoch ms; undefined if it isn't one. Date.parse accepts almost anything as a date, but HTTP
 * dates start with the day of the week and have four-digit years (RFC 9110, 5.6.7).
 */
export function httpDate(text: string | null): number | undefined {
  const time = /^[A-Z][a-z]{2,8},? /.test(text ?? '') ? Date.parse(text ?? '') : NaN;
  return Math.abs(time) < Date.UTC(10_000, 0) ? time : undefined;
}

/** Returns the clock of an instance, creating it on first use. */
export function serverClocks(clock: Clock): (baseUrl: string) => ServerClock {
  const clocks = new Map<string, ServerClock>();
  return (baseUrl) => {
    const known = clocks.get(baseUrl) ?? new ServerClock(clock);
    clocks.set(baseUrl, known);
    return known;
  };
}
