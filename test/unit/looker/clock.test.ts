import assert from 'node:assert/strict';
import { Clock, ServerClock } from '../../../src/looker/clock';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What the two clocks of the machine show. */
let time: { now: number; uptime: number };
let clock: Clock;

function pass(ms: number): void {
  time.now += ms;
  time.uptime += ms;
}

/** Lets the machine sleep; the clock is read next after waking up. */
function sleep(ms: number): void {
  time.now += ms;
  clock.steady();
}

/** Sets the clock forward or back, and reads it. */
function set(ms: number): void {
  time.now += ms;
  clock.steady();
}

beforeEach(() => {
  time = { now: Date.UTC(2030, 0), uptime: 5000 };
  clock = new Clock(
    () => time.now,
    () => time.uptime,
  );
});

describe("this machine's steady time", () => {
  /** Measures how long something takes by the steady time, in ms. */
  const span = (work: () => void) => {
    const start = clock.steady();
    work();
    return clock.steady() - start;
  };

  it('starts at the time that the clock shows', () => {
    assert.equal(clock.steady(), time.now);
  });

  it('advances with time', () => {
    assert.equal(
      span(() => {
        pass(MINUTE);
      }),
      MINUTE,
    );
  });

  it('advances while the machine sleeps', () => {
    assert.equal(
      span(() => {
        sleep(HOUR);
      }),
      HOUR,
    );
  });

  it("doesn't go back with the clock", () => {
    const passed = span(() => {
      pass(MINUTE);
      set(-5 * HOUR);
      pass(MINUTE);
    });
    assert.equal(passed, 2 * MINUTE);
  });

  it('keeps the time asleep when the clock is set back on waking', () => {
    const passed = span(() => {
      sleep(HOUR);
      set(-10 * HOUR);
      sleep(MINUTE);
      pass(SECOND);
    });
    assert.equal(passed, HOUR + MINUTE + SECOND);
  });

  it("doesn't run ahead, however often it is read, even if one of the clocks is coarse", () => {
    const passed = span(() => {
      for (let i = 0; i < 10_000; i++) {
        time.uptime += 0.3;
        time.now = Date.UTC(2030, 0) + Math.floor(time.uptime - 5000);
        clock.steady();
      }
    });
    assert.ok(Math.abs(passed - 3000) <= 1, String(passed));
  });
});

describe("a server's clock", () => {
  let server: ServerClock;
  /** The server sends its time in a response that takes this long. */
  const tell = (epochMs: number, tookMs = 0) => {
    const sentAt = clock.steady();
    pass(tookMs);
    server.hear(new Date(epochMs).toUTCString(), sentAt);
  };
  beforeEach(() => {
    server = new ServerClock(clock);
  });

  it("is this machine's until the server sends a date, plus the difference that other windows know", () => {
    assert.equal(server.now(), time.now);
    assert.equal(server.now(HOUR), time.now + HOUR);
  });

  it("continues when this machine's clock is set back before the server has sent a date", () => {
    const then = server.now();
    pass(MINUTE);
    set(-5 * HOUR);
    assert.equal(server.now(), then + MINUTE);
  });

  it("follows the server's date", () => {
    tell(time.now + 3 * HOUR);
    // The date has a precision of a second, and the end of that second counts.
    assert.equal(server.ahead, 3 * HOUR + SECOND);
    assert.equal(server.now(7), time.now + 3 * HOUR + SECOND);
  });

  it("isn't changed by a date that allows the known time", () => {
    time.now += 700;
    tell(time.now, 400);
    assert.equal(server.ahead, 0);
    tell(time.now + 300, 0);
    assert.ok(Math.abs(server.ahead) <= 1000);
  });

  it("continues when this machine's clock is set forward or back", () => {
    tell(time.now);
    const then = server.now();
    pass(MINUTE);
    set(-5 * HOUR);
    assert.equal(server.now(), then + MINUTE);
    pass(MINUTE);
    assert.equal(server.now(), then + 2 * MINUTE);
  });

  it('has advanced while this machine slept, even if the clock is set back on waking', () => {
    tell(time.now);
    const then = server.now();
    sleep(HOUR);
    set(-HOUR);
    assert.equal(server.now(), then + HOUR);
  });

  it('is corrected by the next response when a clock set forward looks like a sleep', () => {
    tell(time.now);
    const then = server.now();
    set(HOUR);
    tell(then + SECOND);
    assert.ok(server.now() - then <= 2 * SECOND);
  });

  it('is late rather than early after a slow response, until a fast one is more precise', () => {
    const truly = time.now + 3 * HOUR;
    tell(truly, 30 * SECOND);
    assert.ok(server.now() >= truly + 30 * SECOND);
    tell(truly + 30 * SECOND);
    assert.ok(Math.abs(server.now() - (truly + 30 * SECOND)) <= SECOND);
  });

  it("isn't learned from a response that took hours", () => {
    tell(time.now + HOUR, 10 * HOUR);
    assert.equal(server.now(3 * HOUR), time.now + 3 * HOUR);
  });

  it("isn't changed by an invalid date", () => {
    for (const date of [null, '', 'soon']) server.hear(date, clock.steady());
    assert.equal(server.ahead, 0);
  });

  it("converts a moment of this machine to the server's time", () => {
    const moment = clock.steady();
    tell(time.now + HOUR, 3000);
    assert.ok(server.at(moment) >= moment + HOUR - 3000);
    assert.equal(server.now() - server.at(moment), 3000);
  });

  it('converts a moment before this machine slept and its clock was set back', () => {
    tell(time.now);
    const [moment, then] = [clock.steady(), server.now()];
    sleep(HOUR);
    set(-10 * HOUR);
    sleep(MINUTE);
    assert.equal(server.at(moment), then);
  });
});
