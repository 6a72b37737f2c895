import assert from 'node:assert/strict';
import { startFiles } from '../../bench/bundle';
import { countStart, type StartWork } from '../../bench/startWork';

const STORED = 10;

describe('the start of a window', () => {
  let loggedOut: StartWork;
  let loggedIn: StartWork;

  before(async function () {
    this.timeout(60_000);
    loggedOut = await countStart(0);
    loggedIn = await countStart(STORED);
    assert.match(loggedOut.statusBar, /Looker: log in/);
    assert.match(loggedIn.statusBar, /Person 1/);
  });

  it('registers the provider right after creating the log, before waiting for anything', () => {
    for (const { callsAtOnce } of [loggedOut, loggedIn]) {
      assert.deepEqual(callsAtOnce.slice(0, 2), [
        'window.createOutputChannel',
        'authentication.registerAuthenticationProvider',
      ]);
    }
  });

  it('loads only the files that the main one imports, logged in or not', () => {
    const start = [...startFiles()].sort();
    assert.deepEqual(Object.keys(loggedOut.loaded).sort(), start);
    assert.deepEqual(Object.keys(loggedIn.loaded).sort(), start);
  });

  it('loads two files', () => {
    assert.equal(Object.keys(loggedOut.loaded).length, 2, Object.keys(loggedOut.loaded).join(', '));
  });

  it('calls VS Code at most 18 times until activate returns, however many accounts there are', () => {
    assert.ok(loggedOut.callsAtOnce.length <= 18, loggedOut.callsAtOnce.join(', '));
    assert.deepEqual(loggedIn.callsAtOnce, loggedOut.callsAtOnce);
  });

  it('calls VS Code at most 32 times in all, or 40 times with any number of accounts', () => {
    assert.ok(loggedOut.calls.length <= 32, loggedOut.calls.join(', '));
    assert.ok(loggedIn.calls.length <= 40, loggedIn.calls.join(', '));
  });

  it('reads 4 secrets without accounts, and 5 more for each account', () => {
    assert.equal(loggedOut.secretsRead, 4);
    assert.equal(loggedIn.secretsRead, 4 + 5 * STORED);
  });
});
