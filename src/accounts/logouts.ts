import { orCancelled } from '../looker/cancellation';
import { CancelledError } from '../looker/errors/expectedError';
import type { Token } from '../looker/api/token';
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

/** Tokens of an account, by their values, that are to be revoked. */
interface Ending {
  readonly account: Account;
  readonly tokens: ReadonlyMap<string, Token>;
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
   * Logs accounts out, with the sudo accounts under them. Memory forgets them at once, and the tokens known here are
   * revoked at once, those of sudo accounts before their admin's: a keyring that hangs gives no token time to live.
   * Beside that the store forgets the accounts, and tokens that it alone knew of are revoked.
   * @param signal ends the wait, and the requests to revoke what is known here. What takes longer goes on
   * @returns the tokens that could not be revoked, as far as is known by then
   */
  async logout(ids: readonly string[], signal?: AbortSignal): Promise<readonly Unrevoked[]> {
    const leaving = this.accountsOf(ids);
    const known = this.forgetAll([...leaving.map(({ id }) => id), ...ids]);
    const told = this.revocations.note(this.revokeAll(known, signal));
    const rest = this.revocations.note(this.logOutStored(ids, leaving, known));
    const late = await orCancelled(rest, signal).catch((error: unknown) => {
      if (error instanceof CancelledError) return [];
      throw error;
    });
    return longestEach([...(await told), ...late]);
  }

  /** @param known what is being revoked already */
  private async logOutStored(
    ids: readonly string[],
    shown: readonly Account[],
    known: readonly Ending[],
  ): Promise<readonly Unrevoked[]> {
    const activated = this.activateNext(shown);
    // Another window may have started to act as somebody, and its event not come here.
    await this.book.catchUp();
    const found = this.orphansOf(ids);
    const leaving = [...shown, ...found];
    const sudoIds = leaving.filter(({ sudo }) => sudo).map(({ id }) => id);
    // Those, too, of whom nothing is left that can be read: nobody must miss them later.
    const ownIds = [...ids, ...leaving.map(({ id }) => id)].filter((id) => !sudoIds.includes(id));
    const endings = this.forgetAll(found.map(({ id }) => id));
    // A window may be closed in the middle: no sudo account must stay behind without its admin.
    endings.push(...(await this.removeAll(sudoIds)));
    endings.push(...(await this.removeAll(ownIds)));
    // Whoever has begun to act as somebody meanwhile.
    const late = this.orphansOf(ownIds);
    endings.push(...this.forgetAll(late.map(({ id }) => id)));
    endings.push(...(await this.removeAll(late.map(({ id }) => id))));
    await activated;
    await this.activateNext([...leaving, ...late]);
    return this.revokeAll(without(endings, known));
  }

  /** The accounts of these ids, with the sudo accounts under them. */
  private accountsOf(ids: readonly string[]): readonly Account[] {
    return this.book
      .all()
      .map(({ account }) => account)
      .filter(({ id, sudo }) => ids.includes(id) || (sudo && ids.includes(sudo.adminAccountId)));
  }

  /** The sudo accounts whose admin is one of these, and has not logged in again meanwhile. */
  private orphansOf(ids: readonly string[]): readonly Account[] {
    const gone = ids.filter((id) => this.book.isGone(id));
    return this.accountsOf(gone);
  }

  /** In memory, at once. Keeps nothing but who it was. @returns the tokens known here */
  private forgetAll(ids: readonly string[]): Ending[] {
    return [...new Set(ids)].flatMap((id) => {
      const account = this.book.get(id)?.account ?? this.knownAccounts.get(id)?.account;
      const known = this.book.forget(id);
      if (account) this.knownAccounts.noteLogout(account);
      return known ? endingOf(known) : [];
    });
  }

  /** In the store. @returns the tokens stored last, by whichever window */
  private async removeAll(ids: readonly string[]): Promise<Ending[]> {
    const removed = await Promise.all([...new Set(ids)].map((id) => this.book.remove(id)));
    return removed.flatMap((record) => (record ? endingOf(record) : []));
  }

  /** Revokes the tokens of sudo accounts first, then the others. */
  private async revokeAll(
    endings: readonly Ending[],
    signal?: AbortSignal,
  ): Promise<readonly Unrevoked[]> {
    const unrevoked: Unrevoked[] = [];
    for (const isSudo of [true, false]) {
      const next = endings.filter(({ account }) => (account.sudo !== undefined) === isSudo);
      const failed = await Promise.all(next.map((ending) => this.revoke(ending, signal)));
      unrevoked.push(...failed.filter((each) => each !== undefined));
    }
    return unrevoked;
  }

  /** @returns the token that lives longest of those that could not be revoked, if it lives */
  private async revoke(
    { account, tokens }: Ending,
    signal: AbortSignal | undefined,
  ): Promise<Unrevoked | undefined> {
    const api = this.renewals.apiOf(account);
    const failed: Unrevoked[] = [];
    // Those that seem to have expired as well: this machine's clock may have been set.
    await Promise.all(
      [...tokens.values()].map(async (token) => {
        try {
          await api.logout(token.value, signal);
        } catch (error) {
          failed.push({ account, timeLeft: this.renewals.timeLeft({ account, token }), error });
        }
      }),
    );
    const [longest] = longestEach(failed);
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

/** The account's token, and those it had before. */
function endingOf({ account, token, replaced }: AccountRecord): Ending {
  return { account, tokens: new Map([...replaced, token].map((each) => [each.value, each])) };
}

/** What is left of some, by account, once others are taken away. */
function without(endings: readonly Ending[], others: readonly Ending[]): readonly Ending[] {
  const taken = new Set(others.flatMap(({ tokens }) => [...tokens.keys()]));
  const left = new Map<string, Ending>();
  for (const { account, tokens } of endings) {
    const before = left.get(account.id)?.tokens ?? [];
    const own = [...before, ...tokens].filter(([value]) => !taken.has(value));
    if (own.length > 0) left.set(account.id, { account, tokens: new Map(own) });
  }
  return [...left.values()];
}

/** Of each account, the token that lives longest. */
function longestEach(unrevoked: readonly Unrevoked[]): readonly Unrevoked[] {
  const longest = new Map<string, Unrevoked>();
  for (const each of [...unrevoked].sort((a, b) => a.timeLeft - b.timeLeft)) {
    longest.set(each.account.id, each);
  }
  return [...longest.values()];
}
