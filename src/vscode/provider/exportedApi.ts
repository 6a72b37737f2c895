import type * as vscode from 'vscode';
import type {
  LookerAuthApi,
  LookerPerson,
  SessionChange,
  SessionChangeReason,
} from '../../../packages/looker-auth-api/index';
import type { AccountUser } from '../../accounts/account';
import type { AccountsChange } from '../../accounts/memory/announcements';
import type { Accounts } from '../../accounts/accounts';
import { needsLogin } from '../../accounts/errors';
import { Emitter, type Disposable } from '../../base/emitter';
import type { Log } from '../../base/log';
import { ExpectedError } from '../../looker/errors/expectedError';
import { WORKSPACES } from '../../looker/workspace';
import { sessionId, type IssuedSessions } from './issuedSessions';

/** The session isn't from Looker Auth, or its token was replaced a while ago. */
class UnknownSessionError extends ExpectedError {
  override readonly name = 'UnknownSessionError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  constructor() {
    super(
      "Looker Auth didn't provide this session in this window, or replaced its token. Get it from vscode.authentication again.",
    );
  }
}

/** Version 1 of the API. Callers show a current session ({@link IssuedSessions}), and learn nothing without one. */
export class ExportedApi {
  private accounts: Accounts | undefined;
  private readonly changes = new Emitter<SessionChange>();
  /** IDs of sessions with a token that was reported as rejected and is being replaced. */
  private readonly replacing = new Set<string>();
  /** Accounts that Looker refuses to renew. */
  private refused: ReadonlySet<string> = new Set();

  constructor(
    private readonly issued: IssuedSessions,
    private readonly log: Log,
  ) {}

  use(accounts: Accounts): void {
    this.accounts = accounts;
    this.issued.watch(accounts);
    accounts.onDidChange((change) => {
      this.announce(accounts, change);
    });
  }

  details(session: vscode.AuthenticationSession): ReturnType<LookerAuthApi['details']> {
    const owner = this.issued.ownerOf(session);
    const current = owner && this.accounts?.peek(owner.accountId, owner.workspace);
    if (!this.accounts || !current) return undefined;
    const { baseUrl, apiVersion, user, sudo } = current.account;
    return {
      baseUrl,
      apiVersion,
      apiUrl: `${baseUrl}/api/${apiVersion}`,
      user: personOf(user),
      ...(sudo && { sudo: { admin: personOf(sudo.admin) } }),
      workspace: owner.workspace,
      expiresAt: Date.now() + this.accounts.timeLeft(current),
    };
  }

  async reportRejected(session: vscode.AuthenticationSession): Promise<void> {
    // A copy: what another extension passes may be something else the next time it is read.
    const passed = { ...session };
    const owner = this.issued.ownerOf(passed);
    if (!this.accounts || !owner) throw new UnknownSessionError();
    this.replacing.add(passed.id);
    try {
      await this.accounts.replaceRejected(owner.accountId, passed.accessToken);
    } finally {
      this.replacing.delete(passed.id);
    }
  }

  onDidChangeSession(
    session: vscode.AuthenticationSession,
    listener: (change: SessionChange) => void,
  ): Disposable {
    // A copy, so that the caller can't change it afterwards.
    const shown = { ...session };
    if (!this.issued.ownerOf(shown)) throw new UnknownSessionError();
    const subscription = this.changes.event((change) => {
      if (change.sessionId !== shown.id) return;
      // Extensions that still have the user's consent subscribe again, with the session that VS Code gives them.
      if (!this.issued.ownerOf(shown)) {
        subscription.dispose();
        return;
      }
      try {
        listener(change);
      } catch (error) {
        this.log.warn(`A listener of another extension failed: ${String(error)}`);
      }
    });
    return subscription;
  }

  private announce(accounts: Accounts, change: AccountsChange): void {
    const fire = (sessionId: string, reason: SessionChangeReason) => {
      this.changes.fire({ sessionId, reason });
    };
    const fireForAll = (accountId: string, reason: SessionChangeReason) => {
      for (const workspace of WORKSPACES) fire(sessionId(accountId, workspace), reason);
    };
    const fireRenewed = (id: string) => {
      fire(id, this.replacing.has(id) ? 'replaced' : 'renewed');
    };
    for (const { id } of change.removed) fireForAll(id, 'loggedOut');
    for (const { id } of change.renewed) fireRenewed(sessionId(id, 'production'));
    for (const { id } of change.renewedForDev) fireRenewed(sessionId(id, 'dev'));
    const refused = accounts.statuses().filter(({ failure }) => needsLogin(failure));
    const before = this.refused;
    this.refused = new Set(refused.map(({ account }) => account.id));
    for (const id of this.refused) if (!before.has(id)) fireForAll(id, 'refused');
  }
}

function personOf({ id, name, email }: AccountUser): LookerPerson {
  return { id, name, ...(email !== undefined && { email }) };
}
