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

/** What renewals need. */
export interface RenewalsOptions extends PlansOptions {
  readonly connect: Connect;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Waits for some ms. */
  readonly pause: (ms: number) => Promise<unknown>;
  readonly log: Log;
  /** Loads the code for browser logins. */
  readonly browserLogins: () => Promise<BrowserLogins>;
}

/** Windows that need a token at the same time wait up to this long, so that only one of them renews. */
const LONGEST_DELAY_MS = 3000;

/** Why a token is requested. */
export interface Reason {
  /**
   * Set if the user wants a new token now, whatever the state of the current one, unless that was just issued. The
   * replaced token is revoked.
   */
  readonly byHand?: boolean | undefined;
}

/** Options for waiting. */
interface Wait {
  /** Only stops the wait of this caller. */
  readonly signal?: AbortSignal | undefined;
}

/** Keeps tokens valid. An account has at most one pending renewal per workspace, however many callers request one. */
export class Renewals {
  readonly plans: Plans;
  readonly failures: Failures;
  private readonly checks: ServerChecks;
  private readonly grants: Grants;
  /** Not part of the account's value: a renewal continues if its account is logged out in the meantime. */
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
      // Includes tokens that seem to have expired, because this machine's clock may have been set.
      for (const token of tokens) this.revocations.revoke(this.apiOf(account), token);
    });
  }

  /**
   * The account with a valid token for the workspace: its current one, else a new one. A token that is about to expire
   * is handed out while it is being renewed. After a refusal by Looker, nothing is sent until the user logs in; if
   * Looker couldn't be reached, nothing is sent for a few seconds.
   * @throws LookerError if there is no valid token and none can be had; LoginNeededError; LoggedOutError;
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
      // The failure is recorded for the account; this caller has a valid token.
      if (renewsBeside) this.renew(id, workspace).catch(noop);
      return good;
    }
    if (!canRenew) {
      if (!live.tokens[workspace].isRejected) await this.checks.askTime(id, workspace);
      const checked = this.plans.usableSession(live, workspace);
      if (checked) return checked;
    }
    if (!reason.byHand) this.plans.throwIfBlocked(live, workspace);
    // A laptop may sleep during a renewal for longer than the new token is valid.
    for (let tries = 2; tries > 0; tries--) {
      const renewed = await this.renew(id, workspace, reason);
      if (this.plans.hasEnoughLife(renewed)) return renewed;
    }
    throw new ExpiredOnArrivalError(live.record.account);
  }

  /**
   * Gets a new token for the account and workspace, unless another window has just renewed it. Calls during a renewal
   * share its result.
   * @throws LookerError; LoginNeededError; LoggedOutError; UnreadableAccountError
   */
  renew(id: string, workspace: Workspace = 'production', reason: Reason = {}): Promise<Session> {
    return this.underWay.run(keyOf(id, workspace), () => this.renewOnce(id, workspace, reason));
  }

  /**
   * Gets a token with a session of its own on the server, which isn't stored for the account: the caller must revoke
   * it.
   * @returns undefined if the credential can't get additional tokens
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
   * Renews due tokens of accounts that are renewed in the background.
   * @returns ms until the next token is due, for renewal or for display; undefined if there is none
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
        // The failure is recorded for the account, and the next attempt comes later.
        else this.renew(id, workspace).catch(noop);
      }
    }
    return spans.length > 0 ? Math.min(...spans) : undefined;
  }

  /**
   * Runs work with a valid `production` token of the account. If the server has revoked the token early, it is replaced
   * and the work runs once more.
   * @throws CancelledError as soon as the signal is aborted, whatever it is waiting for; a renewal continues, since
   *   others may also be waiting for it
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
   * Replaces a token of any workspace that a caller reports as rejected by the server. The server is asked first, and
   * at most once every few seconds: a false report must not get new tokens.
   * @throws TokenAcceptedError; LoggedOutError; UnreadableAccountError; any error of the request or the renewal
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

  /** The API of the account's instance. */
  apiOf({ baseUrl, apiVersion }: Pick<Account, 'baseUrl' | 'apiVersion'>): Api {
    return this.options.connect(baseUrl, apiVersion);
  }

  private async renewOnce(id: string, workspace: Workspace, { byHand }: Reason): Promise<Session> {
    let live = this.plans.liveOf(id);
    const { label } = live.record.account;
    /** Checks whether there is anything left to do. @returns a session that another window has renewed */
    const read = async (): Promise<Session | undefined> => {
      await this.book.reload(id);
      live = this.plans.liveOf(id, label);
      const stored = sessionOf(live.record, workspace);
      const isDue = this.plans.planOf(live, workspace).dueIn <= 0;
      if (stored && !isDue && (!byHand || this.plans.hasJustCome(live, workspace))) return stored;
      // Looker may have refused another window in the meantime.
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
      this.options.log.info(`Renewed the token of ${label}.`);
      return renewed;
    } catch (error) {
      this.options.log.warn(`Could not renew the token of ${label}: ${String(error)}`);
      if (error instanceof Error && !isLoggedOut(error)) {
        await this.failures.note(live, workspace, error);
      }
      throw error;
    }
  }

  /** @param byHand also applies to the admin's token, if one is needed */
  private requestFor(account: Account, byHand: boolean | undefined): TokenRequest {
    return {
      account,
      api: this.apiOf(account),
      asAdmin: (work) => this.withToken(account.sudo?.adminAccountId ?? '', work, { byHand }),
    };
  }

  /** Records that the server rejects this token, even if it hasn't expired. */
  private markRejected({ account, token }: Session, workspace: Workspace): void {
    this.book.accounts.see(account.id, workspace, token.value, { isRejected: true });
    this.book.announce();
  }

  /**
   * Records when this window saw that a token is due: windows wait for each other from then on, even if it became due
   * long ago, while the machine slept.
   */
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
  // The failure is recorded for the account.
}
