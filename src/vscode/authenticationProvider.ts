import * as vscode from 'vscode';
import type { Account } from '../accounts/account';
import type { AccountsChange } from '../accounts/accountBook';
import type { Accounts } from '../accounts/accounts';
import { needsLogin } from '../accounts/errors';
import type { Session } from '../accounts/renewals';
import type { ApiVersion } from '../looker/apiVersion';
import { parseScopes, satisfies, scopesOf, type Wanted } from './scopes';

/** A session as other extensions get it; the fields beyond VS Code's own reach them unchanged. */
export interface LookerSession extends vscode.AuthenticationSession {
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly looker: {
    readonly baseUrl: string;
    readonly apiVersion: ApiVersion;
    readonly userId: string;
    readonly sudo?: { readonly adminUserId: string };
  };
}

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

  /** Changes held back while a log-in for another extension runs; they get the scopes it asked for. */
  private heldBack: AccountsChange[] | undefined;

  constructor(
    private readonly opening: Promise<Accounts>,
    private readonly prompt: LoginPrompt,
  ) {
    void opening.then((accounts) =>
      accounts.onDidChange((change) => {
        if (this.heldBack) this.heldBack.push(change);
        else this.announce(accounts, change);
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
      return fitting.flatMap((account) => toSession(accounts.peek(account.id), scopesOf(account)));
    }
    const outcomes = await Promise.allSettled(fitting.map(({ id }) => accounts.session(id)));
    const sessions = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? toSession(outcome.value, scopes) : [],
    );
    const failure = outcomes.find(
      (outcome): outcome is PromiseRejectedResult =>
        outcome.status === 'rejected' && !needsLogin(outcome.reason),
    );
    // Offering to log in would be wrong where only the network is away.
    if (sessions.length === 0 && failure) throw failure.reason;
    return sessions;
  }

  /** Asks the user to log in. @throws CancelledError; UnknownScopeError */
  async createSession(scopes: readonly string[]): Promise<LookerSession> {
    const accounts = await this.opening;
    const wanted = parseScopes(scopes);
    this.heldBack = [];
    try {
      const account = await this.prompt(wanted);
      const [session] = toSession(await accounts.session(account.id), scopes);
      if (!session || !satisfies(account, wanted)) {
        throw new Error(`${account.label} is not what was asked for: ${scopes.join(' ')}.`);
      }
      this.release(accounts, session);
      return session;
    } finally {
      this.release(accounts);
    }
  }

  /** VS Code's own "Sign Out". Never fails because of Looker. */
  async removeSession(sessionId: string): Promise<void> {
    const accounts = await this.opening;
    await accounts.logout([sessionId]);
  }

  /** Announces what was held back, the new session with exactly the scopes it was asked for with. */
  private release(accounts: Accounts, created?: LookerSession): void {
    const held = this.heldBack ?? [];
    this.heldBack = undefined;
    for (const change of held) this.announce(accounts, change, created);
  }

  private announce(accounts: Accounts, change: AccountsChange, created?: LookerSession): void {
    const { added, removed, renewed } = change;
    if (added.length + removed.length + renewed.length === 0) return;
    const current = ({ id }: Account) => {
      if (id === created?.id) return [created];
      const session = accounts.peek(id);
      return toSession(session, session ? scopesOf(session.account) : []);
    };
    this.changes.fire({
      added: added.flatMap(current),
      removed: removed.map(goneSession),
      changed: renewed.flatMap(current),
    });
  }
}

function toSession(session: Session | undefined, scopes: readonly string[]): LookerSession[] {
  if (!session) return [];
  const { account, token } = session;
  const { id, label, baseUrl, apiVersion, user, sudo } = account;
  return [
    {
      id,
      accessToken: token.value,
      account: { id, label },
      scopes: [...scopes],
      expiresAt: token.expiresAt,
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
