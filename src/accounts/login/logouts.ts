import { abortable } from '../../looker/cancellation';
import { CanceledError } from '../../looker/errors/expectedError';
import type { Token } from '../../looker/api/token';
import type { Account } from '../account';
import { endCredential, type StoredCredential } from '../credentials/storedCredential';
import type { KnownAccounts } from '../knownAccounts';
import type { Log } from '../../base/log';
import type { AccountBook, Forgotten } from '../memory/accountBook';
import type { CurrentPlans } from '../renewal/currentPlans';
import type { TokenRequests } from '../renewal/tokenRequests';
import type { Revocations } from './revocations';
import { allTokens, tokenValue, workspacesOf, type AccountRecord } from '../store/accountRecord';

/** A token that couldn't be revoked; it stays valid until it expires. */
export interface Unrevoked {
  readonly account: Account;
  /** Ms until it expires; Infinity for a credential that doesn't expire. */
  readonly timeLeft: number;
  readonly error: unknown;
}

/** What to revoke for an account. */
interface EndedLogin {
  readonly account: Account;
  readonly login: string;
  readonly credential: StoredCredential;
  /** By their values. */
  readonly tokens: ReadonlyMap<string, Token>;
  /** Values of tokens that Looker is known to reject already. */
  readonly rejected: ReadonlySet<string>;
}

/** Logs accounts out, here and on the server. */
export class Logouts {
  constructor(
    private readonly book: AccountBook,
    private readonly plans: CurrentPlans,
    private readonly requests: TokenRequests,
    private readonly knownAccounts: KnownAccounts,
    private readonly revocations: Revocations,
    private readonly log: Log,
  ) {}

  /**
   * Logs out accounts, and the sudo accounts that depend on them. They are forgotten in memory at once, and the tokens
   * known here are revoked at once, those of sudo accounts before their admin's: a hanging keyring must not keep a
   * token valid. In parallel, the accounts are deleted from the store, and tokens found only there are revoked.
   * @param signal stops waiting, and the requests to revoke tokens known here. Everything else continues
   * @returns the tokens that couldn't be revoked, as far as known by then
   */
  async logout(ids: readonly string[], signal?: AbortSignal): Promise<readonly Unrevoked[]> {
    const leaving = this.accountsOf(ids);
    const known = this.forgetAll([...leaving.map(({ id }) => id), ...ids]);
    const revoking = this.revocations.track(this.revokeAll(known, signal));
    const deleting = this.revocations.track(this.logOutStored(ids, leaving, known));
    const late = await abortable(deleting, signal).catch((error: unknown) => {
      if (error instanceof CanceledError) return [];
      throw error;
    });
    return longestEach([...(await revoking), ...late]);
  }

  /** @param known what is already being revoked */
  private async logOutStored(
    ids: readonly string[],
    shown: readonly Account[],
    known: readonly EndedLogin[],
  ): Promise<readonly Unrevoked[]> {
    const activated = this.activateNext();
    // Another window may have started to act as a user without an event having arrived here.
    await this.book.catchUp();
    const found = this.orphansOf(ids);
    const leaving = [...shown, ...found];
    const sudoIds = leaving.filter(({ sudo }) => sudo).map(({ id }) => id);
    // Includes IDs without a readable record, so that they aren't reported as lost later.
    const ownIds = [...ids, ...leaving.map(({ id }) => id)].filter((id) => !sudoIds.includes(id));
    const ended = this.forgetAll(found.map(({ id }) => id));
    // A window may be closed at any moment: no sudo account must be left without its admin.
    ended.push(...(await this.removeAll(sudoIds)));
    ended.push(...(await this.removeAll(ownIds)));
    // Sudo accounts that were added in the meantime.
    const late = this.orphansOf(ownIds);
    ended.push(...this.forgetAll(late.map(({ id }) => id)));
    ended.push(...(await this.removeAll(late.map(({ id }) => id))));
    await activated;
    await this.activateNext();
    await this.book.active.forget([...ownIds, ...sudoIds, ...late.map(({ id }) => id)]);
    return this.revokeAll(without(ended, known));
  }

  /** The accounts with these IDs, and the sudo accounts that depend on them. */
  private accountsOf(ids: readonly string[]): readonly Account[] {
    return this.book.accounts
      .all()
      .map(({ record }) => record.account)
      .filter(({ id, sudo }) => ids.includes(id) || (sudo && ids.includes(sudo.adminAccountId)));
  }

  /** The sudo accounts whose admin is logged out and one of these. */
  private orphansOf(ids: readonly string[]): readonly Account[] {
    const gone = ids.filter((id) => this.book.accounts.isGone(id));
    return this.accountsOf(gone);
  }

