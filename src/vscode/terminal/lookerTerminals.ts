import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { Disposable } from '../../base/emitter';
import type { Log } from '../../base/log';
import type { Secrets } from '../../accounts/store/secrets';
import { Broker } from '../../broker/broker';
import type { Address } from '../../broker/environment';
import type { Connections } from '../settings/connections';
import { mintingOf } from './accountMinting';
import { OpenBrokers } from './openBrokers';
import { clientIdIn } from './terminalClient';
import { TerminalConsents } from './terminalConsents';

/** How long VS Code may take to show a terminal that it has requested. */
const OPENED_WITHIN_MS = 60_000;

/** The brokers of this window's terminals. Each ends with its terminal, its account, or the window. */
export class LookerTerminals {
  private readonly consents: TerminalConsents;
  private readonly brokers: OpenBrokers;
  private readonly subscriptions: readonly Disposable[];

  constructor(
    private readonly accounts: Accounts,
    private readonly connections: Pick<Connections, 'stream' | 'clock'>,
    secrets: Secrets,
    private readonly log: Log,
  ) {
    this.consents = new TerminalConsents(secrets, log);
    this.brokers = new OpenBrokers(accounts, log);
    this.subscriptions = [
      vscode.window.onDidCloseTerminal((terminal) => {
        this.brokers.end(({ clientId }) => clientId === clientIdIn(terminal));
      }),
      accounts.onDidChange(({ removed }) => {
        const ids = new Set(removed.map(({ id }) => id));
        for (const id of ids) this.consents.forget(id);
        this.brokers.end(({ accountId }) => ids.has(accountId));
      }),
    ];
  }

  /**
   * Whether a terminal opens as the account without asking: the user doesn't want to be asked, or another terminal of
   * the account is open, since any extension can read the environment of that one.
   */
  async isAgreed({ id }: Account): Promise<boolean> {
    return this.brokers.hasFor(id) || this.consents.isGiven(id);
  }

  /** The user doesn't want to be asked again before a terminal opens as the account. */
  async agree({ id }: Account): Promise<void> {
    await this.consents.give(id);
  }

  /**
   * Opens a broker for a terminal that will be opened with {@link Address.clientId} in its environment.
   * @throws LoggedOutError if the account or the window is gone by then
   */
  async openBroker(account: Account): Promise<Address> {
    const { baseUrl, apiVersion } = account;
    const instance = this.connections.stream(baseUrl);
    const opening = Broker.open({
      instance,
      minting: mintingOf(this.accounts, account),
      apiVersion,
      steady: () => this.connections.clock.steady(),
      log: this.log,
    });
    const { address } = await this.brokers.add(account, opening);
    const { clientId } = address;
    setTimeout(() => {
      if (!vscode.window.terminals.some((terminal) => clientIdIn(terminal) === clientId)) {
        this.brokers.end((one) => one.clientId === clientId);
      }
    }, OPENED_WITHIN_MS).unref();
    return address;
  }

  /** Ends all brokers and their terminals, since another program may get their ports. */
  async close(): Promise<void> {
    for (const subscription of this.subscriptions) subscription.dispose();
    const ended = vscode.window.terminals.filter((one) => this.brokers.has(clientIdIn(one)));
    const closing = this.brokers.close();
    for (const terminal of ended) terminal.dispose();
    await closing;
  }
}
