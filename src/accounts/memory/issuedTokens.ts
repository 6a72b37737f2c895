import type { Token } from '../../looker/api/token';
import type { Account } from '../account';
import { Emitter, type Disposable } from '../emitter';

/** Tokens that this window got for an account which is gone now. */
export interface OrphanedTokens {
  readonly account: Account;
  readonly tokens: readonly Token[];
}

/** How many tokens a window remembers for an account: the older ones have expired, or are stored as replaced. */
const MOST_TOKENS = 10;

/**
 * The tokens that this window got and stored, by account. Of two windows that store at the same time one writes over
 * the other, so that a logout elsewhere may not know of this window's token: whoever got it has to revoke it.
 */
export class IssuedTokens implements Disposable {
  private readonly issued = new Map<string, OrphanedTokens>();
  private readonly orphans = new Emitter<OrphanedTokens>();

  /** Fires with the tokens of an account once it is gone. */
  readonly onDidOrphan = this.orphans.event;

  dispose(): void {
    this.orphans.dispose();
  }

  trackIssued(account: Account, token: Token): void {
    const tokens = this.issued.get(account.id)?.tokens ?? [];
    this.issued.set(account.id, { account, tokens: [...tokens, token].slice(-MOST_TOKENS) });
  }

  /** Hands the tokens of an account to whoever revokes them. */
  take(id: string): readonly Token[] {
    const tokens = this.issued.get(id)?.tokens ?? [];
    this.issued.delete(id);
    return tokens;
  }

  /** The account is gone: nobody may use what this window got for it. */
  orphanTokens(id: string): void {
    const orphaned = this.issued.get(id);
    if (!orphaned) return;
    this.issued.delete(id);
    this.orphans.fire(orphaned);
  }
}
