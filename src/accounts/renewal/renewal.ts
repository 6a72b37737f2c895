import type { Workspace } from '../../looker/workspace';
import type { Account } from '../account';
import type { AccountRenewal } from '../browserLogin/browserLogins';
import type { Grant, TokenRequest } from '../credentials/credential';
import { nextToken, type StoredCredential } from '../credentials/storedCredential';
import type { AccountBook } from '../memory/accountBook';
import type { LiveAccount } from '../memory/liveAccount';
import type { Session } from '../session';
import { sessionOf, type AccountRecord } from '../store/accountRecord';
import type { Grants } from './grants';
import { throwIfBlocked, type CurrentPlans } from './currentPlans';

/** What one renewal is for. */
export interface RenewalTask {
  readonly id: string;
  readonly workspace: Workspace;
  /** See {@link Reason.byHand}. */
  readonly byHand: boolean;
}

/** One renewal of an account's token, in steps. The caller decides when to take each one. */
export class Renewal implements AccountRenewal {
  readonly preparation: AccountRenewal['preparation'];
  private latest: LiveAccount;
  private readonly label: string;

  /** @throws LoggedOutError; UnreadableAccountError */
  constructor(
    private readonly task: RenewalTask,
    private readonly book: AccountBook,
    private readonly plans: CurrentPlans,
    private readonly grants: Grants,
    private readonly requestFor: (account: Account) => TokenRequest,
  ) {
    this.latest = plans.liveOf(task.id);
    this.label = this.latest.record.account.label;
    this.preparation =
      task.workspace === 'dev' ? grants.preparationForDev(() => this.latest) : undefined;
  }

  /** The account as last read. */
  get live(): LiveAccount {
    return this.latest;
  }

  get record(): AccountRecord {
    return this.latest.record;
  }

  async read(): Promise<Session | undefined> {
    const { id, workspace, byHand } = this.task;
    await this.book.reload(id);
    this.latest = this.plans.liveOf(id, this.label);
    const plan = this.plans.planOf(this.latest, workspace);
    const stored = sessionOf(this.record, workspace);
    const isDue = plan.dueIn <= 0;
    if (stored && !isDue && (!byHand || this.plans.wasJustRenewed(this.latest, workspace)))
      return stored;
    // Another window may have been refused in the meantime.
    if (!byHand) throwIfBlocked(this.record.account, plan);
    return undefined;
  }

  requestGrant(): Promise<Grant<StoredCredential>> {
    return nextToken(this.record.credential, this.requestFor(this.record.account));
  }

  save(grant: Grant<StoredCredential>): Promise<Session> {
    return this.grants.save(this.latest, this.task.workspace, grant, this.task.byHand);
  }
}