  /** Forgets accounts in memory at once, and remembers only who they were. @returns the tokens known here */
  private forgetAll(ids: readonly string[]): EndedLogin[] {
    return [...new Set(ids)].flatMap((id) => {
      const forgotten = this.book.forget(id);
      const account = forgotten?.live.record.account ?? this.knownAccounts.get(id)?.account;
      if (account) this.knownAccounts.noteLogout(account);
      return forgotten ? forgottenLogin(forgotten) : [];
    });
  }

  /** Deletes accounts from the store. @returns the tokens that any window stored last */
  private async removeAll(ids: readonly string[]): Promise<EndedLogin[]> {
    const removed = await Promise.all([...new Set(ids)].map((id) => this.book.remove(id)));
    return removed.flatMap((record) => (record ? endedLogin(record) : []));
  }

  /** Revokes the tokens of sudo accounts first, then the others. */
  private async revokeAll(
    ended: readonly EndedLogin[],
    signal?: AbortSignal,
  ): Promise<readonly Unrevoked[]> {
    const unrevoked: Unrevoked[] = [];
    for (const isSudo of [true, false]) {
      const next = ended.filter(({ account }) => (account.sudo !== undefined) === isSudo);
      const failed = await Promise.all(next.map((each) => this.revoke(each, signal)));
      unrevoked.push(...failed.filter((each) => each !== undefined));
    }
    return unrevoked;
  }

  /** @returns what stays valid longest of what couldn't be revoked; undefined if nothing stays valid */
  private async revoke(
    { account, login, credential, tokens, rejected }: EndedLogin,
    signal: AbortSignal | undefined,
  ): Promise<Unrevoked | undefined> {
    const api = this.requests.apiOf(account);
    const failed: Unrevoked[] = [];
    const end = async (work: Promise<void>, timeLeft: () => number) => {
      try {
        await work;
      } catch (error) {
        failed.push({ account, timeLeft: timeLeft(), error });
      }
    };
    await Promise.all([
      // Includes tokens that seem to have expired, because this machine's clock may have been set.
      ...[...tokens.values()].map((token) =>
        end(api.logout(token.value, signal), () =>
          rejected.has(token.value) ? 0 : this.plans.timeLeft({ account, token }),
        ),
      ),
      end(endCredential(credential, api, signal), () => Infinity),
    ]);
    if (credential.kind === 'browser') await (await this.requests.browserLogins()).forget(login);
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

  /** Once the active account is gone, keeps the one that is shown in its place, see {@link ActiveAccounts.shown}. */
  private async activateNext(): Promise<void> {
    const { accounts, active } = this.book;
    if (active.id === undefined || !accounts.isGone(active.id)) return;
    await active.activate(active.shown(accounts.all())?.record.account.id);
  }
}

/** The current and earlier tokens of an account, in every workspace. */
function endedLogin(record: AccountRecord): EndedLogin {
  const { account, login, credential } = record;
  const tokens = new Map(allTokens(record).map((token) => [token.value, token]));
  return { account, login, credential, tokens, rejected: new Set() };
}

/** The same, with what only this window knows. */
function forgottenLogin({ live, issued }: Forgotten): EndedLogin {
  const stored = endedLogin(live.record);
  const rejected = workspacesOf(live.record)
    .filter((workspace) => live.tokens[workspace].isRejected)
    .map((workspace) => tokenValue(live.record, workspace) ?? '');
  const tokens = new Map([
    ...stored.tokens,
    ...issued.map((token) => [token.value, token] as const),
  ]);
  return { ...stored, tokens, rejected: new Set(rejected) };
}

/** Removes tokens that are in `others`, and merges the rest by account. */
function without(
  ended: readonly EndedLogin[],
  others: readonly EndedLogin[],
): readonly EndedLogin[] {
  const taken = new Set(others.flatMap(({ tokens }) => [...tokens.keys()]));
  const left = new Map<string, EndedLogin>();
  for (const each of ended) {
    const { id } = each.account;
    const before = left.get(id)?.tokens ?? [];
    const own = [...before, ...each.tokens].filter(([value]) => !taken.has(value));
    if (own.length > 0) left.set(id, { ...each, tokens: new Map(own) });
  }
  return [...left.values()];
}

/** The token that stays valid longest, for each account. */
function longestEach(unrevoked: readonly Unrevoked[]): readonly Unrevoked[] {
  const longest = new Map<string, Unrevoked>();
  for (const each of [...unrevoked].sort((a, b) => a.timeLeft - b.timeLeft)) {
    longest.set(each.account.id, each);
  }
  return [...longest.values()];
}
