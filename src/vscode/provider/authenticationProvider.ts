import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { LookerSession } from '../../../packages/looker-auth-api/index';
import type { Account } from '../../accounts/account';
import { NO_CHANGE, type AccountsChange } from '../../accounts/memory/announcements';
import type { Accounts } from '../../accounts/accounts';
import { needsLogin } from '../../accounts/errors';
import type { Unrevoked } from '../../accounts/login/logouts';
import { CanceledError, ExpectedError } from '../../looker/errors/expectedError';
import { hostOf, isSameInstance } from '../../looker/instance/host';
import { formatWait } from '../../looker/numbers';
import type { Workspace } from '../../looker/workspace';
import { NewlyCurrent } from './newlyCurrent';
import { accountIdIn, removedSession, type IssuedSessions } from './issuedSessions';
import { isAnswer, LoginRequests, type LoginPrompt } from './loginRequests';
import { LONGEST_WAIT_MS, settled } from './settled';
import { accountsFor, satisfies } from './accountsFor';
import { OtherAccountError, parseScopes, scopesOf, type Wanted } from './scopes';

/** A token is on its way, but the instance takes its time. */
class NoAnswerYetError extends ExpectedError {
  override readonly name = 'NoAnswerYetError';
  override readonly category = 'transient';
  override readonly verdict = this.message;
  constructor(hosts: readonly string[]) {
    super(
      l10n.t(
        "{0} didn't respond within {1}. Looker Auth is still waiting; try again in a moment.",
        hosts.join(', '),
        formatWait(LONGEST_WAIT_MS),
      ),
    );
  }
}

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

  private readonly requests: Promise<LoginRequests>;
  /** What the extensions want that wait for a login. */
  private readonly waiting = new Set<Wanted>();
  /**
   * Accounts added meanwhile that one of them may get, by id, and announced when that is settled: the one that it gets
   * has the scopes it asked for.
   */
  private readonly heldBack = new Map<string, Account>();

  constructor(
    private readonly opening: Promise<Accounts>,
    prompt: LoginPrompt,
    private readonly issued: IssuedSessions,
    private readonly sayUnrevoked: (unrevoked: readonly Unrevoked[]) => void,
  ) {
    this.requests = opening.then((accounts) => new LoginRequests(accounts, prompt));
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
    const wanted = parseScopes(scopes);
    const { workspace = 'production' } = wanted;
    const fitting = accountsFor(accounts, wanted, options.account?.label);
    if (fitting.length === 0 && accounts.readFailure) throw accounts.readFailure;
    const { sessions, failures } = await settled(
      fitting.map(({ id }) => accounts.session(id, undefined, workspace)),
    );
    const passing = failures.find((failure) => !needsLogin(failure));
    // Offering to log in would be wrong where only the network is away.
    if (sessions.length === 0 && passing) throw passing;
    if (sessions.length === 0 && failures.length < fitting.length) {
      throw new NoAnswerYetError([...new Set(fitting.map(({ baseUrl }) => hostOf(baseUrl)))]);
    }
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
    const account = options.account && accountOf(accounts, options.account);
    const wanted = wantedOf(accounts, scopes, account);
    this.waiting.add(wanted);
    let created: LookerSession | undefined;
    try {
      const loggedIn =
        (account && (await switchTo(accounts, account, scopes))) ??
        (await (await this.requests).ask(wanted));
      // VS Code would ask for the login again, and again, where it is another account's.
      if (!satisfies(loggedIn, wanted)) throw new OtherAccountError(loggedIn, scopes, account);
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
    const patience = AbortSignal.timeout(LONGEST_WAIT_MS);
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

/**
 * What to ask the user for: the account, where there is one asked for; else an instance by the URL by which it is known
 * here.
 * @throws UnknownScopeError; OtherAccountError where the scopes do not hold for the account
 */
function wantedOf(
  accounts: Accounts,
  scopes: readonly string[],
  account: Account | undefined,
): Wanted {
  const wanted = parseScopes(scopes);
  if (account) {
    if (!satisfies(account, wanted)) throw new OtherAccountError(account, scopes);
    return { ...parseScopes(scopesOf(account, wanted.workspace)), account };
  }
  const { baseUrl } = wanted;
  if (baseUrl === undefined) return wanted;
  const known = [...accounts.list, ...rememberedOf(accounts)].map((each) => each.baseUrl);
  if (known.includes(baseUrl)) return wanted;
  return { ...wanted, baseUrl: known.find((each) => isSameInstance(each, baseUrl)) ?? baseUrl };
}

/**
 * Makes an account the active one that is good, but is not among those that the scopes alone give.
 * @returns undefined where its user has to log in first
 * @throws the reason where there is no good token to be had for now
 */
async function switchTo(
  accounts: Accounts,
  account: Account,
  scopes: readonly string[],
): Promise<Account | undefined> {
  const { id } = account;
  if (accountsFor(accounts, parseScopes(scopes)).some((given) => given.id === id)) return undefined;
  try {
    await accounts.session(id);
  } catch (error) {
    if (needsLogin(error)) return undefined;
    throw error;
  }
  await accounts.activate(id);
  return account;
}

function rememberedOf(accounts: Accounts): readonly Account[] {
  return accounts.known.map(({ account }) => account);
}

/**
 * The account that VS Code names, logged in or remembered. VS Code tells accounts apart by their labels, and takes no
 * other one for the one asked for.
 */
function accountOf(
  accounts: Accounts,
  { id, label }: vscode.AuthenticationSessionAccountInformation,
): Account | undefined {
  return (
    [...accounts.list, ...rememberedOf(accounts)].find((account) => account.label === label) ??
    accounts.peek(id)?.account ??
    accounts.whoWas(id)
  );
}
