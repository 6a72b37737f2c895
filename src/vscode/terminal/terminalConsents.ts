import { TERMINAL_CONSENT } from '../../accounts/account';
import type { Log } from '../../base/log';
import type { Secrets } from '../../accounts/store/secrets';

/**
 * Accounts that terminals open as without asking. Each has its own secret, so that windows don't overwrite each other.
 * It is deleted when any window logs the account out: see `src/extension.ts`.
 */
export class TerminalConsents {
  /** Consents from this window, which count here even if they can't be stored. */
  private readonly here = new Set<string>();

  constructor(
    private readonly secrets: Secrets,
    private readonly log: Log,
  ) {}

  async isGiven(accountId: string): Promise<boolean> {
    if (this.here.has(accountId)) return true;
    try {
      return (await this.secrets.get(TERMINAL_CONSENT + accountId)) !== undefined;
    } catch (error) {
      this.log.warn(`Couldn't read which terminals open without asking: ${String(error)}`);
      return false;
    }
  }

  /** Applies to all windows, until the account is logged out. */
  async give(accountId: string): Promise<void> {
    this.here.add(accountId);
    try {
      await this.secrets.store(TERMINAL_CONSENT + accountId, 'yes');
    } catch (error) {
      this.log.warn(`Couldn't save that terminals open without asking: ${String(error)}`);
    }
  }

  /** This window asks again. */
  forget(accountId: string): void {
    this.here.delete(accountId);
  }
}
