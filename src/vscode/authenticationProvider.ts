import * as l10n from '@vscode/l10n';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { LookerSession } from '../../packages/looker-auth-api/index';
import type { Account } from '../accounts/account';
import type { AccountsChange } from '../accounts/accountBook';
import type { Accounts } from '../accounts/accounts';
import { needsLogin } from '../accounts/errors';
import type { Unrevoked } from '../accounts/logouts';
import type { Session } from '../accounts/session';
import { hostOf } from '../looker/host';
import { LoginRequests, type LoginPrompt } from './loginRequests';
import { OtherAccountError, parseScopes, satisfies, scopesOf } from './scopes';
import { goneSession, type HandedOut } from './sessions';

/** How long an account whose instance does not answer may hold up the others of whoever asks. */
const PATIENCE_MS = 5000;

/** How long anybody is let wait at all: VS Code does one thing with all sessions after the other. */
const LONGEST_WAIT_MS = 10_000;

/** A token is on its way, but the instance takes its time. */
class NoAnswerYetError extends Error {
  override readonly name = 'NoAnswerYetError';
  constructor(hosts: readonly string[]) {
    super(
      l10n.t(
        '{0} has not answered within {1} s. Looker Auth goes on waiting: ask again in a moment.',
        hosts.join(', '),
        LONGEST_WAIT_MS / 1000,
      ),
    );
  }
}

/**
 * Looker's sessions for `vscode.authentication`: one per account. Shows nothing by itself and never
 * calls `vscode.authentication`, which would wait for itself.
 */
export class LookerAuthenticationProvider
  implements vscode.AuthenticationProvider, vscode.Disposable
{
  private readonly changes =
    new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly onDidChangeSessions = this.changes.event;

  private readonly requests: Promise<LoginRequests>;
  /** How many extensions wait for a log-in. */
  private waiting = 0;
  /** Accounts added meanwhile, by id: the one that an extension gets has the scopes it asked for. */
  private readonly heldBack = new Map<string, Account>();

  constructor(
    private readonly opening: Promise<Accounts>,
    prompt: LoginPrompt,
    private readonly handedOut: HandedOut,
    private readonly sayUnrevoked: (unrevoked: readonly Unrevoked[]) => void,
  ) {
    this.requests = opening.then((accounts) => new LoginRequests(accounts, prompt));
    void opening.then((accounts) =>
      accounts.onDidChange((change) => {
        if (this.waiting > 0)
          for (const account of change.added) this.heldBack.set(account.id, account);
        this.announce(accounts, this.waiting > 0 ? { ...change, added: [] } : change);
      }),
    );
  }

  dispose(): void {
    this.changes.dispose();
  }

  /**
   * Without scopes VS Code only wants to know who is logged in: answered at once, from memory. With
   * scopes, every session has a good token; accounts that need a log-in first are left out.
   * @throws UnknownScopeError; the reason where there is an account, but no good token to be had, or where the secret
   *   storage does not tell who is logged in
   */
  async getSessions(
    scopes: readonly string[] | undefined,
    options: vscode.AuthenticationProviderSessionOptions = {},
  ): Promise<LookerSession[]> {
    const accounts = await this.opening;
    const wanted = parseScopes(scopes ?? []);
    const fitting = accounts.list
      .filter((account) => satisfies(account, wanted))
      .filter(({ label }) => !options.account || options.account.label === label);
    if (!scopes) return fitting.flatMap((account) => this.current(accounts, account));
    if (fitting.length === 0 && accounts.readFailure) throw accounts.readFailure;
    const { sessions, failures } = await settle(fitting.map(({ id }) => accounts.session(id)));
    const passing = failures.find((failure) => !needsLogin(failure));
    // Offering to log in would be wrong where only the network is away.
    if (sessions.length === 0 && passing) throw passing;
    if (sessions.length === 0 && failures.length < fitting.length) {
      throw new NoAnswerYetError([...new Set(fitting.map(({ baseUrl }) => hostOf(baseUrl)))]);
    }
    return sessions.map((session) => this.handedOut.share(accounts, session, scopes));
  }

  /**
   * Asks the user to log in, and announces the session with exactly these scopes.
   * @throws CancelledError; UnknownScopeError; NoAnswerError; OtherAccountError where the user logs in as somebody else
   */
  async createSession(
    scopes: readonly string[],
    options: vscode.AuthenticationProviderSessionOptions = {},
  ): Promise<LookerSession> {
    const accounts = await this.opening;
    const asked = options.account && accounts.peek(options.account.id)?.account;
    const wanted = parseScopes([...(asked ? scopesOf(asked) : []), ...scopes]);
    this.waiting++;
    let created: LookerSession | undefined;
    try {
      const account = await (await this.requests).ask(wanted);
      if (!satisfies(account, wanted)) throw new OtherAccountError(account, scopes);
      const session = await accounts.session(account.id);
      created = this.handedOut.share(accounts, session, scopes);
      return created;
    } finally {
      this.waiting--;
      if (created) this.heldBack.delete(created.id);
      const added = this.waiting === 0 ? [...this.heldBack.values()] : [];
      if (this.waiting === 0) this.heldBack.clear();
      this.announce(accounts, { added, removed: [], renewed: [] }, created);
    }
  }

  /** VS Code's own "Sign Out". Never fails because of Looker; what it could not be told in time is said. */
  async removeSession(sessionId: string): Promise<void> {
    const accounts = await this.opening;
    const patience = AbortSignal.timeout(LONGEST_WAIT_MS);
    this.sayUnrevoked(await accounts.logout([sessionId], patience));
  }

  private announce(accounts: Accounts, change: AccountsChange, created?: LookerSession): void {
    const current = (account: Account) => this.current(accounts, account);
    const added = [...(created ? [created] : []), ...change.added.flatMap(current)];
    const removed = change.removed.map(goneSession);
    const changed = change.renewed.flatMap(current);
    if (added.length + removed.length + changed.length === 0) return;
    this.changes.fire({ added, removed, changed });
  }

  /** The account's session with the token it has, good or not; none where it is gone. */
  private current(accounts: Accounts, { id }: Account): LookerSession[] {
    const session = accounts.peek(id);
    return session ? [this.handedOut.handOut(accounts, session)] : [];
  }
}

/**
 * Waits for all sessions, but not for long once there is one, and not for ever where there is none.
 * @returns what came, in the order it was asked for
 */
async function settle(
  asked: readonly Promise<Session>[],
): Promise<{ sessions: readonly Session[]; failures: readonly Error[] }> {
  const outcomes = new Map<Promise<Session>, Session | Error>();
  const all = Promise.all(
    asked.map((session) =>
      session.then(
        (value) => outcomes.set(session, value),
        (error: unknown) => outcomes.set(session, error as Error),
      ),
    ),
  );
  const patience = new AbortController();
  const { signal } = patience;
  const enough = Promise.any(asked).then(
    () => wait(PATIENCE_MS, undefined, { signal }).catch(() => undefined),
    () => all,
  );
  const tooLong = wait(LONGEST_WAIT_MS, undefined, { signal }).catch(() => undefined);
  await Promise.race([all, enough, tooLong]);
  patience.abort();
  const inOrder = asked.flatMap((session) => outcomes.get(session) ?? []);
  return {
    sessions: inOrder.flatMap((outcome) => (outcome instanceof Error ? [] : outcome)),
    failures: inOrder.flatMap((outcome) => (outcome instanceof Error ? outcome : [])),
  };
}
