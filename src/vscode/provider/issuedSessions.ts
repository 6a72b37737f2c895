import type * as vscode from 'vscode';
import type { LookerSession } from '../../../packages/looker-auth-api/index';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { Emitter, type Disposable } from '../../base/emitter';
import type { Log } from '../../base/log';
import type { Session } from '../../accounts/session';
import { inertText } from '../../looker/inert';
import { sha256 } from '../../base/sha256';
import type { Workspace } from '../../looker/workspace';
import { scopesOf } from './scopes';

/** Number of sessions to remember. Extensions with an older one request it from VS Code again. */
const MOST_REMEMBERED = 1000;

/**
 * How long a session counts after its token was replaced. VS Code doesn't tell providers when the user withdraws
 * consent, so extensions must show a session that they got recently.
 */
const GRACE_MS = 60_000;

/** Number of scopes to write to the log, so that it stays readable. */
const MOST_LOGGED = 5;

/** The account and workspace of a session. */
export interface SessionOwner {
  readonly accountId: string;
  readonly workspace: Workspace;
}

/** What is remembered about an issued token. */
interface IssuedToken extends SessionOwner {
  /** When it was no longer the account's current token, by `now`. */
  readonly overSince: number | undefined;
}

/** The sessions issued in this window, so that forged and outdated ones can be recognized. */
export class IssuedSessions {
  /** By the hash of their token, which is enough to recognize it, the one issued first at the front. */
  private readonly issued = new Map<string, IssuedToken>();
  private readonly sharing = new Emitter<void>();
  /** Fires when an extension has requested a session and got one. */
  readonly onDidShare = this.sharing.event;

  /** Accounts with a session that extensions have got in this window. */
  private readonly shared = new Set<string>();

  /** @param now steady time in ms */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly log?: Pick<Log, 'info'>,
  ) {}

  /** Starts to track which tokens are replaced, or lose their account. */
  watch(accounts: Pick<Accounts, 'peek' | 'onDidChange'>): Disposable {
    return accounts.onDidChange(({ removed, renewed, renewedForDev }) => {
      for (const { id } of [...removed, ...renewed, ...renewedForDev])
        this.updateCurrent(id, accounts);
    });
  }

  /**
   * The account's session for an extension that has requested it.
   * @param scopes the requested scopes
   * @param workspace where its token works
   */
  share(
    accounts: Accounts,
    session: Session,
    scopes: readonly string[],
    workspace: Workspace = 'production',
  ): LookerSession {
    const shared = this.toSession(accounts, session, workspace, scopes);
    // The token may have been replaced in the meantime.
    this.updateCurrent(session.account.id, accounts);
    this.logFirst(session.account, scopes);
    this.sharing.fire();
    return shared;
  }

  /**
   * The account's session in VS Code's form.
   * @param workspace where its token works
   * @param scopes the requested scopes; by default, its own
   */
  toSession(
    accounts: Pick<Accounts, 'timeLeft'>,
    session: Session,
    workspace: Workspace = 'production',
    scopes: readonly string[] = scopesOf(session.account, workspace),
  ): LookerSession {
    const { account, token } = session;
    const { id, label, baseUrl, apiVersion, user, sudo } = account;
    const hash = sha256(token.value);
    const overSince = this.issued.get(hash)?.overSince;
    // An existing entry would keep its place.
    this.issued.delete(hash);
    this.issued.set(hash, { accountId: id, workspace, overSince });
    const [oldest] = this.issued.keys();
    if (oldest !== undefined && this.issued.size > MOST_REMEMBERED) this.issued.delete(oldest);
    return {
      id: sessionId(id, workspace),
      accessToken: token.value,
      account: { id, label },
      scopes: [...scopes],
      expiresAt: Date.now() + accounts.timeLeft(session),
      looker: {
        baseUrl,
        apiVersion,
        userId: user.id,
        ...(sudo && { sudo: { adminUserId: sudo.admin.id } }),
        workspace,
      },
    };
  }

  /**
   * @returns the owner of the session, if it is exactly one that was issued and its token is current, or was a minute
   *   ago; it may have expired since
   */
  ownerOf(session: unknown): SessionOwner | undefined {
    const { id, accessToken } = (session ?? {}) as { id?: unknown; accessToken?: unknown };
    if (typeof accessToken !== 'string') return undefined;
    const token = this.issued.get(sha256(accessToken));
    if (!token || sessionId(token.accountId, token.workspace) !== id) return undefined;
    const { accountId, workspace, overSince = Infinity } = token;
    return this.now() - overSince < GRACE_MS ? { accountId, workspace } : undefined;
  }

  /** Lets the user see in the log who uses an account: see SECURITY.md. */
  private logFirst({ id, label }: Account, scopes: readonly string[]): void {
    if (this.shared.has(id)) return;
    this.shared.add(id);
    const shown = scopes.slice(0, MOST_LOGGED).map((scope) => inertText(scope));
    this.log?.info(
      `An extension asked VS Code for a session of ${label} with the scopes ${JSON.stringify(shown)}.`,
    );
  }

  /** Updates which of the account's tokens are current. */
  private updateCurrent(id: string, accounts: Pick<Accounts, 'peek'>): void {
    for (const [hash, token] of this.issued) {
      if (token.accountId !== id) continue;
      const current = accounts.peek(id, token.workspace);
      const isCurrent = current !== undefined && hash === sha256(current.token.value);
      const overSince = isCurrent ? undefined : (token.overSince ?? this.now());
      this.issued.set(hash, { ...token, overSince });
    }
  }
}

/**
 * ID of an account's session. A session for Development Mode has another ID, so that changes to one don't affect the
 * other.
 */
export function sessionId(accountId: string, workspace: Workspace): string {
  return workspace === 'production' ? accountId : `${accountId} ${workspace}`;
}

/** The account ID in a session ID. Account IDs contain no blanks. */
export function accountIdIn(sessionId: string): string {
  return sessionId.replace(/ .*/s, '');
}

/** A removed session, without its token: VS Code identifies it by its ID. */
export function removedSession(account: Account): vscode.AuthenticationSession {
  const { id, label } = account;
  return { id, accessToken: '', account: { id, label }, scopes: scopesOf(account) };
}
