import type { Accounts } from '../accounts';
import type { Disposable } from '../emitter';
import { systemTimer } from '../timers';

const MINUTE_MS = 60_000;
/** Due times a moment apart are one wake-up. */
const SHORTEST_MS = 1000;

/**
 * The only timer that is set again and again: it wakes up once a minute while an account is logged in (or the
 * secret storage fails), when the minutes left on the active account's token change, and earlier where a renewal
 * is due. What is done then is judged by the clock, so that a timer that comes late, after a sleep, does no harm.
 */
export class RenewalTimer implements Disposable {
  private readonly subscription: Disposable;
  private timer: Disposable | undefined;

  constructor(
    private readonly accounts: Accounts,
    private readonly setTimer = systemTimer,
  ) {
    this.subscription = accounts.onDidChange(() => {
      this.schedule();
    });
    this.tick();
  }

  /** To be called, too, when the window gets the focus: timers do not run while a laptop sleeps. */
  tick(): void {
    // What was announced in this turn already is not announced again before the next one. Planned before it is shown:
    // a token that expires in between must not wait a minute to be seen.
    this.schedule();
    this.accounts.announceTime();
    if (this.accounts.storeFailure) void this.accounts.catchUp();
  }

  dispose(): void {
    this.timer?.dispose();
    this.subscription.dispose();
  }

  private schedule(): void {
    // A renewal that starts is announced, and leads here again.
    const nextRenewal = this.accounts.renewDueAccounts();
    this.timer?.dispose();
    const { active, storeFailure } = this.accounts;
    if (!active && !storeFailure) return;
    const untilMinute = active ? active.timeLeft % MINUTE_MS : MINUTE_MS;
    const pause = Math.min(untilMinute > 0 ? untilMinute : MINUTE_MS, nextRenewal ?? Infinity);
    this.timer = this.setTimer(
      () => {
        this.tick();
      },
      Math.max(pause, SHORTEST_MS),
    );
  }
}
