/** Further apart than this, what has passed by the two clocks of a machine tells of a sleep, or of one that was set. */
const JUMP_MS = 5000;

/** An answer that was longer on its way, through a sleep perhaps, leaves so much open that it tells nothing at first. */
const LONGEST_WAY_MS = 60_000;

/** The clock of this machine. One for all that measure by it: it notices only what happens between two looks. */
export class Clock {
  private last: { readonly now: number; readonly uptime: number; readonly steady: number };

  /**
   * @param now epoch ms; whoever likes may set it
   * @param uptime ms since some moment; never set, but it may stand still while the machine sleeps
   */
  constructor(
    readonly now: () => number,
    private readonly uptime: () => number,
  ) {
    const start = now();
    this.last = { now: start, uptime: uptime(), steady: start };
  }

  /**
   * Epoch ms to measure by: what `now` showed at first, and from then on no less than has passed. A sleep counts, and
   * a clock that is set back does not; one that is set forward looks like a sleep.
   */
  steady(): number {
    const now = this.now();
    const uptime = this.uptime();
    const byNow = now - this.last.now;
    const byUptime = uptime - this.last.uptime;
    const steady = this.last.steady + Math.max(byNow, byUptime);
    // What a sleep has added must not be lost when the clock is set back afterward.
    if (Math.abs(byNow - byUptime) > JUMP_MS) this.last = { now, uptime, steady };
    return steady;
  }
}

/** A server's clock, which is the one that judges its tokens: this machine's may be hours off, and be set. */
export class ServerClock {
  /** How far ahead of this machine's steady time it is, in ms; undefined until the server has told. */
  private offset: number | undefined;

  constructor(private readonly clock: Clock) {}

  /**
   * The server's time, in epoch ms. Where it has not told yet, it is this machine's steady time. Once somebody has set
   * the clock of this machine back, that is late rather than early for a window that is open, until the server tells:
   * a good token may be renewed then, but none that has expired is taken for good.
   * @param ahead how far ahead of this machine's clock it was when last heard of, by whichever window
   */
  now(ahead = 0): number {
    return this.clock.steady() + (this.offset ?? ahead);
  }

  /** How far it is ahead of this machine's clock, in ms. */
  get ahead(): number {
    return this.now() - this.clock.now();
  }

  /**
   * Takes in a `Date` header, of whole seconds (RFC 9110, 6.6.1). What it leaves open is left as it was; where that
   * cannot be, the latest time is taken that can, so that no token is taken for good that has expired.
   * @param sentAt when the request was sent, by this machine's steady time
   */
  hear(date: string | null, sentAt: number): void {
    const earliest = httpDate(date);
    if (earliest === undefined) return;
    const steady = this.clock.steady();
    const latest = earliest + 1000 + steady - sentAt;
    const time = this.at(steady);
    const isPossible = time >= earliest && time <= latest;
    // Nothing told is better than something wrong: what other windows have heard counts until then.
    if (isPossible && this.offset === undefined && steady - sentAt > LONGEST_WAY_MS) return;
    this.offset = (isPossible ? time : latest) - steady;
  }

  /** The server's time at a moment of this machine's steady time. */
  at(moment: number): number {
    return moment + (this.offset ?? 0);
  }
}

/**
 * An HTTP date in epoch ms, undefined where it is none. Date.parse takes almost anything for a date; those of
 * HTTP begin with the day of the week, and their years have four digits (RFC 9110, 5.6.7).
 */
export function httpDate(text: string | null): number | undefined {
  const time = /^[A-Z][a-z]{2,8},? /.test(text ?? '') ? Date.parse(text ?? '') : NaN;
  return Math.abs(time) < Date.UTC(10_000, 0) ? time : undefined;
}

/** The clock of each instance, made when it is first asked for. */
export function serverClocks(clock: Clock): (baseUrl: string) => ServerClock {
  const clocks = new Map<string, ServerClock>();
  return (baseUrl) => {
    const known = clocks.get(baseUrl) ?? new ServerClock(clock);
    clocks.set(baseUrl, known);
    return known;
  };
}
