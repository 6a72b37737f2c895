import assert from 'node:assert/strict';
import { USERS_PER_PAGE, type UserPage } from '../../../../src/looker/api/searchUsers';
import type { LookerUser } from '../../../../src/looker/api/user';
import { ServerError } from '../../../../src/looker/errors/response';
import { NonAdmins } from '../../../../src/vscode/loginAsUser/nonAdmins';
import { userList, type UserListState } from '../../../../src/vscode/loginAsUser/userList';
import { UserSearch } from '../../../../src/vscode/loginAsUser/userSearch';
import { GRACE_BY_ADA } from '../../../support/accountStatus';

const user = (id: number, more: Partial<LookerUser> = {}): LookerUser => ({
  id: String(id),
  name: `User ${id}`,
  isDisabled: false,
  ...more,
});
const page = (from: number, count = USERS_PER_PAGE) =>
  Array.from({ length: count }, (_, index) => user(from + index));
const never = new AbortController().signal;

/** The lines as text, in order. */
const show = (state: Partial<UserListState>) =>
  userList({
    typed: '',
    search: { query: '', users: [], isAsking: false, hasMore: false, failure: undefined },
    admin: { id: '7', name: 'Ada Lovelace' },
    isNonAdmin: false,
    recent: [],
    acting: [],
    instance: 'Production',
    ...state,
  }).map((line) =>
    line.kind === 'heading'
      ? `== ${line.label}`
      : [line.label, line.description, line.detail].filter(Boolean).join(' | '),
  );

const done = (users: readonly LookerUser[], query = '') => ({
  query,
  users,
  isAsking: false,
  hasMore: false,
  failure: undefined,
});

describe('the list of users to act as', () => {
  it('has recent users first, each once, without the admin', () => {
    assert.deepEqual(
      show({ recent: [user(3)], search: done([user(2, { email: 'two@x.y' }), user(3), user(7)]) }),
      ['== Recent', 'User 3 | ID 3', '== Users on Production', 'User 2 | two@x.y · ID 2'],
    );
  });

  it('shows no icons from the typed text', () => {
    const typed = '$(evil) active';
    assert.deepEqual(show({ typed, search: done([], typed) }), [
      '== Users on Production',
      'No user matches "＄(evil) active" | Try part of the name, the email, or the user ID.',
    ]);
  });

  it('shows that a search is running, and finds recent users at once', () => {
    const recent = [user(3, { name: 'Alan' }), user(4, { name: 'Emmy' })];
    assert.deepEqual(show({ typed: 'ALA', recent, search: done([user(2)]) }), [
      '== Recent',
      'Alan | ID 3',
      '== Users on Production',
      'Searching…',
    ]);
  });

  it('finds recent users by a name as it is in Looker, and as it is shown', () => {
    const recent = [user(3, { name: 'AC∕DC André', email: 'a/c@x.y' })];
    for (const typed of ['AC/DC', 'AC∕DC', 'ac/dc, andre\u0301', '\u2068AC∕DC\u2069', 'a/c@x.y']) {
      const [heading, line] = show({ typed, recent });
      assert.deepEqual([heading, line], ['== Recent', 'AC∕DC André | a/c@x.y · ID 3'], typed);
    }
    assert.equal(show({ typed: 'AC/DD', recent }).includes('== Recent'), false);
  });

  it('says in words which users are disabled, also for recent ones', () => {
    assert.deepEqual(
      show({ recent: [user(3)], search: done([user(3, { isDisabled: true })]) }).slice(0, 2),
      ['== Recent', 'User 3 | disabled · ID 3'],
    );
  });

  it('says which users already have a sudo account, while its token is valid', () => {
    const grace = { id: '12', name: 'Grace Hopper', isDisabled: false };
    const [, line] = show({ acting: [GRACE_BY_ADA], search: done([grace]) });
    assert.match(line ?? '', /already acting as this user, token valid for 52 minutes/);
    const [, expired] = show({ acting: [{ ...GRACE_BY_ADA, timeLeft: 0 }], search: done([grace]) });
    assert.equal(expired, 'Grace Hopper | ID 12');
  });

  it("offers a typed ID until a user with that ID is found, and never the admin's", () => {
    assert.ok(show({ typed: '42' }).includes('User ID 42'));
    assert.ok(!show({ typed: '42', search: done([user(42)], '42') }).includes('User ID 42'));
    assert.ok(!show({ typed: '7' }).includes('User ID 7'));
    assert.ok(show({ typed: '042' }).includes('User ID 42'));
    assert.ok(!show({ typed: '07' }).join().includes('User id'));
  });

  it('says that no user was found, and what to try', () => {
    const nobody = (typed: string, isNonAdmin = false) =>
      show({ typed, isNonAdmin, search: done([], typed) }).at(-1);
    assert.equal(
      nobody('x'),
      'No user matches "x" | Try part of the name, the email, or the user ID.',
    );
    // For non-admins, Looker doesn't search by email.
    for (const words of [nobody('x@y.z'), nobody('x', true)]) {
      assert.match(words ?? '', /^No user matches ".*" \| Try part of the name, or the user ID\.$/);
    }
    assert.equal(nobody(''), 'No other users to show');
  });

  it('says first that Looker will refuse, if that is known', () => {
    assert.deepEqual(show({ isNonAdmin: true, search: done([user(2)]) }), [
      "Ada Lovelace isn't an admin on Production | Looker only lets admins act as other users. Log in with an admin account.",
      '== Users on Production',
      'User 2 | ID 2',
    ]);
  });
});

