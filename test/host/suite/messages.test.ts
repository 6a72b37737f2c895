import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Accounts } from '../../../src/accounts/accounts';
import type { Disposable } from '../../../src/base/emitter';
import { RefusedBeforeError } from '../../../src/accounts/errors';
import { AgreedExceptions } from '../../../src/accounts/trust/agreedExceptions';
import { TrustedCertificates } from '../../../src/accounts/trust/trustedCertificates';
import { hostOf } from '../../../src/looker/instance/host';
import { OWN_CLIENT } from '../../../src/looker/oauth/client';
import type { CommandContext } from '../../../src/vscode/context';

import { NonAdmins } from '../../../src/vscode/loginAsUser/nonAdmins';
import { Messages, type CommandStep } from '../../../src/vscode/messages/messages';
import { takeStep } from '../../../src/vscode/palette/takeStep';
import { StandInLooker } from '../../standIn/standInLooker';
import { machineClock } from '../../support/lookerApi';
import { MemoryMemento } from '../../support/memoryMemento';
import { MemorySecrets } from '../../support/memorySecrets';
import { openAccounts } from '../../support/openAccounts';
import { settingsFor } from '../../../src/vscode/settings/instanceEntries';
import { until } from '../../support/until';
import { ScriptedUser } from './scriptedUser';

