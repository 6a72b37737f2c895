import { BrowserLogins } from '../../src/accounts/browserLogin/browserLogins';
import { Accounts, type AccountsOptions } from '../../src/accounts/accounts';
import { AccountStore } from '../../src/accounts/store/accountStore';
import { serverClocks } from '../../src/looker/clock';
import { lookerApi, machineClock } from './lookerApi';
import type { MemoryMemento } from './memoryMemento';
import type { MemorySecrets } from './memorySecrets';
import { MemoryTurns } from './memoryTurns';

/** The accounts of one window with the extension's defaults; nothing is renewed automatically. */
export function openAccounts(
  secrets: MemorySecrets,
  memento: MemoryMemento,
  options: Partial<AccountsOptions> = {},
): Promise<Accounts> {
  const serverClock = serverClocks(machineClock);
  return Accounts.open({
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
