import assert from 'node:assert/strict';
import type { AccountStatus } from '../../../../src/accounts/accountStatus';
import { UnreachableError } from '../../../../src/looker/errors/network';
import { ApiKeyRefusedError } from '../../../../src/looker/errors/refusal';
import { ServerError } from '../../../../src/looker/errors/response';
import { hostOf } from '../../../../src/looker/instance/host';
import { statusBarContent } from '../../../../src/vscode/statusBar/statusBarContent';
import { ADA as ada, GRACE_BY_ADA as sudo } from '../../../support/accountStatus';

const MINUTE = 60_000;
const baseUrl = 'https://acme.cloud.looker.com';

const offline = new UnreachableError(baseUrl, 'ECONNREFUSED');
const refused = new ApiKeyRefusedError(baseUrl, 404);

const show = (active: AccountStatus | undefined, isLoggingIn = false) =>
  statusBarContent({ accounts: active ? [active] : [], active, isLoggingIn, nameOf: hostOf });

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
      '$(key) Ada Lovelace · 52m · acme.cloud.looker.com',
      /good for 52 min/,
      'none',
    ],
    [
      'close to expiry and not being renewed',
      { ...ada, timeLeft: 4 * MINUTE, isDue: true, renewsItself: false },
      '$(watch) Ada Lovelace · 4m · acme.cloud.looker.com',
      /4 minutes, not being renewed/,
      'none',
    ],
    [
      'close to expiry, to be renewed in a moment',
      { ...ada, timeLeft: 4 * MINUTE, isDue: true },
      '$(key) Ada Lovelace · 4m · acme.cloud.looker.com',
      /good for 4 minutes$/,
      'none',
    ],
    [
      'close to expiry with only the token kept',
      { ...ada, timeLeft: 4 * MINUTE, isDue: true, renewsItself: false, canRenew: false },
      '$(watch) Ada Lovelace · 4m · acme.cloud.looker.com',
      /4 minutes, then you must log in again/,
      'none',
    ],
    [
      'expired with only the token kept',
      { ...ada, timeLeft: -1, isDue: true, renewsItself: false, canRenew: false },
      '$(error) Ada Lovelace · expired · acme.cloud.looker.com',
      /log in again/,
      'error',
    ],
    [
      'renewing',
      { ...ada, isRenewing: true },
      '$(sync~spin) Ada Lovelace · 52m · acme.cloud.looker.com',
      /renewing/,
      'none',
    ],
    [
      'expired',
      { ...ada, timeLeft: -1, isDue: true },
      '$(circle-slash) Ada Lovelace · expired · acme.cloud.looker.com',
      /expired; it is renewed when it is used/,
      'none',
    ],
    [
      'expired and refused',
      { ...ada, timeLeft: -1, isDue: true, failure: refused },
      '$(error) Ada Lovelace · expired · acme.cloud.looker.com',
      /log in again/,
      'error',
    ],
    [
      'refused while the token is still good',
      { ...ada, failure: refused },
      '$(warning) Ada Lovelace · 52m · acme.cloud.looker.com',
      /then you must log in again/,
      'none',
    ],
    [
      'offline, token still good',
      { ...ada, failure: offline },
      '$(debug-disconnect) Ada Lovelace · 52m · acme.cloud.looker.com',
      /offline, token good for 52 minutes/,
      'none',
    ],
    [
      'acting as another user',
      sudo,
      '$(eye) Grace Hopper (sudo) · 52m · acme.cloud.looker.com',
      /Grace Hopper, sudo by Ada Lovelace/,
      'warning',
    ],
    [
      'acting as another user, renewing',
      { ...sudo, isRenewing: true },
      '$(sync~spin) Grace Hopper (sudo) · 52m · acme.cloud.looker.com',
      /renewing/,
      'warning',
    ],
    [
      'acting as another user, expired and refused',
      { ...sudo, timeLeft: -1, isDue: true, failure: refused },
      '$(error) Grace Hopper (sudo) · expired · acme.cloud.looker.com',
      /Grace Hopper, sudo by Ada Lovelace .*log in again/,
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
    assert.match(text, /^\$\(sync~spin\) Grace Hopper \(sudo\)/);
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

  it('has room for the time that is left, however long a name is', () => {
    const user = { id: '7', name: 'A'.repeat(100) };
    const { text, spoken } = show({ ...ada, account: { ...ada.account, user } });
    assert.equal(text, `$(key) ${'A'.repeat(23)}… · 52m · acme.cloud.looker.com`);
    assert.ok(spoken.includes(user.name));
  });

  it('keeps a name in Arabic or Hebrew before the time that is left', () => {
    const user = { id: '7', name: 'علي رضا' };
    const { text } = show({ ...ada, account: { ...ada.account, user } });
    assert.equal(text, '$(key) \u2068علي رضا\u2069 · 52m · acme.cloud.looker.com');
  });

  it('calls an instance by the name it has been given', () => {
    const content = statusBarContent({
      accounts: [ada],
      active: ada,
      isLoggingIn: false,
      nameOf: () => 'Production',
    });
    assert.equal(content.text, '$(key) Ada Lovelace · 52m · Production');
    assert.match(content.spoken, /^Looker: Ada Lovelace on Production, token good/);
  });

  it('links to what can be done: to stop acting first', () => {
    const words = (status?: AccountStatus) => show(status).links.map((link) => link.words);
    assert.deepEqual(words(sudo), ['Stop acting as Grace Hopper', 'Log in as user…', 'Accounts…']);
    assert.deepEqual(words(ada), ['Log in as user…', 'Accounts…']);
    assert.deepEqual(words(), ['Log in…']);
  });

  it('lists a few of very many accounts in its tooltip, the active one first', () => {
    const accounts = Array.from({ length: 40 }, (_, n) => ({
      ...ada,
      account: { ...ada.account, id: `id ${n}`, label: `Ada ${n}` },
    }));
    const { tooltip } = statusBarContent({
      accounts,
      active: accounts[39],
      isLoggingIn: false,
      nameOf: hostOf,
    });
    assert.equal(tooltip.length, 12);
    assert.match(tooltip[0] ?? '', /^Ada 39: active/);
    assert.match(tooltip[1] ?? '', /^Ada 0: /);
    assert.equal(tooltip[11], '… and 29 more accounts');
  });

  it('lists every account in its tooltip', () => {
    const { tooltip } = statusBarContent({
      accounts: [ada, sudo],
      active: ada,
      isLoggingIn: false,
      nameOf: hostOf,
    });
    assert.deepEqual(tooltip, [
      'Ada Lovelace (acme.cloud.looker.com): active, token good for 52 minutes',
      'Grace Hopper, sudo by Ada Lovelace (acme.cloud.looker.com): token good for 52 minutes',
    ]);
  });

  it('says in its tooltip that extensions act as the user too, while that lasts', () => {
    const sentence = /^Extensions now act as Grace Hopper too, each once you allow it\.$/;
    const accounts = [ada, sudo];
    const tooltipOf = (active: AccountStatus) =>
      statusBarContent({ accounts, active, isLoggingIn: false, nameOf: hostOf }).tooltip;
    assert.match(tooltipOf(sudo).at(-1) ?? '', sentence);
    assert.ok(!tooltipOf(ada).some((line) => sentence.test(line)));
    const many = Array.from({ length: 40 }, (_, n) => ({
      ...ada,
      account: { ...ada.account, id: `id ${n}`, label: `Ada ${n}` },
    }));
    const { tooltip } = statusBarContent({
      accounts: [...many, sudo],
      active: sudo,
      isLoggingIn: false,
      nameOf: hostOf,
    });
    assert.equal(tooltip.length, 12);
    assert.match(tooltip.at(-1) ?? '', sentence);
    assert.equal(tooltip.at(-2), '… and 31 more accounts');
  });
});
