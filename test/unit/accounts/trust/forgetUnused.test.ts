import assert from 'node:assert/strict';
import type { Accounts } from '../../../../src/accounts/accounts';
import { forgetUnused } from '../../../../src/accounts/trust/forgetUnused';
import { TrustedCertificates } from '../../../../src/accounts/trust/trustedCertificates';
import { serverClocks } from '../../../../src/looker/clock';
import { createConnections, type Connections } from '../../../../src/vscode/settings/connections';
import { StandInLooker } from '../../../standIn/standInLooker';
import { machineClock } from '../../../support/lookerApi';
import { MemoryMemento } from '../../../support/memoryMemento';
import { MemorySecrets } from '../../../support/memorySecrets';
import { nodeFetch } from '../../../support/nodeFetch';
import { openAccounts } from '../../../support/openAccounts';
import { until } from '../../../support/until';

const log = { info: () => undefined, warn: () => undefined };

describe('an instance with an exception that the user agreed to', () => {
  let looker: StandInLooker;
  let secrets: MemorySecrets;
  const opened: { dispose(): void }[] = [];
  beforeEach(async () => {
    looker = await StandInLooker.start();
    secrets = new MemorySecrets();
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) one.dispose();
    await looker.stop();
  });

  const openWindow = async (): Promise<{ accounts: Accounts; connections: Connections }> => {
    const certificates = new TrustedCertificates({ secrets, clock: machineClock, log });
    const serverClock = serverClocks(machineClock);
    const instance = { baseUrl: looker.baseUrl, plainHttp: false, credentialsInQuery: true };
    const connections = createConnections({
      settings: { instance: () => instance, timeoutMs: 2000 } as never,
      certificates,
      secrets,
      log,
      fetch: nodeFetch,
      clock: machineClock,
      serverClock,
    });
    const { connect, agreed } = connections;
    const accounts = await openAccounts(secrets, new MemoryMemento(), {
      connect,
      serverClock,
      log,
    });
    opened.push(
      certificates,
      accounts,
      forgetUnused(accounts, () => Promise.resolve(agreed)),
    );
    return { accounts, connections };
  };
  const logIn = ({ accounts }: { accounts: Accounts }) =>
    accounts.login({ baseUrl: looker.baseUrl, apiVersion: '4.0' }, looker.apiKeyOf('Grace'));
  const agreement = () => secrets.stored.get(`lookerAuth.agreed:${looker.baseUrl}`);

  it('keeps no token valid after the last logout, in whichever window, and is then forgotten', async () => {
    const [one, two] = [await openWindow(), await openWindow()];
    await one.connections.agreed.agree(looker.baseUrl, ['credentialsInQuery']);
    const { id } = await logIn(one);
    await until(() => two.accounts.ids.includes(id));
    assert.deepEqual(await two.accounts.logout([id]), []);
    assert.deepEqual(looker.liveTokens(), []);
    await until(() => agreement() === undefined);
  });

  it('asks again for a login after that', async () => {
    const window = await openWindow();
    await window.connections.agreed.agree(looker.baseUrl, ['credentialsInQuery']);
    await window.accounts.logout([(await logIn(window)).id]);
    await until(() => agreement() === undefined);
    await assert.rejects(logIn(window), { name: 'WeakerProtectionError' });
  });
});
