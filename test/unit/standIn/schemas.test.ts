import assert from 'node:assert/strict';
import * as v from 'valibot';
import { API_VERSIONS, type ApiVersion } from '../../standIn/apiVersion';
import { StandInLooker } from '../../standIn/standInLooker';
import { ask, formOf, logIn, sudo } from './ask';

/** The vendor's schemas, restricted to the stand-in's fields: it has no other fields, and none of another type. */
function schemasOf(version: ApiVersion) {
  const id = version === '4.0' ? v.string() : v.pipe(v.number(), v.integer());
  const url = version === '4.0' ? v.string() : v.pipe(v.string(), v.url());
  const since = (first: ApiVersion, entries: v.ObjectEntries): v.ObjectEntries =>
    version >= first ? entries : {};
  const can = v.record(v.string(), v.boolean());
  const element = v.strictObject({
    version: v.picklist(API_VERSIONS),
    full_version: v.string(),
    status: v.string(),
    swagger_url: url,
  });
  const publicUser = {
    can,
    id,
    first_name: v.string(),
    last_name: v.string(),
    display_name: v.string(),
    avatar_url: v.nullable(url),
    avatar_url_without_sizing: v.nullable(url),
    url,
  };
  return {
    accessToken: v.strictObject({
      access_token: v.string(),
      token_type: v.literal('Bearer'),
      expires_in: v.pipe(v.number(), v.integer()),
      ...since('4.0', { refresh_token: v.nullable(v.string()) }),
    }),
    publicUser: v.strictObject(publicUser),
    user: v.strictObject({
      ...publicUser,
      email: v.nullable(v.string()),
      is_disabled: v.boolean(),
      locale: v.string(),
      group_ids: v.array(id),
      role_ids: v.array(id),
      presumed_looker_employee: v.boolean(),
      verified_looker_employee: v.boolean(),
      roles_externally_managed: v.boolean(),
      credentials_api3: v.array(
        v.strictObject({
          id,
          client_id: v.string(),
          is_disabled: v.boolean(),
          type: v.literal('api3'),
          url,
        }),
      ),
      credentials_embed: v.array(
        v.strictObject({
          id,
          external_user_id: v.string(),
          is_disabled: v.boolean(),
          type: v.literal('embed'),
          url,
        }),
      ),
      credentials_email: v.optional(
        v.strictObject({
          email: v.string(),
          is_disabled: v.boolean(),
          type: v.literal('email'),
          url,
          user_url: url,
        }),
      ),
      ...since('4.0', {
        is_service_account: v.boolean(),
        service_account_name: v.optional(v.string()),
      }),
    }),
    session: v.strictObject({
      can,
      workspace_id: v.picklist(['production', 'dev']),
      sudo_user_id: v.nullable(id),
    }),
    versions: v.strictObject({
      looker_release_version: v.string(),
      current_version: element,
      supported_versions: v.array(element),
      api_server_url: v.string(),
      ...since('3.1', { web_server_url: v.string() }),
    }),
    error: v.strictObject({ message: v.string(), documentation_url: v.pipe(v.string(), v.url()) }),
  };
}

for (const version of API_VERSIONS) {
  describe(`stand-in Looker: responses match the schemas of API ${version}`, () => {
    const schemas = schemasOf(version);
    const at = (what: string) => what.replace(' ', ` /api/${version}`);
    let looker: StandInLooker;
    let admin: string;
    let developer: string;
    before(async () => {
      looker = await StandInLooker.start();
      admin = await logIn(looker, 'Ada', version);
      developer = await logIn(looker, 'Grace', version);
    });
    after(() => looker.stop());

    const read = async (what: string, token: string) =>
      (await ask(looker, at(what), { token })).json;

    it('AccessToken', async () => {
      const form = formOf(looker.apiKeyOf('Ada'));
      v.assert(schemas.accessToken, (await ask(looker, at('POST /login'), { form })).json);
      v.assert(schemas.accessToken, await read('POST /login/2', admin));
    });

    it('User', async () => {
      v.assert(schemas.user, await read('GET /user', developer));
      v.assert(schemas.publicUser, await read('GET /users/1', developer));
      v.assert(v.array(schemas.user), await read('GET /users/search', admin));
    });

    it('ApiSession', async () => {
      v.assert(schemas.session, await read('GET /session', admin));
      const token = await sudo(looker, admin, 2, version);
      v.assert(schemas.session, await read('GET /session', token));
    });

    it('ApiVersion', async () => {
      v.assert(schemas.versions, await read('GET /versions', admin));
    });

    it('Error', async () => {
      const refusals = [
        ['POST /login', admin, 400],
        ['GET /user', 'dead', 401],
        ['POST /login/3', developer, version === '3.0' ? 404 : 403],
        ['GET /users/99', admin, 404],
      ] as const;
      for (const [what, token, status] of refusals) {
        const answer = await ask(looker, at(what), { token });
        assert.equal(answer.status, status);
        v.assert(schemas.error, answer.json);
      }
    });
  });
}
