import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { LoggedOutError } from '../../accounts/errors';
import type { Log } from '../../base/log';
import type { Broker } from '../../broker/broker';

/** The part of a broker that is used here. */
type OneBroker = Pick<Broker, 'address' | 'close'>;

interface Entry {
  readonly clientId: string;
  readonly accountId: string;
}

/** Open brokers, and those that are closing. */
export class OpenBrokers {
  /** By the client ID in the terminal's environment. */
  private readonly open = new Map<string, Entry & { readonly broker: OneBroker }>();
  private readonly closing = new Set<Promise<void>>();
  private isClosed = false;

  constructor(
    private readonly accounts: Pick<Accounts, 'peek'>,
    private readonly log: Pick<Log, 'info'>,
  ) {}

  has(clientId: string | undefined): boolean {
    return clientId !== undefined && this.open.has(clientId);
  }

  /** Whether the account has a terminal. */
  hasFor(accountId: string): boolean {
    return [...this.open.values()].some((entry) => entry.accountId === accountId);
  }

  /** @throws LoggedOutError if the account or the window is gone by the time the broker is open */
  async add<B extends OneBroker>({ id, label }: Account, opening: Promise<B>): Promise<B> {
    const broker = await opening;
    if (this.isClosed || !this.accounts.peek(id)) {
      await broker.close();
      throw new LoggedOutError(label);
    }
    const { clientId, port } = broker.address;
    this.open.set(clientId, { clientId, accountId: id, broker });
    this.log.info(`Terminal ${port}: opened as ${label}.`);
    return broker;
  }

  /** Starts to close all matching brokers before anything else. Never fails. */
  end(isIt: (entry: Entry) => boolean): void {
    const ended = [...this.open.values()].filter(isIt);
    for (const { clientId, broker } of ended) {
      this.open.delete(clientId);
      const closing = broker.close().finally(() => {
        this.closing.delete(closing);
      });
      this.closing.add(closing);
    }
    for (const { broker } of ended) {
      try {
        this.log.info(`Terminal ${broker.address.port}: closed.`);
      } catch {
        // VS Code closes its log first.
      }
    }
  }

  /** Closes all brokers, including those added later. Resolves once they are closed. Never fails. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.end(() => true);
    await Promise.allSettled(this.closing);
  }
}
