import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import type { LookerSession } from '../../../packages/looker-auth-api/index';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { Emitter, type Disposable } from '../../accounts/emitter';
import type { Log } from '../../accounts/log';
import type { Session } from '../../accounts/session';
import { inertText } from '../../looker/inert';
import type { Workspace } from '../../looker/workspace';
import { scopesOf } from './scopes';

/** Whoever holds a session that is not among the last so many asks VS Code for it again. */
const MOST_REMEMBERED = 1000;

/**
 * How long a session counts after its token was replaced. VS Code tells no provider when the user withdraws their
 * consent; so whoever wants to learn more shows a session that VS Code has given them lately.
 */
const GRACE_MS = 60_000;

/** Scopes that are written to the log: a user reads it. */
const MOST_LOGGED = 5;

/** Whose session it is, and what its token works in. */
export interface SessionOwner {
  readonly accountId: string;
  readonly workspace: Workspace;
}

/** What is known of a token that was handed out. */
interface Shown extends SessionOwner {
  /** When it stopped being the account's, by `now`. */
  readonly overSince: number | undefined;
}

/** The sessions handed out in this window, so that one can be told from a forged one, or an old one, later. */
export class IssuedSessions {
  /** By the hashes of tokens, the one handed out longest ago first. */
  private readonly shown = new Map<string, Shown>();
  private readonly sharing = new Emitter<void>();
  /** Fires when an extension has asked for a session, and there was one for it. */
  readonly onDidShare = this.sharing.event;

  /** Accounts of which a session was given to extensions in this window. */
  private readonly shared = new Set<string>();

  /** @param now ms since some moment; never set back */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly log?: Pick<Log, 'info'>,
  ) {}

  /** Notices from now on which tokens are replaced, or go with their account. */
  watch(accounts: Pick<Accounts, 'peek' | 'onDidChange'>): Disposable {
    return accounts.onDidChange(({ removed, renewed, renewedForDev }) => {
      for (const { id } of [...removed, ...renewed, ...renewedForDev]) this.judge(id, accounts);
    });
  }

  /**
   * The account's session for an extension that has asked for it.
   * @param scopes the ones asked for
   * @param workspace what its token works in
   */
  share(
    accounts: Accounts,
    session: Session,
    scopes: readonly string[],
    workspace: Workspace = 'production',
  ): LookerSession {
    const shared = this.toSession(accounts, session, workspace, scopes);
    // It may have been replaced while it was on its way.
    this.judge(session.account.id, accounts);
    this.logFirst(session.account, scopes);
    this.sharing.fire();
    return shared;
  }

  /**
   * The account's session as other extensions get it.
   * @param workspace what its token works in
   * @param scopes the ones asked for, else its own
   */
  toSession(
    accounts: Pick<Accounts, 'timeLeft'>,
    session: Session,
    workspace: Workspace = 'production',
    scopes: readonly string[] = scopesOf(session.account, workspace),
  ): LookerSession {
    const { account, token } = session;
    const { id, label, baseUrl, apiVersion, user, sudo } = account;
    const hash = hashOf(token.value);
    const overSince = this.shown.get(hash)?.overSince;
    // One that is there already would keep its place.
    this.shown.delete(hash);
    this.shown.set(hash, { accountId: id, workspace, overSince });
    const [oldest] = this.shown.keys();
    if (oldest !== undefined && this.shown.size > MOST_REMEMBERED) this.shown.delete(oldest);
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
   * @returns whose session it is, where somebody holds this very session, and its token is the account's, or was a minute
   *   ago; it may have expired since
   */
  ownerOf(session: unknown): SessionOwner | undefined {
    const { id, accessToken } = (session ?? {}) as { id?: unknown; accessToken?: unknown };
    if (typeof accessToken !== 'string') return undefined;
    const shown = this.shown.get(hashOf(accessToken));
    if (!shown || sessionId(shown.accountId, shown.workspace) !== id) return undefined;
    const { accountId, workspace, overSince = Infinity } = shown;
    return this.now() - overSince < GRACE_MS ? { accountId, workspace } : undefined;
  }

  /** What a user can see of a consent that was given without them: see SECURITY.md. */
  private logFirst({ id, label }: Account, scopes: readonly string[]): void {
    if (this.shared.has(id)) return;
    this.shared.add(id);
    const shown = scopes.slice(0, MOST_LOGGED).map((scope) => inertText(scope));
    this.log?.info(
      `An extension asked VS Code for a session of ${label} with the scopes ${JSON.stringify(shown)}.`,
    );
  }

  /** Judges anew which of the account's tokens are over. */
  private judge(id: string, accounts: Pick<Accounts, 'peek'>): void {
    for (const [hash, shown] of this.shown) {
      if (shown.accountId !== id) continue;
      const current = accounts.peek(id, shown.workspace);
      const isCurrent = current !== undefined && hash === hashOf(current.token.value);
      const overSince = isCurrent ? undefined : (shown.overSince ?? this.now());
      this.shown.set(hash, { ...shown, overSince });
    }
  }
}

/**
 * Id of an account's session. One in Development Mode has an id of its own, as it is another session: what happens to
 * either does not happen to the other one.
 */
export function sessionId(accountId: string, workspace: Workspace): string {
  return workspace === 'production' ? accountId : `${accountId} ${workspace}`;
}

/** The account whose session has that id. No blank can be in an account's own. */
export function accountIdIn(sessionId: string): string {
  return sessionId.replace(/ .*/s, '');
}

/** VS Code identifies a session that ended by its id; its token is not told once more. */
export function removedSession(account: Account): vscode.AuthenticationSession {
  const { id, label } = account;
  return { id, accessToken: '', account: { id, label }, scopes: scopesOf(account) };
}

/** Tokens that are over need not stay in memory to be known again. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
