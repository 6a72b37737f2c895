import assert from 'node:assert/strict';
import type { AccountStatus } from '../../../../src/accounts/accountStatus';
import { logoutQuestion, type LogoutState } from '../../../../src/vscode/logout/logoutQuestion';
import { ADA, GRACE_BY_ADA } from '../../../support/accountStatus';

const { id } = ADA.account;
const ask = (state: Partial<LogoutState>) =>
  logoutQuestion({ ids: [id], accounts: [ADA], known: [], ...state });

/** Other users on Ada's instance. */
const others = (count: number): readonly AccountStatus[] =>
  Array.from({ length: count }, (_, index) => ({
    ...ADA,
    account: {
      ...ADA.account,
      id: `${ADA.account.baseUrl}#${100 + index}`,
      label: `User ${index} (acme.cloud.looker.com)`,
    },
  }));

describe('the question before a logout', () => {
  it('names the account with its host, and says what will be lost', () => {
    const { question, detail } = ask({});
    assert.equal(question, 'Log out of Ada Lovelace (acme.cloud.looker.com)?');
    assert.match(detail, /^Looker Auth deletes the API key from VS Code's secret storage\. To log/);
  });

  it('names the users that the account acts as', () => {
    const { question, detail } = ask({ accounts: [ADA, GRACE_BY_ADA] });
    assert.equal(question, 'Log out of Ada Lovelace (acme.cloud.looker.com)?');
    assert.match(detail, /You'll stop acting as Grace Hopper\.$/);
  });

  it('says for a sudo account that acting stops, and nothing about a key', () => {
    const { question, detail } = ask({
      ids: [GRACE_BY_ADA.account.id],
      accounts: [ADA, GRACE_BY_ADA],
    });
    assert.equal(question, `Log out of ${GRACE_BY_ADA.account.label}?`);
    assert.equal(detail, "You'll stop acting as Grace Hopper.");
  });

  it("doesn't say that a key is deleted if none is saved", () => {
    const { detail } = ask({ accounts: [{ ...ADA, canRenew: false }] });
    assert.doesNotMatch(detail, /deletes/);
    assert.match(detail, /This API key isn't saved/);
  });

  const KATHERINE: AccountStatus = { ...ADA, how: 'browser' };

  it('says for a browser login that it is revoked, and offers to revoke it everywhere', () => {
    const { detail, revocable } = ask({ accounts: [KATHERINE] });
    assert.match(detail, /^Looker Auth revokes this login and deletes it .* use your browser\./);
    assert.match(
      detail,
      /"Revoke Everywhere…" also revokes your browser logins on other machines\.$/,
    );
    assert.equal(revocable, KATHERINE.account);
    assert.doesNotMatch(detail, /API key/);
    assert.equal(ask({}).revocable, undefined, 'an API key is not revoked');
    const [another = assert.fail()] = others(1);
    const several = { accounts: [KATHERINE, { ...another, how: 'browser' as const }] };
    const ids = several.accounts.map(({ account }) => account.id);
    assert.equal(
      ask({ ...several, ids }).revocable,
      undefined,
      'only one’s own are, one at a time',
    );
    assert.match(ask({ ...several, ids }).detail, /revokes these logins/);
    const mixed = ask({ accounts: [KATHERINE, another], ids });
    assert.match(mixed.detail, /the API keys and browser logins of these accounts/);
  });

  it("doesn't mention a key for a browser login that wasn't saved", () => {
    const { detail, revocable } = ask({ accounts: [{ ...KATHERINE, canRenew: false }] });
    assert.equal(detail, 'To log in again, use your browser.');
    assert.equal(revocable, undefined);
  });

  it("names an account that can't be read by its remembered user, else by its host", () => {
    const state = { accounts: [], ids: [id] };
    assert.equal(
      ask({ ...state, known: [{ account: ADA.account, lastUsedAt: 0, isLoggedIn: true }] })
        .question,
      'Log out of Ada Lovelace (acme.cloud.looker.com)?',
    );
    assert.equal(ask(state).question, 'Log out of acme.cloud.looker.com?');
    assert.match(ask(state).detail, /deletes the API key/);
  });

  it("mentions no key for an account that can't be read and was logged in with the browser", () => {
    const { account } = KATHERINE;
    const known = [{ account, lastUsedAt: 0, isLoggedIn: true, how: 'browser' as const }];
    const { question, detail, revocable } = ask({ accounts: [], known });
    assert.equal(question, 'Log out of Ada Lovelace (acme.cloud.looker.com)?');
    assert.equal(detail, 'To log in again, use your browser.');
    assert.equal(revocable, undefined, 'nothing can be revoked by what cannot be read');
  });

  it('names a few of many accounts, one per line, and counts the others', () => {
    const accounts = [...others(7), ADA, GRACE_BY_ADA];
    const { question, detail } = ask({ accounts, ids: accounts.map(({ account }) => account.id) });
    assert.equal(question, 'Log out of these accounts?');
    const [names = '', lost, ending] = detail.split('\n\n');
    assert.deepEqual(names.split('\n'), [
      ...Array.from({ length: 5 }, (_, index) => `User ${index} (acme.cloud.looker.com)`),
      'and 3 more',
    ]);
    assert.match(lost ?? '', /deletes the API keys of these accounts/);
    assert.equal(ending, "You'll stop acting as Grace Hopper.");
  });

  it("shows the host of an account, whatever its user's name is", () => {
    const label = `${'Ada '.repeat(1000)}(evil.test)`;
    const accounts = [{ ...ADA, account: { ...ADA.account, label } }];
    const { question } = ask({ accounts });
    assert.ok(question.length < 130);
    assert.ok(question.endsWith('(evil.test)?'));
  });
});
