import assert from 'node:assert/strict';
import { TerminalConsents } from '../../../../src/vscode/terminal/terminalConsents';
import { ADA } from '../../../support/accountStatus';
import { MemorySecrets } from '../../../support/memorySecrets';

describe('consents to open terminals without asking', () => {
  const { id } = ADA.account;
  const log = { info: () => undefined, warn: () => undefined };

  it('apply to all windows', async () => {
    const secrets = new MemorySecrets();
    const [here, elsewhere] = [
      new TerminalConsents(secrets, log),
      new TerminalConsents(secrets, log),
    ];
    assert.equal(await here.isGiven(id), false);
    await here.give(id);
    assert.deepEqual([await here.isGiven(id), await elsewhere.isGiven(id)], [true, true]);
    assert.equal(await elsewhere.isGiven('another'), false);
  });

  it('apply to their window if they cannot be stored', async () => {
    const failing = new MemorySecrets();
    failing.store = () => Promise.reject(new Error('no keyring'));
    const consents = new TerminalConsents(failing, log);
    await consents.give(id);
    assert.equal(await consents.isGiven(id), true);
    consents.forget(id);
    assert.equal(await consents.isGiven(id), false);
  });
});
