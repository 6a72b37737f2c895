import { abortable } from '../../looker/cancellation';
import { TokenRejectedError } from '../../looker/errors/refusal';
import type { Api } from '../../looker/api/lazyLookerApi';
import type { Token } from '../../looker/api/token';
import type { Workspace } from '../../looker/workspace';
import type { Account } from '../account';
import type { BrowserLogins } from '../browserLogin/browserLogins';
import type { Connect } from '../connect';
import type { Grant, TokenRequest } from '../credentials/credential';
import { logsInAnew, nextToken, type StoredCredential } from '../credentials/storedCredential';
import { ExpiredOnArrivalError, isLoggedOut, TokenAcceptedError } from '../errors';
import type { Log } from '../log';
import type { AccountBook } from '../memory/accountBook';
import { workspaceOf } from '../memory/liveAccount';
import type { Revocations } from '../login/revocations';
import type { Session } from '../session';
import { sessionOf, tokenValue, workspacesOf } from '../store/accountRecord';
import { Failures } from './failures';
import { Grants } from './grants';
import { Plans, type PlansOptions } from './plans';
import { ServerChecks } from './serverChecks';
import { SingleFlight } from './singleFlight';

/** What renewals depend on. */
export interface RenewalsOptions extends PlansOptions {
  readonly connect: Connect;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Waits so many ms. */
  readonly pause: (ms: number) => Promise<unknown>;
  readonly log: Log;
  /** Loads what only browser logins need. */
  readonly browserLogins: () => Promise<BrowserLogins>;
}

/** Several windows that need a token at once wait up to so long, and one of them renews. */
const LONGEST_DELAY_MS = 3000;

/** Why a token is asked for. */
export interface Reason {
  /**
   * The user wants one now, whatever the token there is and whatever was before, unless that has just come. The token
   * it replaces is revoked.
   */
  readonly byHand?: boolean | undefined;
}

/** How long the caller waits. */
interface Wait {
  /** Only ends the wait of the caller who gives it. */
  readonly signal?: AbortSignal | undefined;
}

/** Keeps tokens good. However many ask, an account has one renewal for each workspace under way. */
export class Renewals {
  readonly plans: Plans;
  readonly failures: Failures;
  private readonly checks: ServerChecks;
  private readonly grants: Grants;
  /** Apart from the account's value: a renewal goes on when its account is logged out meanwhile. */
  private readonly underWay: SingleFlight<Session>;

  constructor(
    private readonly book: AccountBook,
    private readonly options: RenewalsOptions,
    private readonly revocations: Revocations,
  ) {
    this.plans = new Plans(book, options);
    this.failures = new Failures(book, options.clock);
    this.checks = new ServerChecks(book, options.clock, (account) => this.apiOf(account));
    this.grants = new Grants(book, this.plans, options, revocations);
    this.underWay = new SingleFlight(() => {
      book.announce();
    });
    book.onDidOrphan(({ account, tokens }) => {
      // Those that seem to have expired as well: this machine's clock may have been set.
      for (const token of tokens) this.revocations.revoke(this.apiOf(account), token);
    });
  }

  /**
   * The account with a token for the workspace that is good for use: the one it has, else a new one. While a token is
   * still good but near its end, it is handed out and renewed beside. Where Looker has refused to renew, it is not
   * asked again until the user logs in; where it could not be reached, not within seconds.
   * @throws LookerError where there is no good token and none to be had; LoginNeededError; LoggedOutError;
   *   UnreadableAccountError
   */
  async session(
    id: string,
    workspace: Workspace = 'production',
    reason: Reason = {},
  ): Promise<Session> {
    const live = this.plans.liveOf(id);
    const { canRenew, renewsBeside } = this.plans.planOf(live, workspace);
    const good = this.plans.usableSession(live, workspace);
    if (good) {
      // Its failure is kept as the account's; whoever asks here has a good token.
      if (renewsBeside) this.renew(id, workspace).catch(noop);
      return good;
    }
    if (!canRenew) {
      if (!live.tokens[workspace].isRejected) await this.checks.askTime(id, workspace);
      const checked = this.plans.usableSession(live, workspace);
      if (checked) return checked;
    }
    if (!reason.byHand) this.plans.throwIfBlocked(live, workspace);
    // A laptop may sleep in the middle of a renewal, longer than the new token lives.
    for (let tries = 2; tries > 0; tries--) {
      const renewed = await this.renew(id, workspace, reason);
      if (this.plans.hasEnoughLife(renewed)) return renewed;
    }
    throw new ExpiredOnArrivalError(live.record.account);
  }

