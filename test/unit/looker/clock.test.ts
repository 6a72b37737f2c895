import assert from 'node:assert/strict';
import { elapsed, momentOf, ServerClock } from '../../../src/looker/clock';

const HOUR = 3_600_000;

describe("a server's clock", () => {
  let time: { now: number; uptime: number };
  let server: ServerClock;
  const clock = { now: () => time.now, uptime: () => time.uptime };
  const pass = (ms: number) => {
    time.now += ms;
    time.uptime += ms;
  };
  /** The server says what time it is, with a reply that takes so long. */
  const tell = (epochMs: number, tookMs = 0) => {
    const sentAt = momentOf(clock);
    pass(tookMs);
    server.hear(new Date(epochMs).toUTCString(), sentAt);
  };
  beforeEach(() => {
    time = { now: Date.UTC(2030, 0), uptime: 5000 };
    server = new ServerClock(clock);
  });

  it("is this machine's until the server has told, and as far ahead as others have heard", () => {
    assert.equal(server.now(), time.now);
    assert.equal(server.now(HOUR), time.now + HOUR);
  });

  it('is as the server says', () => {
    tell(time.now + 3 * HOUR);
    assert.equal(server.ahead, 3 * HOUR);
    assert.equal(server.now(7), time.now + 3 * HOUR);
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
    pass(60_000);
    time.now -= 5 * HOUR;
    assert.equal(server.now(), then + 60_000);
    pass(60_000);
    assert.equal(server.now(), then + 120_000);
  });

  it('has gone on while this machine slept, though the clock is set back on waking', () => {
    tell(time.now);
    const then = server.now();
    time.now += HOUR;
    assert.equal(server.now(), then + HOUR);
    time.now -= HOUR;
    assert.equal(server.now(), then + HOUR);
  });

  it('is put right by the next answer when a clock set forward looks like a sleep', () => {
    tell(time.now);
    const then = server.now();
    time.now += HOUR;
    tell(then + 1000);
    assert.ok(server.now() - then <= 2000);
  });

  it('is not moved by what is no date', () => {
    for (const date of [null, '', 'soon']) server.hear(date, momentOf(clock));
    assert.equal(server.ahead, 0);
  });

  it('tells what time it was at a moment of this machine', () => {
    const moment = momentOf(clock);
    tell(time.now + HOUR, 3000);
    assert.ok(server.at(moment) >= moment.now + HOUR - 3000);
    assert.equal(server.now() - server.at(moment), 3000);
  });

  it('measures no less than has passed', () => {
    const moment = momentOf(clock);
    time.now += 10;
    assert.equal(elapsed(clock, moment), 10);
    time.uptime += 20;
    assert.equal(elapsed(clock, moment), 20);
  });
});
