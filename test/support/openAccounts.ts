import { BrowserLogins } from '../../src/accounts/browserLogin/browserLogins';
import { Accounts, type AccountsOptions } from '../../src/accounts/accounts';
import type { TokenRequestsOptions } from '../../src/accounts/renewal/tokenRequests';
import { Requests } from '../../src/accounts/requests';
import { AccountStore } from '../../src/accounts/store/accountStore';
import { serverClocks } from '../../src/looker/clock';
import { lookerApi, machineClock } from './lookerApi';
import type { MemoryMemento } from './memoryMemento';
import type { MemorySecrets } from './memorySecrets';
import { MemoryTurns } from './memoryTurns';

/** The options of the accounts, and of their requests to Looker. */
export type OpenOptions = Omit<AccountsOptions, 'requests'> & TokenRequestsOptions;

/** Opens accounts whose requests are there from the beginning. */
export function openWith(options: OpenOptions): Promise<Accounts> {
  const requests: AccountsOptions['requests'] = (context) =>
    Promise.resolve(new Requests(context, options));
  return Accounts.open({ ...options, requests });
}

/** The accounts of one window, as the extension would open them by default; nothing is renewed by itself. */
export function openAccounts(
  secrets: MemorySecrets,
  memento: MemoryMemento,
  options: Partial<OpenOptions> = {},
): Promise<Accounts> {
  const serverClock = serverClocks(machineClock);
  return openWith({
    store: new AccountStore(secrets),
    memento: memento.openWindow(),
    connect: (baseUrl, apiVersion) =>
      lookerApi(baseUrl, { apiVersion, serverClock: serverClock(baseUrl) }),
    renewal: () => 'onUse',
    isFocused: () => true,
    clock: machineClock,
    serverClock,
    random: () => 0.5,
    pause: () => Promise.resolve(),
    browserLogins: () => Promise.resolve(new BrowserLogins(new MemoryTurns().openWindow())),
    log: { info: () => undefined, warn: () => undefined },
    ...options,
  });
}
