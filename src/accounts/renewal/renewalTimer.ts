import type { Accounts } from '../accounts';
import type { Disposable } from '../../base/emitter';
import { systemTimer } from '../../base/timers';

const MINUTE_MS = 60_000;
/** Wake-ups closer together than this become one. */
const SHORTEST_MS = 1000;

/**
 * The only recurring timer. It wakes up once a minute while an account is logged in (or the secret storage isn't
 * working), when the displayed minutes of the active account's token change, and earlier if a renewal is due. All
 * decisions use the clock, so a timer that fires late, after a sleep, does no harm.
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

  /** Also call this when the window gets the focus: timers don't run while a laptop sleeps. */
  tick(): void {
    // A change is announced at most once per turn of the event loop. Renewals are planned before the status is
    // announced: otherwise a token that expires in between would be shown a minute late.
    this.schedule();
    this.accounts.announceTime();
    if (this.accounts.storeFailure) void this.accounts.catchUp();
  }

  dispose(): void {
    this.timer?.dispose();
    this.subscription.dispose();
  }

  private schedule(): void {
    // A renewal that starts is announced, which calls this function again.
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