/** Messages at startup, in separate windows beside the running extension. */
describe('the messages of a new window', () => {
  let looker: StandInLooker;
  let user: ScriptedUser;
  let secrets: MemorySecrets;
  let memento: MemoryMemento;
  let log: vscode.LogOutputChannel;
  const open: Disposable[] = [];

  beforeEach(async () => {
    looker = await StandInLooker.start();
    user = new ScriptedUser();
    secrets = new MemorySecrets();
    memento = new MemoryMemento();
    log = vscode.window.createOutputChannel('Looker Auth Test', { log: true });
  });
  afterEach(async () => {
    for (const disposable of open.splice(0)) disposable.dispose();
    assert.equal(user.unused, 0);
    user.dispose();
    log.dispose();
    await looker.stop();
  });

  /** Messages of a window with these commands. */
  const messagesThat = (
    take: (step: CommandStep) => Promise<unknown> = () => Promise.resolve(),
  ) => {
    const messages = new Messages(log);
    messages.onDidChoose((step) => void messages.attempt(() => take(step)));
    open.push(messages);
    return messages;
  };
  const openWindow = async () => {
    await until(() => memento.isSettled);
    const accounts = await openAccounts(secrets, memento, { renewal: () => 'off', log });
    const nothing = () => Promise.reject(new Error('Nothing is asked here.'));
    const context: CommandContext = {
      accounts,
      settings: {
        instance: (baseUrl) => settingsFor([], baseUrl),
        instancesBeside: () => [],
        nameOf: hostOf,
        nameInstance: nothing,
        timeoutMs: 30_000,
      },
      inquiries: {
        probe: (baseUrl: string) =>
          Promise.resolve({
            baseUrl,
            apiVersion: '4.0' as const,
            release: undefined,
            isLooker: true,
          }),
        release: nothing,
        certificate: nothing,
        client: () => OWN_CLIENT,
        browserLogin: () => Promise.resolve(undefined),
        check: () => {
          throw new Error('Nothing is checked here.');
        },
      },
      trust: {
        certificates: new TrustedCertificates({ secrets, clock: machineClock, log }),
        agreed: new AgreedExceptions(secrets, log),
        exceptionsIn: () => Promise.resolve({ exceptions: [], caFile: undefined }),
      },
      messages: { attempt: () => Promise.resolve(), showError: () => Promise.resolve() },
      nonAdmins: new NonAdmins(),
      importOffer: { settle: () => Promise.resolve() },
      terminals: nothing,
      log,
    };
    const messages = messagesThat((step) => takeStep(context, step));
    open.push(messages.watch(accounts), accounts);
    return accounts;
  };
  const logInAs = async (accounts: Accounts, name: string, at = looker) =>
    accounts.login({ baseUrl: at.baseUrl, apiVersion: '4.0' }, at.apiKeyOf(name));
  const keyOf = (name: string): [string, string] => {
    const { clientId, clientSecret } = looker.apiKeyOf(name);
    return [clientId, clientSecret];
  };

  it('show a lost login once, and offer to log in on its instance', async () => {
    const before = await openWindow();
    const ada = await logInAs(before, 'Ada');
    await before.loginAs(ada, '3');
    secrets.stored.clear();
    user.press('Log In Again');
    user.answer(...keyOf('Ada'));
    const accounts = await openWindow();
    await until(() => accounts.statuses().length === 1);
    assert.deepEqual(user.messages, [
      `VS Code's secret storage no longer has the login of ${ada.label}. This can happen if the system has no keyring.`,
    ]);
    assert.deepEqual(
      user.prompts.map(({ asks }) => asks),
      [
        `${looker.baseUrl}: client ID of Ada Lovelace's API key`,
        "Client secret of your API key. Looker Auth saves it in VS Code's secret storage only.",
      ],
    );
    assert.deepEqual(accounts.active?.account, ada);
    await openWindow();
    assert.equal(user.messages.length, 1);
  });

  it('name all lost logins at once, and ask for the instance if there are several', async () => {
    const other = await StandInLooker.start();
    const before = await openWindow();
    const grace = await logInAs(before, 'Grace Hopper', other);
    const ada = await logInAs(before, 'Ada');
    secrets.stored.clear();
    user.press('Log In Again');
    user.answer({ choose: /Ada Lovelace/ }, ...keyOf('Ada'));
    const accounts = await openWindow();
    await until(() => accounts.statuses().length === 1);
    await other.stop();
    assert.equal(user.messages.length, 1);
    const [message = ''] = user.messages;
    assert.match(message, /^VS Code's secret storage no longer has these logins: .*, .*\. This/);
    for (const { label } of [ada, grace]) assert.ok(message.includes(label));
    assert.match(user.prompts[1]?.asks ?? '', /: client ID of Ada Lovelace's API key$/);
  });

  it('name the admin of a lost sudo account', async () => {
    const before = await openWindow();
    const ada = await logInAs(before, 'Ada');
    const alan = await before.loginAs(ada, '3');
    for (const key of secrets.stored.keys()) {
      const isOfAda = key === `lookerAuth.account:${ada.id}`;
      if (!isOfAda) secrets.stored.delete(key);
    }
    user.press('Log In Again');
    user.answer('Esc');
    await openWindow();
    await until(() => user.prompts.length === 1);
    assert.ok(
      user.messages[0]?.startsWith(
        `VS Code's secret storage no longer has the login of ${alan.label}`,
      ),
    );
    assert.match(user.prompts[0]?.asks ?? '', /: client ID of Ada Lovelace's API key$/);
  });

  it('name the user of a damaged record when the key is requested', async () => {
    const before = await openWindow();
    const ada = await logInAs(before, 'Ada');
    before.dispose();
    secrets.stored.set(`lookerAuth.account:${ada.id}`, '{"version":1');
    user.press('Log In Again');
    user.answer(...keyOf('Ada'));
    const accounts = await openWindow();
    await until(() => accounts.statuses().length === 1);
    assert.match(user.messages[0] ?? '', /can't read the saved account on .*\. Log in again/);
    assert.match(user.prompts[0]?.asks ?? '', /: client ID of Ada Lovelace's API key$/);
    assert.deepEqual(accounts.active?.account, ada);
  });

  it('wait until the window has the focus, and then show what is still true', async () => {
    const before = await openWindow();
    await logInAs(before, 'Ada');
    await logInAs(before, 'Grace Hopper');
    secrets.stored.clear();
    user.isHere = false;
    const accounts = await openWindow();
    assert.equal(user.messages.length, 0);
    await logInAs(accounts, 'Ada');
    user.isHere = true;
    accounts.announceTime();
    await until(() => user.messages.length > 0);
    assert.equal(user.messages.length, 1);
    assert.match(user.messages[0] ?? '', /no longer has the login of Grace Hopper \(/);
  });

  it('say nothing after a logout', async () => {
    const before = await openWindow();
    const { id } = await logInAs(before, 'Ada');
    await before.logout([id]);
    await openWindow();
    assert.deepEqual(user.messages, []);
  });

  describe('about a stored error that comes up again', () => {
    /** The error of every renewal until the user logs in: always the same object. */
    const refusal = new RefusedBeforeError('Looker has rejected this API key.');
    const fail = () => Promise.reject(refusal);

    it('are shown for every command that fails with it', async () => {
      const messages = messagesThat();
      await messages.attempt(fail);
      await messages.attempt(fail);
      assert.deepEqual(user.messages, [refusal.message, refusal.message]);
    });

    it('are shown for every click, such as one on the line with the short form', async () => {
      const messages = messagesThat();
      await messages.showError(refusal);
      await messages.showError(refusal);
      assert.deepEqual(user.messages, [refusal.message, refusal.message]);
    });

    it('are shown once if a command and a notice fail with it together', async () => {
      const accounts = await openAccounts(secrets, memento);
      const messages = messagesThat();
      open.push(messages.watch(accounts), accounts);
      const { id } = await logInAs(accounts, 'Ada');
      looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
      for (const told of [1, 2]) {
        await messages.attempt(() => accounts.renew(id));
        assert.equal(user.messages.length, told);
      }
    });
  });
});
