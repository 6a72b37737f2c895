import type { Token } from '../../looker/api/token';
import type { Account } from '../account';
import { Emitter, type Disposable } from '../../base/emitter';

/** Tokens that this window got for an account that is gone. */
export interface OrphanedTokens {
  readonly account: Account;
  readonly tokens: readonly Token[];
}

/** Tokens remembered per account: older ones have expired, or are stored as replaced. */
const MOST_TOKENS = 10;

/**
 * The tokens that this window got and stored, by account. If two windows store at the same time, one overwrites the
 * other, so a logout in another window may not know this window's token. Therefore the window that got a token must
 * revoke it.
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

  /** Returns the tokens of an account, for the caller to revoke. */
  take(id: string): readonly Token[] {
    const tokens = this.issued.get(id)?.tokens ?? [];
    this.issued.delete(id);
    return tokens;
  }

  /** Announces that the tokens of an account must be revoked because the account is gone. */
  orphanTokens(id: string): void {
    const orphaned = this.issued.get(id);
    if (!orphaned) return;
    this.issued.delete(id);
    this.orphans.fire(orphaned);
  }
}
