import * as vscode from 'vscode';
import type { LookerSession } from '../../packages/looker-auth-api';
import type { Account } from '../accounts/account';
import type { AccountsChange } from '../accounts/accountBook';
import type { Accounts, Unrevoked } from '../accounts/accounts';
import { needsLogin } from '../accounts/errors';
import { inTime } from '../accounts/inTime';
import type { Session } from '../accounts/session';
import { parseScopes, satisfies, scopesOf, type Wanted } from './scopes';

/** Asks the user to log in as an account that fits. @throws CancelledError */
export type LoginPrompt = (wanted: Wanted) => Promise<Account>;

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

  /** Accounts added while a log-in for another extension runs: the one it gets has the scopes it asked for. */
  private heldBack: Account[] | undefined;

  constructor(
    private readonly opening: Promise<Accounts>,
    private readonly prompt: LoginPrompt,
    private readonly sayUnrevoked: (unrevoked: readonly Unrevoked[]) => void,
  ) {
    void opening.then((accounts) =>
      accounts.onDidChange((change) => {
        this.heldBack?.push(...change.added);
        this.announce(accounts, this.heldBack ? { ...change, added: [] } : change);
      }),
    );
  }

  dispose(): void {
    this.changes.dispose();
  }

  /**
   * Without scopes VS Code only wants to know who is logged in: answered at once, from memory. With
   * scopes, every session has a good token; accounts that need a log-in first are left out.
   * @throws UnknownScopeError; the reason where there is an account, but no good token to be had
   */
  async getSessions(
    scopes: readonly string[] | undefined,
    options: vscode.AuthenticationProviderSessionOptions = {},
  ): Promise<LookerSession[]> {
    const accounts = await this.opening;
    const wanted = parseScopes(scopes ?? []);
    const fitting = accounts
      .all()
      .map(({ account }) => account)
      .filter((account) => satisfies(account, wanted))
      .filter(({ label }) => !options.account || options.account.label === label);
    if (!scopes) {
      return fitting.flatMap((account) =>
        toSession(accounts, accounts.peek(account.id), scopesOf(account)),
      );
    }
    const outcomes = await Promise.allSettled(fitting.map(({ id }) => accounts.session(id)));
    const sessions = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? toSession(accounts, outcome.value, scopes) : [],
    );
    const failure = outcomes.find(
      (outcome): outcome is PromiseRejectedResult =>
        outcome.status === 'rejected' && !needsLogin(outcome.reason),
    );
    // Offering to log in would be wrong where only the network is away.
    if (sessions.length === 0 && failure) throw failure.reason;
    return sessions;
  }

  /**
   * Asks the user to log in, and announces the session with exactly these scopes.
   * @throws CancelledError; UnknownScopeError; NoAnswerError when the user has walked away, since VS Code lets
   *   nobody else ask for a session meanwhile
   */
  async createSession(
    scopes: readonly string[],
    options: vscode.AuthenticationProviderSessionOptions = {},
  ): Promise<LookerSession> {
    const accounts = await this.opening;
    const asked = options.account && accounts.peek(options.account.id)?.account;
    const wanted = parseScopes([...(asked ? scopesOf(asked) : []), ...scopes]);
    this.heldBack = [];
    let created: LookerSession | undefined;
    try {
      const account = await inTime(
        this.prompt(wanted),
        LONGEST_LOGIN_MS,
        () => new NoAnswerError(),
      );
      [created] = toSession(accounts, await accounts.session(account.id), scopes);
      if (!created || !satisfies(account, wanted)) {
        throw new Error(`${account.label} is not what was asked for: ${scopes.join(' ')}.`);
      }
      return created;
    } finally {
      const added = this.heldBack.filter(({ id }) => id !== created?.id);
      this.heldBack = undefined;
      this.announce(accounts, { added, removed: [], renewed: [] }, created);
    }
  }

  /** VS Code's own "Sign Out". Never fails because of Looker; what it could not be told is said. */
  async removeSession(sessionId: string): Promise<void> {
    const accounts = await this.opening;
    this.sayUnrevoked(await accounts.logout([sessionId]));
  }

  private announce(accounts: Accounts, change: AccountsChange, created?: LookerSession): void {
    const current = ({ id }: Account) => {
      const session = accounts.peek(id);
      return toSession(accounts, session, session ? scopesOf(session.account) : []);
    };
    const added = [...(created ? [created] : []), ...change.added.flatMap(current)];
    const removed = change.removed.map(goneSession);
    const changed = change.renewed.flatMap(current);
    if (added.length + removed.length + changed.length === 0) return;
    this.changes.fire({ added, removed, changed });
  }
}

/** How long a log-in may take that another extension waits for. */
const LONGEST_LOGIN_MS = 5 * 60_000;

/** Nobody has answered the prompts for long. They stay open, and an answer still counts as a log-in. */
class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  constructor() {
    super(`Nobody has logged in to Looker within ${LONGEST_LOGIN_MS / 60_000} minutes.`);
  }
}

function toSession(
  accounts: Accounts,
  session: Session | undefined,
  scopes: readonly string[],
): LookerSession[] {
  if (!session) return [];
  const { account, token } = session;
  const { id, label, baseUrl, apiVersion, user, sudo } = account;
  return [
    {
      id,
      accessToken: token.value,
      account: { id, label },
      scopes: [...scopes],
      expiresAt: Date.now() + accounts.timeLeft(session),
      looker: {
        baseUrl,
        apiVersion,
        userId: user.id,
        ...(sudo && { sudo: { adminUserId: sudo.admin.id } }),
      },
    },
  ];
}

/** VS Code identifies a session that ended by its id; its token is not told once more. */
function goneSession(account: Account): vscode.AuthenticationSession {
  const { id, label } = account;
  return { id, accessToken: '', account: { id, label }, scopes: scopesOf(account) };
}
