import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import type { LookerSession } from '../../packages/looker-auth-api/index';
import type { Account } from '../accounts/account';
import type { Accounts } from '../accounts/accounts';
import { Emitter } from '../accounts/emitter';
import type { Session } from '../accounts/session';
import { scopesOf } from './scopes';

/** Whoever holds a session that is not among the last so many asks VS Code for it again. */
const MOST_REMEMBERED = 1000;

/** The sessions handed out in this window, so that one can be told from a forged one later. */
export class HandedOut {
  /** Ids of accounts by the hashes of their tokens, the one handed out longest ago first. */
  private readonly ids = new Map<string, string>();
  private readonly sharing = new Emitter<void>();
  /** Fires when an extension has asked for a session, and there was one for it. */
  readonly onDidShare = this.sharing.event;

  /** The account's session for an extension that has asked for it. @param scopes the ones asked for */
  share(accounts: Accounts, session: Session, scopes: readonly string[]): LookerSession {
    const shared = this.handOut(accounts, session, scopes);
    this.sharing.fire();
    return shared;
  }

  /** The account's session as other extensions get it. @param scopes the ones asked for, else its own */
  handOut(
    accounts: Pick<Accounts, 'timeLeft'>,
    session: Session,
    scopes: readonly string[] = scopesOf(session.account),
  ): LookerSession {
    const { account, token } = session;
    const { id, label, baseUrl, apiVersion, user, sudo } = account;
    const hash = hashOf(token.value);
    // One that is there already would keep its place.
    this.ids.delete(hash);
    this.ids.set(hash, id);
    const [oldest] = this.ids.keys();
    if (oldest !== undefined && this.ids.size > MOST_REMEMBERED) this.ids.delete(oldest);
    return {
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
    };
  }

  /** @returns the account's id, where somebody holds this very session; its token may have expired since */
  idOf(session: unknown): string | undefined {
    const { id, accessToken } = (session ?? {}) as { id?: unknown; accessToken?: unknown };
    if (typeof accessToken !== 'string') return undefined;
    const handedOut = this.ids.get(hashOf(accessToken));
    return handedOut === id ? handedOut : undefined;
  }
}

/** VS Code identifies a session that ended by its id; its token is not told once more. */
export function goneSession(account: Account): vscode.AuthenticationSession {
  const { id, label } = account;
  return { id, accessToken: '', account: { id, label }, scopes: scopesOf(account) };
}

/** Tokens that are over need not stay in memory to be known again. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
