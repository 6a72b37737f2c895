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
import { isAnswer } from './isAnswer';
import { PATIENCE } from './patience';
import type { Wanted } from './scopes';

/**
 * Looker's sessions for `vscode.authentication`. Whoever names no account gets the active one's, which the status bar
 * shows, and whoever names an instance its current account's ({@link accountsFor}). Shows nothing by itself and never calls
 * `vscode.authentication`, which would wait for itself.
 */
export class LookerAuthenticationProvider
  implements vscode.AuthenticationProvider, vscode.Disposable
{
  private readonly changes =
    new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly onDidChangeSessions = this.changes.event;

  /** How often VS Code has asked who is logged in. */
  timesListed = 0;

  private readonly requests: Lazy<RequestedSessions>;
  /** What the extensions want that wait for a login. */
  private readonly waiting = new Set<Wanted>();
  /**
   * Accounts added meanwhile that one of them may get, by id, and announced when that is settled: the one that it gets
   * has the scopes it asked for.
   */
  private readonly heldBack = new Map<string, Account>();

  /** @param requests loads what knows what extensions ask for */
  constructor(
    private readonly opening: Promise<Accounts>,
    requests: (accounts: Accounts) => Promise<RequestedSessions>,
    private readonly issued: IssuedSessions,
    private readonly sayUnrevoked: (unrevoked: readonly Unrevoked[]) => void,
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
   * Without scopes VS Code only wants to know who is logged in: answered at once, from memory. With
   * scopes, every session has a good token; accounts that need a login first are left out.
   * @throws UnknownScopeError; the reason where there is an account, but no good token to be had, or where the secret
   *   storage does not tell who is logged in
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
   * Asks the user to log in, and announces the session with exactly these scopes. Where an account is asked for that
   * was logged out, its instance and user are asked for again. One that needs no login was chosen from VS Code's list
   * of all accounts: it becomes the active one, since whoever names no account gets that one and no other.
   * @throws vscode.CancellationError; UnknownScopeError; NoAnswerError; OtherAccountError where the user logs in as somebody else
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

  /** VS Code's own "Sign Out". Never fails because of Looker; what it could not be told in time is said. */
  async removeSession(sessionId: string): Promise<void> {
    const accounts = await this.opening;
    const patience = AbortSignal.timeout(this.patience.inAll);
    this.sayUnrevoked(await accounts.logout([accountIdIn(sessionId)], patience));
  }

  /** What is to be announced now: all but what concerns accounts that are held back, or are to be from now on. */
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

  /** Those that nobody waits for any more. */
  private release(): readonly Account[] {
    const released = [...this.heldBack.values()].filter((account) => !this.isWanted(account));
    for (const { id } of released) this.heldBack.delete(id);
    return released;
  }

  private isWanted(account: Account): boolean {
    return [...this.waiting].some((wanted) => isAnswer(account, wanted));
  }

  /**
   * @param created the session that somebody has waited for
   * @param entered accounts that whoever names none gets from now on
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

  /** The account's session with the token it has, good or not; none where it has none. */
  private current(
    accounts: Accounts,
    { id }: Account,
    workspace: Workspace = 'production',
  ): LookerSession[] {
    const session = accounts.peek(id, workspace);
    return session ? [this.issued.toSession(accounts, session, workspace)] : [];
  }
}
