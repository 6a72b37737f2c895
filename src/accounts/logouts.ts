import type { Account } from './account';
import type { AccountBook } from './accountBook';
import type { AccountRecord } from './accountStore';
import type { KnownAccounts } from './knownAccounts';
import type { Log } from './log';
import type { Renewals } from './renewals';
import type { Revocations } from './revocations';

/** A token that Looker could not be told to end; it lives on until it expires. */
export interface Unrevoked {
  readonly account: Account;
  /** Ms that it has yet to live. */
  readonly timeLeft: number;
  readonly error: unknown;
}

/** Logs people out, here and at Looker. */
export class Logouts {
  constructor(
    private readonly book: AccountBook,
    private readonly renewals: Renewals,
    private readonly knownAccounts: KnownAccounts,
    private readonly revocations: Revocations,
    private readonly log: Log,
  ) {}

  /**
   * Logs accounts out, with the sudo accounts under them. Locally first, so that nothing survives here
   * whatever happens next; then Looker is told, sudo tokens before their admin's.
   * @returns the tokens that could not be revoked
   */
  logout(ids: readonly string[], signal?: AbortSignal): Promise<readonly Unrevoked[]> {
    return this.revocations.note(this.logOut(ids, signal));
  }

  private async logOut(
    ids: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<readonly Unrevoked[]> {
    const shown = this.accountsOf(ids);
    // Another window may have started to act as somebody, and its event not come here.
    await this.book.catchUp();
    const leaving = [...shown, ...this.accountsOf(ids)];
    const sudoIds = new Set(leaving.filter(({ sudo }) => sudo).map(({ id }) => id));
    // Those, too, of whom nothing is left that can be read: nobody must miss them later.
    const ownIds = [...ids, ...leaving.map(({ id }) => id)].filter((id) => !sudoIds.has(id));
    // A window may be closed in the middle: no sudo account must stay behind without its admin.
    const sudo = await this.removeAll(sudoIds);
    const own = await this.removeAll(ownIds);
    // Whoever has begun to act as somebody meanwhile.
    sudo.push(...(await this.removeAll(this.accountsOf(ownIds).map(({ id }) => id))));
    await this.activateNext(leaving);
    return [...(await this.revokeAll(sudo, signal)), ...(await this.revokeAll(own, signal))];
  }

  /** The accounts of these ids, with the sudo accounts under them. */
  private accountsOf(ids: readonly string[]): readonly Account[] {
    return this.book
      .all()
      .map(({ account }) => account)
      .filter(({ id, sudo }) => ids.includes(id) || (sudo && ids.includes(sudo.adminAccountId)));
  }

  private async removeAll(ids: Iterable<string>): Promise<AccountRecord[]> {
    const removed = await Promise.all([...new Set(ids)].map((id) => this.forget(id)));
    return removed.filter((record) => record !== undefined);
  }

  private async revokeAll(
    records: readonly AccountRecord[],
    signal: AbortSignal | undefined,
  ): Promise<readonly Unrevoked[]> {
    const unrevoked = await Promise.all(records.map((record) => this.revoke(record, signal)));
    return unrevoked.filter((unrevoked) => unrevoked !== undefined);
  }

  /** Keeps nothing but who it was. @returns what was stored last, by whichever window */
  private async forget(id: string): Promise<AccountRecord | undefined> {
    const account = this.book.get(id)?.account ?? this.knownAccounts.get(id)?.account;
    const last = await this.book.remove(id);
    if (account) this.knownAccounts.noteLogout(account);
    return last;
  }

  /** Ends the token of an account, and those it had before. */
  private async revoke(
    { account, token, replaced }: AccountRecord,
    signal: AbortSignal | undefined,
  ): Promise<Unrevoked | undefined> {
    const api = this.renewals.apiOf(account);
    // Those that seem to have expired as well: this machine's clock may have been set.
    const tokens = new Map([...replaced, token].map((each) => [each.value, each]));
    const failed: Unrevoked[] = [];
    await Promise.all(
      [...tokens.values()].map(async (each) => {
        try {
          await api.logout(each.value, signal);
        } catch (error) {
          const timeLeft = this.renewals.timeLeft({ account, token: each });
          failed.push({ account, timeLeft, error });
        }
      }),
    );
    const [longest] = failed.sort((a, b) => b.timeLeft - a.timeLeft);
    if (!longest) {
      this.log.info(`Logged out ${account.label}.`);
      return undefined;
    }
    const { error, timeLeft } = longest;
    this.log.warn(`Logged out ${account.label} here, but not at Looker: ${String(error)}`);
    return timeLeft > 0 ? longest : undefined;
  }

  /** Whoever stops acting as another user is themselves again. */
  private async activateNext(leaving: readonly Account[]): Promise<void> {
    const { activeId } = this.book;
    if (activeId === undefined || !this.book.isGone(activeId)) return;
    const active = leaving.find(({ id }) => id === activeId);
    const admin = this.book.get(active?.sudo?.adminAccountId ?? '');
    await this.book.activate((admin ?? this.book.all()[0])?.account.id);
  }
}
