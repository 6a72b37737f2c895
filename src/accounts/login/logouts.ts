import { abortable } from '../../looker/cancellation';
import { CanceledError } from '../../looker/errors/expectedError';
import type { Token } from '../../looker/api/token';
import type { Account } from '../account';
import { endCredential, type StoredCredential } from '../credentials/storedCredential';
import type { KnownAccounts } from '../knownAccounts';
import type { Log } from '../log';
import type { AccountBook, Forgotten } from '../memory/accountBook';
import type { Renewals } from '../renewal/renewals';
import type { Revocations } from './revocations';
import { allTokens, tokenValue, workspacesOf, type AccountRecord } from '../store/accountRecord';

/** A token that Looker could not be told to end; it lives on until it expires. */
export interface Unrevoked {
  readonly account: Account;
  /** Ms that it has yet to live; Infinity where it is a credential that does not expire. */
  readonly timeLeft: number;
  readonly error: unknown;
}

/** What of an account is to be ended at Looker. */
interface Ending {
  readonly account: Account;
  readonly login: string;
  readonly credential: StoredCredential;
  /** By their values. */
  readonly tokens: ReadonlyMap<string, Token>;
  /** Values of those that Looker does not accept any more, as far as is known here. */
  readonly rejected: ReadonlySet<string>;
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
    const late = await abortable(rest, signal).catch((error: unknown) => {
      if (error instanceof CanceledError) return [];
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
    await this.book.active.forget([...ownIds, ...sudoIds, ...late.map(({ id }) => id)]);
    return this.revokeAll(without(endings, known));
  }

  /** The accounts of these ids, with the sudo accounts under them. */
  private accountsOf(ids: readonly string[]): readonly Account[] {
    return this.book.accounts
      .all()
      .map(({ record }) => record.account)
      .filter(({ id, sudo }) => ids.includes(id) || (sudo && ids.includes(sudo.adminAccountId)));
  }

  /** The sudo accounts whose admin is one of these, and has not logged in again meanwhile. */
  private orphansOf(ids: readonly string[]): readonly Account[] {
    const gone = ids.filter((id) => this.book.accounts.isGone(id));
    return this.accountsOf(gone);
  }

  /** In memory, at once. Keeps nothing but who it was. @returns the tokens known here */
  private forgetAll(ids: readonly string[]): Ending[] {
    return [...new Set(ids)].flatMap((id) => {
      const forgotten = this.book.forget(id);
      const account = forgotten?.live.record.account ?? this.knownAccounts.get(id)?.account;
      if (account) this.knownAccounts.noteLogout(account);
      return forgotten ? endingOfLive(forgotten) : [];
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

  /** @returns what lives longest of what could not be revoked, if it lives */
  private async revoke(
    { account, login, credential, tokens, rejected }: Ending,
    signal: AbortSignal | undefined,
  ): Promise<Unrevoked | undefined> {
    const api = this.renewals.apiOf(account);
    const failed: Unrevoked[] = [];
    const end = async (work: Promise<void>, timeLeft: () => number) => {
      try {
        await work;
      } catch (error) {
        failed.push({ account, timeLeft: timeLeft(), error });
      }
    };
    await Promise.all([
      // Those that seem to have expired as well: this machine's clock may have been set.
      ...[...tokens.values()].map((token) =>
        end(api.logout(token.value, signal), () =>
          rejected.has(token.value) ? 0 : this.renewals.plans.timeLeft({ account, token }),
        ),
      ),
      end(endCredential(credential, api, signal), () => Infinity),
    ]);
    if (credential.kind === 'browser') await (await this.renewals.browserLogins()).forget(login);
    const [longest] = longestEach(failed);
    if (!longest) {
      this.log.info(`Logged out of ${account.label}.`);
      return undefined;
    }
    const { error, timeLeft } = longest;
    this.log.warn(
      `Logged out of ${account.label} here, but couldn't revoke its login: ${String(error)}`,
    );
    return timeLeft > 0 ? longest : undefined;
  }

  /** Whoever stops acting as another user is themselves again. */
  private async activateNext(leaving: readonly Account[]): Promise<void> {
    const { accounts, active } = this.book;
    const { id: activeId } = active;
    if (activeId === undefined || !accounts.isGone(activeId)) return;
    const left = leaving.find(({ id }) => id === activeId);
    const admin = accounts.get(left?.sudo?.adminAccountId ?? '');
    await active.activate((admin ?? accounts.all()[0])?.record.account.id);
  }
}

/** The account's tokens, and those it had before, in every workspace. */
function endingOf(record: AccountRecord): Ending {
  const { account, login, credential } = record;
  const tokens = new Map(allTokens(record).map((token) => [token.value, token]));
  return { account, login, credential, tokens, rejected: new Set() };
}

/** The same, with what only this window knows. */
function endingOfLive({ live, issued }: Forgotten): Ending {
  const ending = endingOf(live.record);
  const rejected = workspacesOf(live.record)
    .filter((workspace) => live.tokens[workspace].isRejected)
    .map((workspace) => tokenValue(live.record, workspace) ?? '');
  const tokens = new Map([
    ...ending.tokens,
    ...issued.map((token) => [token.value, token] as const),
  ]);
  return { ...ending, tokens, rejected: new Set(rejected) };
}

/** What is left of some, by account, once others are taken away. */
function without(endings: readonly Ending[], others: readonly Ending[]): readonly Ending[] {
  const taken = new Set(others.flatMap(({ tokens }) => [...tokens.keys()]));
  const left = new Map<string, Ending>();
  for (const ending of endings) {
    const { id } = ending.account;
    const before = left.get(id)?.tokens ?? [];
    const own = [...before, ...ending.tokens].filter(([value]) => !taken.has(value));
    if (own.length > 0) left.set(id, { ...ending, tokens: new Map(own) });
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
