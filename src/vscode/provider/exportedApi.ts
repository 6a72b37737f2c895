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
import { Emitter, type Disposable } from '../../accounts/emitter';
import type { Log } from '../../accounts/log';
import { ExpectedError } from '../../looker/errors/expectedError';
import type { HandedOut } from './issuedSessions';

/** Asked with something that is no session of ours, or with one whose token was replaced a while ago. */
class UnknownSessionError extends ExpectedError {
  override readonly name = 'UnknownSessionError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  constructor() {
    super(
      'Looker Auth has not handed out this session in this window, or its token was replaced. Ask vscode.authentication for it.',
    );
  }
}

/** Version 1. Whoever asks shows a session that counts ({@link HandedOut}); without one they learn nothing. */
export class ExportedApi {
  private accounts: Accounts | undefined;
  private readonly changes = new Emitter<SessionChange>();
  /** Accounts whose token is being replaced because somebody reported it. */
  private readonly replacing = new Set<string>();
  /** Accounts that Looker does not renew. */
  private refused: ReadonlySet<string> = new Set();

  constructor(
    private readonly handedOut: HandedOut,
    private readonly log: Log,
  ) {}

  use(accounts: Accounts): void {
    this.accounts = accounts;
    this.handedOut.watch(accounts);
    accounts.onDidChange((change) => {
      this.tell(accounts, change);
    });
  }

  details(session: vscode.AuthenticationSession): ReturnType<LookerAuthApi['details']> {
    const id = this.handedOut.idOf(session);
    const current = id === undefined ? undefined : this.accounts?.peek(id);
    if (!this.accounts || !current) return undefined;
    const { baseUrl, apiVersion, user, sudo } = current.account;
    return {
      baseUrl,
      apiVersion,
      apiUrl: `${baseUrl}/api/${apiVersion}`,
      user: personOf(user),
      ...(sudo && { sudo: { admin: personOf(sudo.admin) } }),
      expiresAt: Date.now() + this.accounts.timeLeft(current),
    };
  }

  async reportRejected(session: vscode.AuthenticationSession): Promise<void> {
    const id = this.handedOut.idOf(session);
    if (!this.accounts || id === undefined) throw new UnknownSessionError();
    this.replacing.add(id);
    try {
      await this.accounts.replaceRejected(id, session.accessToken);
    } finally {
      this.replacing.delete(id);
    }
  }

  onDidChangeSession(
    session: vscode.AuthenticationSession,
    listener: (change: SessionChange) => void,
  ): Disposable {
    // As it was shown: nobody else can make it another one afterwards.
    const shown = { ...session };
    const id = this.handedOut.idOf(shown);
    if (id === undefined) throw new UnknownSessionError();
    const subscription = this.changes.event((change) => {
      if (change.sessionId !== id) return;
      // Whoever still has the user's consent subscribes anew, with the session that VS Code gives them.
      if (this.handedOut.idOf(shown) === undefined) {
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

  private tell(accounts: Accounts, { removed, renewed }: AccountsChange): void {
    const say = (sessionId: string, reason: SessionChangeReason) => {
      this.changes.fire({ sessionId, reason });
    };
    for (const { id } of removed) say(id, 'loggedOut');
    for (const { id } of renewed) say(id, this.replacing.has(id) ? 'replaced' : 'renewed');
    const refused = accounts.all().filter(({ failure }) => needsLogin(failure));
    const before = this.refused;
    this.refused = new Set(refused.map(({ account }) => account.id));
    for (const id of this.refused) if (!before.has(id)) say(id, 'refused');
  }
}

function personOf({ id, name, email }: AccountUser): LookerPerson {
  return { id, name, ...(email !== undefined && { email }) };
}
