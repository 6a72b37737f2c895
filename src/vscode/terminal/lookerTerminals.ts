import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { Disposable } from '../../accounts/emitter';
import type { Log } from '../../accounts/log';
import { Broker } from '../../broker/broker';
import type { Address } from '../../broker/environment';
import type { Connections } from '../settings/connections';
import { mintingOf } from './accountMinting';
import type { TerminalConsents } from './terminalConsents';

/** How long VS Code may take to show a terminal that it has asked for. */
const OPENED_WITHIN_MS = 60_000;

/** The brokers of this window's terminals: each ends with its terminal, its account or the window. */
export class LookerTerminals {
  /** By the client ID that the terminal has in its environment. */
  private readonly open = new Map<
    string,
    { readonly accountId: string; readonly broker: Broker }
  >();
  private readonly closing = new Set<Promise<void>>();
  private readonly subscriptions: readonly Disposable[];

  constructor(
    private readonly accounts: Accounts,
    private readonly trust: Pick<Connections, 'stream' | 'clock'>,
    /** Which accounts they open as without asking. */
    readonly consents: TerminalConsents,
    private readonly log: Log,
  ) {
    this.subscriptions = [
      vscode.window.onDidCloseTerminal((terminal) => {
        this.end(([clientId]) => clientId === clientIdIn(terminal));
      }),
      accounts.onDidChange(({ removed }) => {
        const ids = new Set(removed.map(({ id }) => id));
        for (const id of ids) this.consents.forget(id);
        this.end(([, { accountId }]) => ids.has(accountId));
      }),
    ];
  }

  /** A broker for a terminal that is about to be opened with {@link Address.clientId} in its environment. */
  async begin(account: Account): Promise<Address> {
    const { baseUrl, apiVersion, id, label } = account;
    const instance = this.trust.stream(baseUrl);
    const broker = await Broker.open({
      instance,
      minting: mintingOf(this.accounts, account),
      apiVersion,
      steady: () => this.trust.clock.steady(),
      log: this.log,
    });
    const { clientId, port } = broker.address;
    this.open.set(clientId, { accountId: id, broker });
    this.log.info(`Terminal ${port} is ${label}.`);
    setTimeout(() => {
      if (!vscode.window.terminals.some((terminal) => clientIdIn(terminal) === clientId)) {
        this.end(([one]) => one === clientId);
      }
    }, OPENED_WITHIN_MS).unref();
    return broker.address;
  }

  /** Ends all brokers, and the terminals with them: another program may get their ports. */
  async close(): Promise<void> {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const terminal of vscode.window.terminals) {
      if (this.open.has(clientIdIn(terminal) ?? '')) terminal.dispose();
    }
    this.end(() => true);
    await Promise.all(this.closing);
  }

  private end(isIt: (entry: [string, { readonly accountId: string }]) => boolean): void {
    for (const entry of [...this.open].filter(isIt)) {
      const [clientId, { broker }] = entry;
      this.open.delete(clientId);
      this.log.info(`Terminal ${broker.address.port} has ended.`);
      const closing = broker.close().finally(() => {
        this.closing.delete(closing);
      });
      this.closing.add(closing);
    }
  }
}

function clientIdIn({ creationOptions }: vscode.Terminal): string | undefined {
  const { env } = creationOptions as vscode.TerminalOptions;
  return env?.['LOOKERSDK_CLIENT_ID'] ?? undefined;
}
