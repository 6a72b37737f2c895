import assert from 'node:assert/strict';
import type { AccountStatus } from '../../../../src/accounts/accountStatus';
import { UnreachableError } from '../../../../src/looker/errors/network';
import { ApiKeyRefusedError, SudoRefusedError } from '../../../../src/looker/errors/refusal';
import { ServerError } from '../../../../src/looker/errors/response';
import { hostOf } from '../../../../src/looker/instance/host';
import { statusBarContent } from '../../../../src/vscode/statusBar/statusBarContent';
import { ADA as ada, GRACE_BY_ADA as sudo } from '../../../support/accountStatus';

const MINUTE = 60_000;
const baseUrl = 'https://acme.cloud.looker.com';

const offline = new UnreachableError(baseUrl, 'ECONNREFUSED');
const refused = new ApiKeyRefusedError(baseUrl, 404);
const mayNot = new SudoRefusedError(baseUrl, 403, '12');

const show = (active: AccountStatus | undefined, isLoggingIn = false) =>
  statusBarContent({ accounts: active ? [active] : [], active, isLoggingIn, nameOf: hostOf });

describe('the status bar', () => {
  it('logged out: offers to log in', () => {
    const { text, spoken, click, background } = show(undefined);
    assert.deepEqual(
      { text, spoken, click, background },
      {
        text: '$(key) Looker: log in',
        spoken: 'Looker: not logged in. Click to log in.',
        click: 'login',
        background: 'none',
      },
    );
  });

  it("doesn't say that you're logged out while the saved accounts can't be read", () => {
    const none = { accounts: [], active: undefined, isLoggingIn: false, nameOf: hostOf };
    assert.deepEqual(statusBarContent(none).tooltip.lines, ["You're not logged in to Looker."]);
    const readFailure = new Error('The keyring is locked.');
    const { tooltip } = statusBarContent({ ...none, readFailure });
    assert.deepEqual(tooltip.lines, ['The keyring is locked.']);
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
      / valid for 52 minutes$/,
      'none',
    ],
    [
      'close to expiry and not being renewed',
      { ...ada, timeLeft: 4 * MINUTE, isExpiring: true, renewsItself: false },
      '$(watch) Ada Lovelace · 4m · acme.cloud.looker.com',
      /4 minutes, then renew it$/,
      'none',
    ],
    [
      'close to expiry, to be renewed in a moment',
      { ...ada, timeLeft: 4 * MINUTE, isExpiring: true },
      '$(key) Ada Lovelace · 4m · acme.cloud.looker.com',
      /valid for 4 minutes$/,
      'none',
    ],
    [
      'close to expiry with only the token kept',
      { ...ada, timeLeft: 4 * MINUTE, isExpiring: true, renewsItself: false, canRenew: false },
      '$(watch) Ada Lovelace · 4m · acme.cloud.looker.com',
      /4 minutes, then log in again$/,
      'none',
    ],
    [
      'expired with only the token kept',
      { ...ada, timeLeft: -1, isExpiring: true, renewsItself: false, canRenew: false },
      '$(error) Ada Lovelace · log in again · acme.cloud.looker.com',
      /token expired, log in again$/,
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
      { ...ada, timeLeft: -1, isExpiring: true },
      '$(circle-slash) Ada Lovelace · expired · acme.cloud.looker.com',
      /token expired, will renew when used$/,
      'none',
    ],
    [
      'expired and refused',
      { ...ada, timeLeft: -1, isExpiring: true, failure: refused },
      '$(error) Ada Lovelace · log in again · acme.cloud.looker.com',
      /token expired, log in again$/,
      'error',
    ],
    [
      'refused while the token is still good',
      { ...ada, failure: refused },
      '$(warning) Ada Lovelace · 52m · acme.cloud.looker.com',
      /valid for 52 minutes, then log in again$/,
      'none',
    ],
    [
      'offline, token still good',
      { ...ada, failure: offline },
      '$(debug-disconnect) Ada Lovelace · 52m · acme.cloud.looker.com',
      /offline, token valid for 52 minutes$/,
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
      { ...sudo, timeLeft: -1, isExpiring: true, failure: refused },
      '$(error) Grace Hopper (sudo) · log in again · acme.cloud.looker.com',
      /Grace Hopper, sudo by Ada Lovelace .*log in again$/,
      'warning',
    ],
    [
      'acting as another user, expired, and not allowed any more',
      { ...sudo, timeLeft: -1, isExpiring: true, failure: mayNot },
      '$(error) Grace Hopper (sudo) · expired · acme.cloud.looker.com',
      /token expired, stop acting as this user$/,
      'warning',
    ],
    [
      'acting as another user, not allowed any more, token still good',
      { ...sudo, failure: mayNot },
      '$(warning) Grace Hopper (sudo) · 52m · acme.cloud.looker.com',
      /valid for 52 minutes, then stop acting as this user$/,
      'warning',
    ],
    [
      'expired, and renewed by hand alone',
      { ...ada, timeLeft: -1, isExpiring: true, renewsItself: false, renewsOnUse: false },
      '$(circle-slash) Ada Lovelace · expired · acme.cloud.looker.com',
      /token expired, renew it or log in again$/,
      'none',
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

  it('acting as another user is shown during a login, too', () => {
    const { text, background } = show(sudo, true);
    assert.match(text, /^\$\(sync~spin\) Grace Hopper \(sudo\)/);
    assert.equal(background, 'warning');
  });

  it('is offline only if nothing responds', () => {
    const { text, spoken } = show({ ...ada, failure: new ServerError(baseUrl, 500) });
    assert.match(text, /^\$\(warning\)/);
    assert.match(spoken, /valid for 52 minutes, last renewal failed$/);
  });

  it('logging in', () => {
    const { text, spoken, tooltip } = show(undefined, true);
    assert.equal(text, '$(sync~spin) Looker: logging in…');
    assert.equal(spoken, 'Looker: logging in');
    assert.deepEqual(tooltip.lines, []);
  });

  it('always shows the time left, however long a name is', () => {
    const user = { id: '7', name: 'A'.repeat(100) };
    const { text, spoken } = show({ ...ada, account: { ...ada.account, user } });
    assert.equal(text, `$(key) ${'A'.repeat(23)}… · 52m · acme.cloud.looker.com`);
    assert.ok(spoken.includes(user.name));
  });

  it('keeps a name in Arabic or Hebrew before the time left', () => {
    const user = { id: '7', name: 'علي رضا' };
    const { text } = show({ ...ada, account: { ...ada.account, user } });
    assert.equal(text, '$(key) \u2068علي رضا\u2069 · 52m · acme.cloud.looker.com');
  });

  it("keeps an instance's name in Arabic or Hebrew before a host that starts with a number", () => {
    const account = { ...ada.account, baseUrl: 'https://10.0.0.7' };
    const active = { ...ada, account };
    const { tooltip } = statusBarContent({
      accounts: [active],
      active,
      isLoggingIn: false,
      nameOf: () => 'ייצור',
    });
    assert.equal(tooltip.lines[0], '\u2068ייצור\u2069 (10.0.0.7)');
  });

  it('shows the name that the user has given an instance', () => {
    const content = statusBarContent({
      accounts: [ada],
      active: ada,
      isLoggingIn: false,
      nameOf: () => 'Production',
    });
    assert.equal(content.text, '$(key) Ada Lovelace · 52m · Production');
    assert.match(content.spoken, /^Looker: Ada Lovelace on Production, token valid/);
  });

  describe('shows in its tooltip', () => {
    const tooltipOf = (active: AccountStatus | undefined, others: readonly AccountStatus[] = []) =>
      statusBarContent({
        accounts: active ? [active, ...others] : others,
        active,
        isLoggingIn: false,
        nameOf: (url) => (url === baseUrl ? 'Production' : hostOf(url)),
      }).tooltip;
    const many = Array.from({ length: 40 }, (_, n) => ({
      ...ada,
      account: { ...ada.account, id: `id ${n}`, label: `Ada ${n}` },
    }));

    it('the active account in detail, and a line for each other one', () => {
      const { heading, lines, others } = tooltipOf(ada, [sudo]);
      assert.equal(heading, 'Ada Lovelace');
      assert.deepEqual(lines, ['Production (acme.cloud.looker.com)', 'Token valid for 52 minutes']);
      assert.deepEqual(others, ['Grace Hopper, sudo by Ada Lovelace (acme.cloud.looker.com)']);
    });

    it('the state of another account if something is wrong', () => {
      const { others } = tooltipOf(ada, [{ ...sudo, timeLeft: 0, failure: refused }]);
      assert.deepEqual(others, [
        'Grace Hopper, sudo by Ada Lovelace (acme.cloud.looker.com) · token expired, log in again',
      ]);
    });

    it("why the active account can't be renewed", () => {
      assert.deepEqual(tooltipOf({ ...ada, failure: offline }).lines.slice(1), [
        'Offline, token valid for 52 minutes',
        offline.message,
      ]);
    });

    it('which admin acts as which user, and that extensions do, too', () => {
      const { heading, lines } = tooltipOf(sudo, [ada]);
      assert.equal(heading, 'Grace Hopper, sudo by Ada Lovelace');
      assert.equal(lines.at(-1), 'Extensions you allow now act as Grace Hopper too.');
      assert.ok(!tooltipOf(ada, [sudo]).lines.join('\n').includes('Extensions'));
    });

    it('which of two users with the same name it is', () => {
      const namesake = {
        ...ada.account,
        id: `${baseUrl}#9`,
        user: { id: '9', name: 'Ada Lovelace' },
      };
      assert.equal(tooltipOf(ada, [{ ...ada, account: namesake }]).heading, 'Ada Lovelace (ID 7)');
    });

    it('a few of very many accounts', () => {
      const { others } = tooltipOf(many[39], many.slice(0, 39));
      assert.equal(others.length, 10);
      assert.equal(others[0], 'Ada 0');
      assert.equal(others[9], 'and 30 more');
      assert.equal(tooltipOf(many[39], many.slice(0, 10)).others.at(-1), 'Ada 9');
    });

    it('links, with what helps first', () => {
      const labels = (status?: AccountStatus) => tooltipOf(status).links.map(({ label }) => label);
      assert.deepEqual(labels(ada), ['Log In as User (Sudo)…', 'Accounts…']);
      assert.deepEqual(labels(sudo), [
        'Stop Acting as Grace Hopper',
        'Log In as User (Sudo)…',
        'Accounts…',
      ]);
      assert.deepEqual(labels({ ...ada, timeLeft: 0, failure: refused }), [
        'Log In Again',
        'Log In as User (Sudo)…',
        'Accounts…',
      ]);
      assert.deepEqual(labels(), ['Log In…']);
    });

    it('that nobody is logged in', () => {
      assert.deepEqual(tooltipOf(undefined).lines, ["You're not logged in to Looker."]);
    });
  });
});