  /**
   * A new token for the account and workspace, unless another window has renewed it meanwhile. Whoever asks while a
   * renewal is under way gets that one.
   * @throws LookerError; LoginNeededError; LoggedOutError; UnreadableAccountError
   */
  renew(id: string, workspace: Workspace = 'production', reason: Reason = {}): Promise<Session> {
    return this.underWay.run(keyOf(id, workspace), () => this.renewOnce(id, workspace, reason));
  }

  /**
   * A token with a session of its own at Looker, which the account does not keep: whoever gets it ends it.
   * @returns undefined where the credential gets the account's own tokens alone
   * @throws LookerError; LoginNeededError; LoggedOutError; UnreadableAccountError
   */
  async mint(id: string, workspace: Workspace): Promise<Token | undefined> {
    const live = this.plans.liveOf(id);
    const { account, credential } = live.record;
    if (!logsInAnew(credential)) return undefined;
    const grant = await nextToken(credential, this.requestFor(account, false));
    if (workspace === 'dev') await this.grants.enterDevMode(live, grant);
    return grant.token;
  }

  isRenewing(id: string, workspace: Workspace): boolean {
    return this.underWay.has(keyOf(id, workspace));
  }

  /**
   * Renews what is due, where accounts are renewed in the background.
   * @returns ms until the next one is due, to be renewed or to be said so; undefined where none is
   */
  renewDueAccounts(): number | undefined {
    const spans: number[] = [];
    for (const live of this.book.accounts.all()) {
      const { id } = live.record.account;
      for (const workspace of workspacesOf(live.record)) {
        const { dueIn, canRenew, renewIn } = this.plans.planOf(live, workspace);
        if (dueIn > 0) spans.push(dueIn);
        else this.noteDue(id, workspace);
        if (dueIn <= 0 && !canRenew) void this.checks.askTime(id, workspace);
        if (renewIn === undefined || this.isRenewing(id, workspace)) continue;
        if (renewIn > 0) spans.push(renewIn);
        // Its failure is kept as the account's, and its next time comes later.
        else this.renew(id, workspace).catch(noop);
      }
    }
    return spans.length > 0 ? Math.min(...spans) : undefined;
  }

  /**
   * Does something with a good token of the account, for `production`. One that was ended on the server before its time
   * is replaced, and it is tried once more.
   * @throws CanceledError as soon as the signal is aborted, whatever is being waited for; a renewal goes on, since
   *   others may wait for it too
   */
  async withToken<T>(
    id: string,
    work: (session: Session) => Promise<T>,
    { signal, ...reason }: Reason & Wait = {},
  ): Promise<T> {
    const session = await abortable(this.session(id, 'production', reason), signal);
    try {
      return await work(session);
    } catch (error) {
      if (!(error instanceof TokenRejectedError)) throw error;
      this.markRejected(session, 'production');
      if (!reason.byHand) this.plans.throwIfBlocked(this.plans.liveOf(id), 'production');
      return await work(await abortable(this.renew(id, 'production', reason), signal));
    }
  }

