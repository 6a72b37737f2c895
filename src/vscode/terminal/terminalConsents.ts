import type { Log } from '../../accounts/log';
import type { Secrets } from '../../accounts/secrets';

const PREFIX = 'lookerAuth.terminal:';

/** Accounts that terminals open as without asking. Each has a secret, so that no window drops what another one stores. */
export class TerminalConsents {
  /** Those that have been asked about in this window. */
  private readonly here = new Set<string>();

  constructor(
    private readonly secrets: Pick<Secrets, 'get' | 'store' | 'delete'>,
    private readonly log: Log,
  ) {}

  async isGiven(accountId: string): Promise<boolean> {
    if (this.here.has(accountId)) return true;
    try {
      return (await this.secrets.get(PREFIX + accountId)) !== undefined;
    } catch (error) {
      this.log.warn(`Could not read which terminals open without asking: ${String(error)}`);
      return false;
    }
  }

  /** @param isForGood whether it counts in all windows, until the account is logged out */
  async give(accountId: string, isForGood: boolean): Promise<void> {
    this.here.add(accountId);
    if (!isForGood) return;
    try {
      await this.secrets.store(PREFIX + accountId, 'yes');
    } catch (error) {
      this.log.warn(`Could not store that terminals open without asking: ${String(error)}`);
    }
  }

  /** Whoever logs in as this account again is asked again. */
  async forget(accountId: string): Promise<void> {
    this.here.delete(accountId);
    try {
      await this.secrets.delete(PREFIX + accountId);
    } catch (error) {
      this.log.warn(`Could not forget that terminals open without asking: ${String(error)}`);
    }
  }
}