describe("accounts that are known not to be an admin's", () => {
  const others = [user(2), user(3)];
  const nameOnly = others.map((other) => ({ ...other, isNameOnly: true as const }));

  it('only see names of other users', () => {
    const nonAdmins = new NonAdmins();
    nonAdmins.learn('plain', nameOnly);
    nonAdmins.learn('admin', others);
    assert.deepEqual([nonAdmins.has('plain'), nonAdmins.has('admin')], [true, false]);
  });

  it("don't include one that saw no users, or more than a user's name: it may be an admin's", () => {
    const nonAdmins = new NonAdmins();
    nonAdmins.learn('unknown', []);
    nonAdmins.learn('admin', [user(1), ...nameOnly]);
    assert.deepEqual([nonAdmins.has('unknown'), nonAdmins.has('admin')], [false, false]);
  });

  it('are cleared once they see more', () => {
    const nonAdmins = new NonAdmins();
    nonAdmins.learn('one', nameOnly);
    nonAdmins.learn('one', []);
    assert.ok(nonAdmins.has('one'));
    nonAdmins.learn('one', others);
    assert.ok(!nonAdmins.has('one'));
  });
});

describe('a search for users', () => {
  it('continues page by page, and keeps earlier pages', async () => {
    const pages = [page(1), page(51), page(101, 3)];
    const search = new UserSearch((_words, number) =>
      Promise.resolve(full(pages[number - 1] ?? [])),
    );
    await search.search('', never);
    assert.equal(show({ search }).at(-1), 'Show More…');
    await search.more();
    await search.more();
    assert.deepEqual(search.users, pages.flat());
    assert.equal(show({ search }).at(-1), 'User 103 | ID 103');
  });

  it('shows no user twice if a new user has moved pages', async () => {
    const search = new UserSearch((_words, number) =>
      Promise.resolve(full(number === 1 ? page(1) : page(50, 3))),
    );
    await search.search('', never);
    await search.more();
    assert.equal(new Set(search.users.map(({ id }) => id)).size, search.users.length);
  });

  it('says why a page is missing, keeps the others, and retries that page', async () => {
    const asked: number[] = [];
    let isAway = false;
    const search = new UserSearch((_words, number) => {
      asked.push(number);
      return isAway
        ? Promise.reject(new ServerError('https://acme.looker.com', 500))
        : Promise.resolve(full(page(number * 50)));
    });
    await search.search('', never);
    isAway = true;
    await search.more();
    assert.equal(
      show({ search }).at(-1),
      "Couldn't search. Try again | acme.looker.com is reachable, but responds with an error.",
    );
    assert.equal(search.users.length, USERS_PER_PAGE);
    isAway = false;
    await search.more();
    assert.deepEqual(asked, [1, 2, 2]);
    assert.equal(search.failure, undefined);
  });

  it('ignores results for an earlier text', async () => {
    const old = new AbortController();
    let answerLate: (page: UserPage) => void = () => undefined;
    const search = new UserSearch((query) =>
      query === 'old'
        ? new Promise((resolve) => (answerLate = resolve))
        : Promise.resolve(full([user(2)])),
    );
    const late = search.search('old', old.signal);
    old.abort();
    await search.search('new', never);
    answerLate(full([user(1)]));
    await late;
    assert.deepEqual([search.query, search.users], ['new', [user(2)]]);
  });
});

/** Users as a server sends them. After a full page, there may be more. */
function full(users: readonly LookerUser[]): UserPage {
  return { users, hasMore: users.length === USERS_PER_PAGE };
}
