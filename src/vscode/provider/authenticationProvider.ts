import * as vscode from 'vscode';
import type { LookerSession } from '../../../packages/looker-auth-api/index';
import type { Account } from '../../accounts/account';
import { NO_CHANGE, type AccountsChange } from '../../accounts/memory/announcements';
import type { Accounts } from '../../accounts/accounts';
import { Lazy } from '../../accounts/lazy';
import type { Unrevoked } from '../../accounts/login/logouts';
import { CanceledError } from '../../looker/errors/expectedError';
import type { Workspace } from '../../looker/workspace';
import { NewlyCurrent } from './newlyCurrent';
import { accountIdIn, removedSession, type IssuedSessions } from './issuedSessions';
import type { RequestedSessions } from './requestedSessions';
import { matchesPrompt } from './matches';
import { PATIENCE } from './patience';
import type { SessionRequest } from './scopes';

/**
 * Provides Looker's sessions to `vscode.authentication`. An extension that requests no account gets the active one,
 * which the status bar shows; one that names an instance gets its current account ({@link accountsFor}). The provider
 * shows nothing without a request, and never calls `vscode.authentication`, which would wait for itself.
 */
export class LookerAuthenticationProvider
  implements vscode.AuthenticationProvider, vscode.Disposable
{
  private readonly changes =
    new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly onDidChangeSessions = this.changes.event;

  /** How many times VS Code has requested the accounts. */
  timesListed = 0;

  private readonly requests: Lazy<RequestedSessions>;
  /** What the extensions that wait for a login have requested. */
  private readonly waiting = new Set<SessionRequest>();
  /**
   * Accounts by ID that were added in the meantime and may be what one of them gets. They are announced once that is
   * decided, since the one it gets has the scopes it requested.
   */
  private readonly heldBack = new Map<string, Account>();

  /** @param requests loads the code for requests by extensions */
  constructor(
    private readonly opening: Promise<Accounts>,
    requests: (accounts: Accounts) => Promise<RequestedSessions>,
    private readonly issued: IssuedSessions,
    private readonly showUnrevoked: (unrevoked: readonly Unrevoked[]) => void,
    private readonly patience = PATIENCE,
  ) {
    this.requests = new Lazy(async () => requests(await opening));
    void opening.then((accounts) => {
      const current = new NewlyCurrent(accounts);
      return accounts.onDidChange((change) => {
        this.announce(accounts, this.holdBack(change), { entered: current.takeNew() });
      });
    });
  }

  dispose(): void {
    this.changes.dispose();
  }

  /**
   * Without scopes, VS Code only wants the accounts, and gets them at once from memory. With scopes, every session has
   * a valid token, and accounts that need a login are left out.
   * @throws UnknownScopeError; the reason if no matching account has a valid token, or if the secret storage can't be
   *   read
   */
  async getSessions(
    scopes: readonly string[] | undefined,
    options: vscode.AuthenticationProviderSessionOptions = {},
  ): Promise<LookerSession[]> {
    if (!scopes) this.timesListed++;
    const accounts = await this.opening;
    if (!scopes) {
      return accounts.list
        .filter(({ label }) => !options.account || options.account.label === label)
        .flatMap((account) => this.current(accounts, account));
    }
    const requests = await this.requests.get();
    const { workspace, sessions } = await requests.sessionsFor(scopes, options.account?.label);
    return sessions.map((session) => this.issued.share(accounts, session, scopes, workspace));
  }

  /**
   * Prompts for a login, and announces the session with exactly these scopes. For a requested account that was logged
   * out, the prompt is for its instance and user. An account that needs no login was chosen from VS Code's list of
   * accounts: it becomes the active one, since extensions that request no account get only that one.
   * @throws vscode.CancellationError; UnknownScopeError; LoginTimeoutError; OtherAccountError if the user logs in to
   *   another account
   */
  async createSession(
    scopes: readonly string[],
    options: vscode.AuthenticationProviderSessionOptions = {},
  ): Promise<LookerSession> {
    const accounts = await this.opening;
    const requests = await this.requests.get();
    const wanted = requests.wantedOf(scopes, options.account);
    this.waiting.add(wanted);
    let created: LookerSession | undefined;
    try {
      const loggedIn = await requests.accountFor(wanted, scopes);
      const { workspace = 'production' } = wanted;
      const session = await accounts.session(loggedIn.id, undefined, workspace);
      created = this.issued.share(accounts, session, scopes, workspace);
      return created;
    } catch (error) {
      throw error instanceof CanceledError ? new vscode.CancellationError() : error;
    } finally {
      this.waiting.delete(wanted);
      if (created) this.heldBack.delete(created.account.id);
      this.announce(accounts, { ...NO_CHANGE, added: this.release() }, { created });
    }
  }

  /**
   * Handles "Sign Out" in VS Code. Looker can't make it fail: the user gets a warning if a token couldn't be revoked in
   * time.
   */
  async removeSession(sessionId: string): Promise<void> {
    const accounts = await this.opening;
    const patience = AbortSignal.timeout(this.patience.inAll);
    this.showUnrevoked(await accounts.logout([accountIdIn(sessionId)], patience));
  }

  /** The part of a change to announce now: everything except accounts that are held back. */
  private holdBack(change: AccountsChange): AccountsChange {
    const isNews = ({ id }: Account) => !this.heldBack.has(id);
    const renewed = change.renewed.filter(isNews);
    const renewedForDev = change.renewedForDev.filter(isNews);
    const removed = change.removed.filter(isNews);
    for (const { id } of change.removed) this.heldBack.delete(id);
    for (const account of change.added)
      if (this.isWanted(account)) this.heldBack.set(account.id, account);
    return { added: change.added.filter(isNews), removed, renewed, renewedForDev };
  }

  /** Accounts that no longer need to be held back. */
  private release(): readonly Account[] {
    const released = [...this.heldBack.values()].filter((account) => !this.isWanted(account));
    for (const { id } of released) this.heldBack.delete(id);
    return released;
  }

  private isWanted(account: Account): boolean {
    return [...this.waiting].some((wanted) => matchesPrompt(account, wanted));
  }

  /**
   * @param created the session that an extension waited for
   * @param entered accounts that extensions now get by default
   */
  private announce(
    accounts: Accounts,
    change: AccountsChange,
    {
      created,
      entered = [],
    }: { created?: LookerSession | undefined; entered?: readonly Account[] },
  ): void {
    const current = (account: Account) => this.current(accounts, account);
    const added = [...(created ? [created] : []), ...change.added.flatMap(current)];
    const removed = change.removed.map(removedSession);
    const isNews = ({ id }: Account) =>
      !this.heldBack.has(id) &&
      ![...change.added, ...change.renewed].some((each) => each.id === id);
    const changed = [
      ...[...change.renewed, ...entered.filter(isNews)].flatMap(current),
      ...change.renewedForDev.flatMap((account) => this.current(accounts, account, 'dev')),
    ];
    if (added.length + removed.length + changed.length === 0) return;
    this.changes.fire({ added, removed, changed });
  }

  /** The account's session with its current token, valid or not; empty if it has none. */
  private current(
    accounts: Accounts,
    { id }: Account,
    workspace: Workspace = 'production',
  ): LookerSession[] {
    const session = accounts.peek(id, workspace);
    return session ? [this.issued.toSession(accounts, session, workspace)] : [];
  }
}
