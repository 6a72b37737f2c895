import assert from 'node:assert/strict';
import type { AccountStatus } from '../../../src/accounts/accounts';
import { ApiKeyRefusedError, ServerError, UnreachableError } from '../../../src/looker/errors';
import { statusBarContent } from '../../../src/vscode/statusBarContent';
import { ADA as ada, GRACE_BY_ADA as sudo } from '../../support/accountStatus';

const MINUTE = 60_000;
const baseUrl = 'https://acme.cloud.looker.com';

const offline = new UnreachableError(baseUrl, 'ECONNREFUSED');
const refused = new ApiKeyRefusedError(baseUrl, 404);

const show = (active: AccountStatus | undefined, isLoggingIn = false) =>
  statusBarContent({ accounts: active ? [active] : [], active, isLoggingIn });

describe('the status bar', () => {
  it('logged out: offers to log in', () => {
    const { text, spoken, click, background } = show(undefined);
    assert.deepEqual(
      { text, spoken, click, background },
      {
        text: '$(key) Looker: log in',
        spoken: 'Looker: logged out. Log in.',
        click: 'login',
        background: 'none',
      },
    );
  });

  const states: [
    state: string,
    status: AccountStatus,
    text: string,
    spoken: RegExp,
    background: 'none' | 'warning' | 'error',
  ][] = [
    [
      'logged in',
      ada,
      '$(key) acme.cloud.looker.com · Ada Lovelace · 52m',
      /good for 52 min/,
      'none',
    ],
    [
      'close to expiry and not being renewed',
      { ...ada, timeLeft: 4 * MINUTE, isDue: true, renewsItself: false },
      '$(watch) acme.cloud.looker.com · Ada Lovelace · 4m',
      /4 minutes, not being renewed/,
      'none',
    ],
    [
      'close to expiry, to be renewed in a moment',
      { ...ada, timeLeft: 4 * MINUTE, isDue: true },
      '$(key) acme.cloud.looker.com · Ada Lovelace · 4m',
      /good for 4 minutes$/,
      'none',
    ],
    [
      'close to expiry with only the token kept',
      { ...ada, timeLeft: 4 * MINUTE, isDue: true, renewsItself: false, isLast: true },
      '$(watch) acme.cloud.looker.com · Ada Lovelace · 4m',
      /4 minutes, then you must log in again/,
      'none',
    ],
    [
      'expired with only the token kept',
      { ...ada, timeLeft: -1, isDue: true, renewsItself: false, isLast: true },
      '$(error) acme.cloud.looker.com · Ada Lovelace · expired',
      /log in again/,
      'error',
    ],
    [
      'renewing',
      { ...ada, isRenewing: true },
      '$(sync~spin) acme.cloud.looker.com · Ada Lovelace · 52m',
      /renewing/,
      'none',
    ],
    [
      'expired',
      { ...ada, timeLeft: -1, isDue: true },
      '$(circle-slash) acme.cloud.looker.com · Ada Lovelace · expired',
      /expired; it is renewed when it is used/,
      'none',
    ],
    [
      'expired and refused',
      { ...ada, timeLeft: -1, isDue: true, failure: refused },
      '$(error) acme.cloud.looker.com · Ada Lovelace · expired',
      /log in again/,
      'error',
    ],
    [
      'refused while the token is still good',
      { ...ada, failure: refused },
      '$(warning) acme.cloud.looker.com · Ada Lovelace · 52m',
      /then you must log in again/,
      'none',
    ],
    [
      'offline, token still good',
      { ...ada, failure: offline },
      '$(debug-disconnect) acme.cloud.looker.com · Ada Lovelace · 52m',
      /offline, token good for 52 minutes/,
      'none',
    ],
    [
      'acting as another user',
      sudo,
      '$(eye) acme.cloud.looker.com · Grace Hopper, sudo by Ada Lovelace · 52m',
      /Grace Hopper, sudo by Ada Lovelace/,
      'warning',
    ],
    [
      'acting as another user, renewing',
      { ...sudo, isRenewing: true },
      '$(sync~spin) acme.cloud.looker.com · Grace Hopper, sudo by Ada Lovelace · 52m',
      /renewing/,
      'warning',
    ],
  ];
  for (const [state, status, text, spoken, background] of states) {
    it(state, () => {
      const content = show(status);
      assert.equal(content.text, text);
      assert.match(content.spoken, spoken);
      assert.equal(content.background, background);
      assert.equal(content.click, background === 'error' ? 'login' : 'showAccounts');
    });
  }

  it('acting as another user says so while somebody logs in, too', () => {
    const { text, background } = show(sudo, true);
    assert.match(text, /^\$\(sync~spin\) .*Grace Hopper, sudo by Ada Lovelace/);
    assert.equal(background, 'warning');
  });

  it('is offline only where nothing answers', () => {
    const { text, spoken } = show({ ...ada, failure: new ServerError(baseUrl, 500) });
    assert.match(text, /^\$\(warning\)/);
    assert.match(spoken, /good for 52 minutes, the last renewal failed/);
  });

  it('logging in', () => {
    assert.equal(show(undefined, true).text, '$(sync~spin) Looker: logging in…');
  });

  it('lists every account in its tooltip', () => {
    const { tooltip } = statusBarContent({
      accounts: [ada, sudo],
      active: ada,
      isLoggingIn: false,
    });
    assert.deepEqual(tooltip, [
      'Ada Lovelace (acme.cloud.looker.com): token good for 52 minutes',
      'Grace Hopper, sudo by Ada Lovelace (acme.cloud.looker.com): token good for 52 minutes',
    ]);
  });
});
