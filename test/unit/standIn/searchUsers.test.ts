import assert from 'node:assert/strict';
import { StandInLooker } from '../../standIn/standInLooker';
import type { ApiVersion } from '../../standIn/standInLooker';
import { ask, logIn } from './ask';

describe('stand-in Looker: GET /users/search', () => {
  let looker: StandInLooker;
  let admin: string;
  let developer: string;
  before(async () => {
    looker = await StandInLooker.start();
    admin = await logIn(looker, 'Ada');
    developer = await logIn(looker, 'Grace');
  });
  after(() => looker.stop());

  const search = (query: Record<string, string>, token = admin, version: ApiVersion = '4.0') =>
    ask(looker, `GET /api/${version}/users/search?${new URLSearchParams(query).toString()}`, {
      token,
    });
  const idsOf = async (query: Record<string, string>, token?: string, version?: ApiVersion) => {
    const { json } = await search(query, token, version);
    return (json as { id: unknown }[]).map(({ id }) => Number(id));
  };

  it('finds everyone without criteria', async () => {
    assert.deepEqual(await idsOf({}), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(await idsOf({ first_name: '' }), [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('writes integer IDs in 3.x and strings in 4.0', async () => {
    const query = { last_name: 'Lovelace', fields: 'id' };
    assert.deepEqual((await search(query, admin, '3.0')).json, [{ id: 1 }]);
    assert.deepEqual((await search(query, admin, '3.1')).json, [{ id: 1 }]);
    assert.deepEqual((await search(query, admin, '4.0')).json, [{ id: '1' }]);
  });

  it('matches the whole name, in any case', async () => {
    assert.deepEqual(await idsOf({ first_name: 'grace' }), [2, 8]);
    assert.deepEqual(await idsOf({ first_name: 'grac' }), []);
  });

  it('treats % as any text and _ as one character', async () => {
    assert.deepEqual(await idsOf({ last_name: '%o%' }), [1, 2, 4, 6, 7, 8]);
    assert.deepEqual(await idsOf({ first_name: 'a_a' }), [1]);
    assert.deepEqual(await idsOf({ first_name: 'a_an' }), [3]);
  });

  it('treats every other character literally', async () => {
    assert.deepEqual(await idsOf({ first_name: '.*' }), []);
    assert.deepEqual(await idsOf({ email: 'grace.b.hopper@example.com' }), [8]);
    assert.deepEqual(await idsOf({ email: 'gracexb.hopper@example.com' }), []);
  });

  it('finds users with and without an e-mail', async () => {
    assert.deepEqual(await idsOf({ email: 'IS NULL' }), [6, 7]);
    assert.deepEqual(await idsOf({ email: 'NOT NULL', last_name: 'Hopper' }), [2, 8]);
  });

  it('requires all criteria, or any of them with filter_or', async () => {
    const query = { first_name: 'grace', email: '%.b.%' };
    assert.deepEqual(await idsOf(query), [8]);
    assert.deepEqual(await idsOf({ ...query, filter_or: 'false' }), [8]);
    assert.deepEqual(await idsOf({ ...query, filter_or: 'true' }), [2, 8]);
    assert.deepEqual(await idsOf({ filter_or: 'true' }), [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('finds by one ID or several', async () => {
    assert.deepEqual(await idsOf({ id: '3' }), [3]);
    assert.deepEqual(await idsOf({ id: '3, 7,99' }), [3, 7]);
    assert.deepEqual(await idsOf({ id: 'ada' }), []);
    assert.equal((await search({ id: 'ada' }, admin, '3.1')).status, 400);
  });

  it('finds by the kind of user', async () => {
    assert.deepEqual(await idsOf({ is_disabled: 'true' }), [5]);
    assert.deepEqual(await idsOf({ embed_user: 'true' }), [7]);
    assert.deepEqual(await idsOf({ is_service_account: 'true' }), [6]);
    assert.equal((await search({ is_disabled: 'yes' })).status, 400);
  });

  it("ignores parameters that the API version doesn't have", async () => {
    assert.deepEqual(await idsOf({ full_name: 'Grace Hopper' }), [2, 8]);
    assert.equal((await idsOf({ full_name: 'Grace Hopper' }, admin, '3.1')).length, 8);
    assert.equal((await idsOf({ embed_user: 'true' }, admin, '3.0')).length, 8);
    assert.equal((await idsOf({ limit: '2' }, admin, '3.1')).length, 8);
  });

  it('sorts by one field or several, in either direction', async () => {
    assert.deepEqual(await idsOf({ sorts: 'id desc', limit: '3' }), [8, 7, 6]);
    assert.deepEqual(await idsOf({ sorts: 'last_name,id desc', limit: '4' }), [5, 6, 8, 2]);
    assert.deepEqual(await idsOf({ sorts: 'no_such_field', limit: '2' }), [1, 2]);
  });

  it('pages by limit and offset, which override page and per_page', async () => {
    assert.deepEqual(await idsOf({ limit: '3' }), [1, 2, 3]);
    assert.deepEqual(await idsOf({ limit: '3', offset: '6' }), [7, 8]);
    assert.deepEqual(await idsOf({ limit: '0' }), []);
    assert.deepEqual(await idsOf({ limit: '1', page: '2', per_page: '3' }), [1]);
    assert.equal((await search({ limit: 'many' })).status, 400);
  });

  it('pages by page and per_page', async () => {
    assert.deepEqual(await idsOf({ per_page: '3' }, admin, '3.0'), [1, 2, 3]);
    assert.deepEqual(await idsOf({ page: '3', per_page: '3' }, admin, '3.1'), [7, 8]);
  });

  it('shows non-admins names, and no e-mail but their own', async () => {
    const { json } = await search({ last_name: 'Hopper', fields: 'id,email' }, developer);
    assert.deepEqual(json, [{ id: '2', email: 'grace@example.com' }, { id: '8' }]);
  });

  it("doesn't let non-admins search fields they may not see", async () => {
    assert.deepEqual(await idsOf({ email: 'ada@example.com' }, developer), []);
    assert.deepEqual(await idsOf({ is_disabled: 'true' }, developer), []);
    assert.deepEqual(
      await idsOf({ email: '%lace%', last_name: '%lace%', filter_or: 'true' }, developer),
      [1],
    );
  });

  it("doesn't let non-admins sort by them either: hidden values come last", async () => {
    assert.deepEqual(await idsOf({ sorts: 'email,id' }), [1, 3, 5, 8, 2, 4, 6, 7]);
    assert.deepEqual(await idsOf({ sorts: 'email,id' }, developer), [2, 1, 3, 4, 5, 6, 7, 8]);
  });
});
