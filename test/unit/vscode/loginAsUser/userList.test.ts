import assert from 'node:assert/strict';
import { USERS_PER_PAGE, type UserPage } from '../../../../src/looker/api/searchUsers';
import type { LookerUser } from '../../../../src/looker/api/user';
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

/** What each line says, in the order of the list. */
const show = (state: Partial<UserListState>) =>
  userList({
    typed: '',
    search: { words: '', users: [], isAsking: false, hasMore: false, failure: undefined },
    adminId: '7',
    recent: [],
    acting: [],
    instance: 'Production',
    ...state,
  }).map((line) =>
    line.is === 'heading'
      ? `== ${line.words}`
      : [line.words, line.description, line.detail].filter(Boolean).join(' | '),
  );

const done = (users: readonly LookerUser[], words = '') => ({
  words,
  users,
  isAsking: false,
  hasMore: false,
  failure: undefined,
});

describe('the list of users to act as', () => {
  it('has the recent ones first, each once, and not the admin', () => {
    assert.deepEqual(
      show({ recent: [user(3)], search: done([user(2, { email: 'two@x.y' }), user(3), user(7)]) }),
      [
        '== Recent',
        'User 3 | id 3',
        '== Users on Production: only Looker admins can act as them',
        'User 2 | two@x.y, id 2',
      ],
    );
  });

  it('has no icon of what is typed', () => {
    const typed = '$(evil) active';
    assert.deepEqual(show({ typed, search: done([], typed) }), [
      '== Users on Production: only Looker admins can act as them',
      'No user found for "＄(evil) active"',
    ]);
  });

  it('says what is typed is being searched for, and finds recent ones at once', () => {
    const recent = [user(3, { name: 'Alan' }), user(4, { name: 'Emmy' })];
    assert.deepEqual(show({ typed: 'ALA', recent, search: done([user(2)]) }), [
      '== Recent',
      'Alan | id 3',
      '== Users on Production: only Looker admins can act as them',
      'Searching…',
    ]);
  });

  it('says in words who is disabled, also of the recent ones', () => {
    assert.deepEqual(
      show({ recent: [user(3)], search: done([user(3, { isDisabled: true })]) }).slice(0, 2),
      ['== Recent', 'User 3 | id 3, disabled'],
    );
  });

  it('says whom one acts as already, as long as the token is good', () => {
    const grace = { id: '12', name: 'Grace Hopper', isDisabled: false };
    const [, line] = show({ acting: [GRACE_BY_ADA], search: done([grace]) });
    assert.match(line ?? '', /you act as them already: token good for 52 minutes/);
    const [, expired] = show({ acting: [{ ...GRACE_BY_ADA, timeLeft: 0 }], search: done([grace]) });
    assert.equal(expired, 'Grace Hopper | id 12');
  });

  it('takes a typed id until a user of that id is found, and never that of the admin', () => {
    assert.ok(show({ typed: '42' }).includes('User id 42'));
    assert.ok(!show({ typed: '42', search: done([user(42)], '42') }).includes('User id 42'));
    assert.ok(!show({ typed: '7' }).includes('User id 7'));
    assert.ok(show({ typed: '042' }).includes('User id 42'));
    assert.ok(!show({ typed: '07' }).join().includes('User id'));
  });

  it('says that nobody is found', () => {
    const lines = show({ typed: 'x', search: done([], 'x') });
    assert.deepEqual(lines, [
      '== Users on Production: only Looker admins can act as them',
      'No user found for "x"',
    ]);
  });
});

describe('a search for users', () => {
  it('goes on page by page, and keeps what is there', async () => {
    const pages = [page(1), page(51), page(101, 3)];
    const search = new UserSearch((_words, number) =>
      Promise.resolve(full(pages[number - 1] ?? [])),
    );
    await search.search('', never);
    assert.equal(show({ search }).at(-1), 'Show more…');
    await search.more();
    await search.more();
    assert.deepEqual(search.users, pages.flat());
    assert.equal(show({ search }).at(-1), 'User 103 | id 103');
  });

  it('shows nobody twice whom a newcomer has moved to the next page', async () => {
    const search = new UserSearch((_words, number) =>
      Promise.resolve(full(number === 1 ? page(1) : page(50, 3))),
    );
    await search.search('', never);
    await search.more();
    assert.equal(new Set(search.users.map(({ id }) => id)).size, search.users.length);
  });

  it('says why a page did not come, keeps the others, and tries that page again', async () => {
    const asked: number[] = [];
    let isAway = false;
    const search = new UserSearch((_words, number) => {
      asked.push(number);
      return isAway
        ? Promise.reject(new Error('It is away.'))
        : Promise.resolve(full(page(number * 50)));
    });
    await search.search('', never);
    isAway = true;
    await search.more();
    assert.equal(show({ search }).at(-1), 'Could not search: try again | It is away.');
    assert.equal(search.users.length, USERS_PER_PAGE);
    isAway = false;
    await search.more();
    assert.deepEqual(asked, [1, 2, 2]);
    assert.equal(search.failure, undefined);
  });

  it('takes no answer to what was typed before', async () => {
    const old = new AbortController();
    let answerLate: (page: UserPage) => void = () => undefined;
    const search = new UserSearch((words) =>
      words === 'old'
        ? new Promise((resolve) => (answerLate = resolve))
        : Promise.resolve(full([user(2)])),
    );
    const late = search.search('old', old.signal);
    old.abort();
    await search.search('new', never);
    answerLate(full([user(1)]));
    await late;
    assert.deepEqual([search.words, search.users], ['new', [user(2)]]);
  });
});

/** Users as a server sends them: after a full page there may be more. */
function full(users: readonly LookerUser[]): UserPage {
  return { users, hasMore: users.length === USERS_PER_PAGE };
}