  /**
   * Replaces a token of whichever workspace that somebody says the server does not accept. The server is asked first,
   * and not again within seconds: nobody can make it hand out tokens by saying so.
   * @throws TokenAcceptedError; LoggedOutError; UnreadableAccountError; whatever keeps the server from being asked, or
   *   a renewal fails with
   */
  async replaceRejected(id: string, rejected: string): Promise<void> {
    const live = this.plans.liveOf(id);
    const workspace = workspaceOf(live, rejected);
    const session = workspace && sessionOf(live.record, workspace);
    if (!session) return;
    if (this.plans.timeLeft(session) > 0) {
      const isAccepted = await this.checks.isAccepted(id, workspace);
      if (isAccepted) throw new TokenAcceptedError(session.account);
      this.markRejected(session, workspace);
    }
    this.plans.throwIfBlocked(this.plans.liveOf(id), workspace);
    await this.renew(id, workspace);
  }

  /** See {@link BrowserLogins}. */
  browserLogins(): Promise<BrowserLogins> {
    return this.options.browserLogins();
  }

  /** Speaks to the account's instance. */
  apiOf({ baseUrl, apiVersion }: Pick<Account, 'baseUrl' | 'apiVersion'>): Api {
    return this.options.connect(baseUrl, apiVersion);
  }

  private async renewOnce(id: string, workspace: Workspace, { byHand }: Reason): Promise<Session> {
    let live = this.plans.liveOf(id);
    const { label } = live.record.account;
    /** Finds out whether there is anything left to do. @returns what another window has renewed */
    const read = async (): Promise<Session | undefined> => {
      await this.book.reload(id);
      live = this.plans.liveOf(id, label);
      const stored = sessionOf(live.record, workspace);
      const isDue = this.plans.planOf(live, workspace).dueIn <= 0;
      if (stored && !isDue && (!byHand || this.plans.hasJustCome(live, workspace))) return stored;
      // Another window may have been refused meanwhile.
      if (!byHand) this.plans.throwIfBlocked(live, workspace);
      return undefined;
    };
    const ask = () => {
      const { account, credential } = live.record;
      return nextToken(credential, this.requestFor(account, byHand));
    };
    const keep = (grant: Grant<StoredCredential>) =>
      this.grants.keep(live, workspace, grant, byHand);
    try {
      if (!byHand && !this.options.isFocused() && !this.plans.usableSession(live, workspace)) {
        await this.options.pause(LONGEST_DELAY_MS * this.options.random());
      }
      const stored = await read();
      if (stored) return stored;
      const renewed =
        live.record.credential.kind === 'browser'
          ? await (
              await this.options.browserLogins()
            ).renew({ read, record: () => live.record, ask, keep })
          : await keep(await ask());
      this.options.log.info(`Renewed the token for ${label}.`);
      return renewed;
    } catch (error) {
      this.options.log.warn(`Couldn't renew the token for ${label}: ${String(error)}`);
      if (error instanceof Error && !isLoggedOut(error)) {
        await this.failures.note(live, workspace, error);
      }
      throw error;
    }
  }

  /** @param byHand holds for the token of an admin, too, where one is needed */
  private requestFor(account: Account, byHand: boolean | undefined): TokenRequest {
    return {
      account,
      api: this.apiOf(account),
      asAdmin: (work) => this.withToken(account.sudo?.adminAccountId ?? '', work, { byHand }),
    };
  }

  /** From now on this token is worth nothing, whatever its time. */
  private markRejected({ account, token }: Session, workspace: Workspace): void {
    this.book.accounts.see(account.id, workspace, token.value, { isRejected: true });
    this.book.announce();
  }

  /** From when on windows wait for each other to renew it: it may have become due long ago, while the machine slept. */
  private noteDue(id: string, workspace: Workspace): void {
    const live = this.plans.liveOf(id);
    if (live.tokens[workspace].firstDueAt !== undefined) return;
    const firstDueAt = this.options.clock.steady();
    this.book.accounts.see(id, workspace, tokenValue(live.record, workspace), { firstDueAt });
  }
}

function keyOf(id: string, workspace: Workspace): string {
  return `${workspace} ${id}`;
}

function noop(): void {
  // Its failure is kept as the account's.
}
