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

/** The machine sleeps, and the next thing that happens is that somebody looks at the clock. */
function sleep(ms: number): void {
  time.now += ms;
  clock.steady();
}

/** Somebody sets the clock, forward or back, and somebody looks at it. */
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
  /** Ms that something takes by it. */
  const span = (work: () => void) => {
    const start = clock.steady();
    work();
    return clock.steady() - start;
  };

  it('starts as what the clock shows', () => {
    assert.equal(clock.steady(), time.now);
  });

  it('passes as time does', () => {
    assert.equal(
      span(() => {
        pass(MINUTE);
      }),
      MINUTE,
    );
  });

  it('passes while the machine sleeps', () => {
    assert.equal(
      span(() => {
        sleep(HOUR);
      }),
      HOUR,
    );
  });

  it('does not go back with the clock', () => {
    const passed = span(() => {
      pass(MINUTE);
      set(-5 * HOUR);
      pass(MINUTE);
    });
    assert.equal(passed, 2 * MINUTE);
  });

  it('loses no sleep when the clock is set back on waking', () => {
    const passed = span(() => {
      sleep(HOUR);
      set(-10 * HOUR);
      sleep(MINUTE);
      pass(SECOND);
    });
    assert.equal(passed, HOUR + MINUTE + SECOND);
  });

  it('does not run ahead however often it is looked at, though one of the clocks is coarse', () => {
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
  /** The server says what time it is, with a reply that takes so long. */
  const tell = (epochMs: number, tookMs = 0) => {
    const sentAt = clock.steady();
    pass(tookMs);
    server.hear(new Date(epochMs).toUTCString(), sentAt);
  };
  beforeEach(() => {
    server = new ServerClock(clock);
  });

  it("is this machine's until the server has told, and as far ahead as others have heard", () => {
    assert.equal(server.now(), time.now);
    assert.equal(server.now(HOUR), time.now + HOUR);
  });

  it('runs on when the clock of this machine is set back, though the server has not told yet', () => {
    const then = server.now();
    pass(MINUTE);
    set(-5 * HOUR);
    assert.equal(server.now(), then + MINUTE);
  });

  it('is as the server says', () => {
    tell(time.now + 3 * HOUR);
    // Of the second that its date leaves open, the end.
    assert.equal(server.ahead, 3 * HOUR + SECOND);
    assert.equal(server.now(7), time.now + 3 * HOUR + SECOND);
  });

  it('is left as it is by what a second and the way leave open', () => {
    time.now += 700;
    tell(time.now, 400);
    assert.equal(server.ahead, 0);
    tell(time.now + 300, 0);
    assert.ok(Math.abs(server.ahead) <= 1000);
  });

  it('runs on when the clock of this machine is set, either way', () => {
    tell(time.now);
    const then = server.now();
    pass(MINUTE);
    set(-5 * HOUR);
    assert.equal(server.now(), then + MINUTE);
    pass(MINUTE);
    assert.equal(server.now(), then + 2 * MINUTE);
  });

  it('has gone on while this machine slept, though the clock is set back on waking', () => {
    tell(time.now);
    const then = server.now();
    sleep(HOUR);
    set(-HOUR);
    assert.equal(server.now(), then + HOUR);
  });

  it('is put right by the next answer when a clock set forward looks like a sleep', () => {
    tell(time.now);
    const then = server.now();
    set(HOUR);
    tell(then + SECOND);
    assert.ok(server.now() - then <= 2 * SECOND);
  });

  it('is taken to be late rather than early after a slow answer, until a quick one tells more', () => {
    const truly = time.now + 3 * HOUR;
    tell(truly, 30 * SECOND);
    assert.ok(server.now() >= truly + 30 * SECOND);
    tell(truly + 30 * SECOND);
    assert.ok(Math.abs(server.now() - (truly + 30 * SECOND)) <= SECOND);
  });

  it('is not learned from an answer that was hours on its way', () => {
    tell(time.now + HOUR, 10 * HOUR);
    assert.equal(server.now(3 * HOUR), time.now + 3 * HOUR);
  });

  it('is not moved by what is no date', () => {
    for (const date of [null, '', 'soon']) server.hear(date, clock.steady());
    assert.equal(server.ahead, 0);
  });

  it('tells what time it was at a moment of this machine', () => {
    const moment = clock.steady();
    tell(time.now + HOUR, 3000);
    assert.ok(server.at(moment) >= moment + HOUR - 3000);
    assert.equal(server.now() - server.at(moment), 3000);
  });

  it('tells what time it was before this machine slept and its clock was set back', () => {
    tell(time.now);
    const [moment, then] = [clock.steady(), server.now()];
    sleep(HOUR);
    set(-10 * HOUR);
    sleep(MINUTE);
    assert.equal(server.at(moment), then);
  });
});
