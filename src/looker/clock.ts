/** The two clocks of this machine. */
export interface Clock {
  /** Epoch ms; whoever likes may set it. */
  readonly now: () => number;
  /** Ms since some moment; never set, but it may stand still while the machine sleeps. */
  readonly uptime: () => number;
}

/** A moment as both clocks show it, to measure from. */
export interface Moment {
  readonly now: number;
  readonly uptime: number;
}

export function momentOf({ now, uptime }: Clock): Moment {
  return { now: now(), uptime: uptime() };
}

/** Ms since a moment: no less than have passed, though the clock was set back or the machine slept. */
export function elapsed(clock: Clock, since: Moment): number {
  const { byNow, byUptime } = spans(clock, since);
  return Math.max(byNow, byUptime);
}

/** Further apart than this, the two clocks tell of a sleep or of a clock that was set. */
const JUMP_MS = 5000;

/** A server's clock, which is the one that judges its tokens: this machine's may be hours off, and be set. */
export class ServerClock {
  /** The server's time at a moment of this machine; undefined until it has told. */
  private heard: { readonly time: number; readonly at: Moment } | undefined;

  constructor(private readonly clock: Clock) {}

  /**
   * The server's time, in epoch ms. Where it has not told yet, it is this machine's.
   * @param ahead how far ahead of this machine's clock it was when last heard of, by whichever window
   */
  now(ahead = 0): number {
    if (!this.heard) return this.clock.now() + ahead;
    const { time, at } = this.heard;
    const { byNow, byUptime } = spans(this.clock, at);
    const now = time + Math.max(byNow, byUptime);
    // What a sleep has added must not be lost when the clock is set back afterwards.
    if (Math.abs(byNow - byUptime) > JUMP_MS) this.heard = { time: now, at: momentOf(this.clock) };
    return now;
  }

  /** How far it is ahead of this machine's clock, in ms. */
  get ahead(): number {
    return this.now() - this.clock.now();
  }

  /**
   * Takes in a `Date` header, of whole seconds (RFC 9110, 6.6.1). What it leaves open is left as it was.
   * @param sentAt when the request was sent
   */
  hear(date: string | null, sentAt: Moment): void {
    const earliest = httpDate(date);
    if (earliest === undefined) return;
    const latest = earliest + 1000 + elapsed(this.clock, sentAt);
    const time = Math.min(Math.max(this.now(), earliest), latest);
    this.heard = { time, at: momentOf(this.clock) };
  }

  /** The server's time at a moment of this machine. */
  at(moment: Moment): number {
    return this.now() - elapsed(this.clock, moment);
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

function spans({ now, uptime }: Clock, since: Moment): { byNow: number; byUptime: number } {
  return { byNow: now() - since.now, byUptime: uptime() - since.uptime };
}
