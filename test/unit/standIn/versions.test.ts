import assert from 'node:assert/strict';
import { API_VERSIONS } from '../../standIn/apiVersion';
import { StandInLooker, type StandInOptions } from '../../standIn/standInLooker';
import { ask, formOf, logIn } from './ask';

interface Versions {
  looker_release_version: string;
  current_version: { version: string };
  supported_versions: { version: string }[];
  api_server_url: string;
}

describe('stand-in Looker: versions', () => {
  let looker: StandInLooker;
  const start = async (options?: StandInOptions) => (looker = await StandInLooker.start(options));
  afterEach(() => looker.stop());

  it('are shown to anyone at the root', async () => {
    await start({ release: '24.6.3' });
    const { json } = await ask(looker, 'GET /versions');
    const versions = json as Versions;
    assert.equal(versions.looker_release_version, '24.6.3');
    assert.deepEqual(versions.current_version, {
      version: '4.0',
      full_version: '4.0.24.6',
      status: 'current',
      swagger_url: `${looker.baseUrl}/api/4.0/swagger.json`,
    });
    assert.deepEqual(
      versions.supported_versions.map(({ version }) => version),
      ['3.0', '3.1', '4.0'],
    );
    assert.equal(versions.api_server_url, looker.baseUrl);
  });

  it('are shown under each API version with a token', async () => {
    await start();
    for (const version of API_VERSIONS) {
      const path = `GET /api/${version}/versions?fields=looker_release_version`;
      const token = await logIn(looker, 'Grace', version);
      assert.equal((await ask(looker, path)).status, 401);
      assert.deepEqual((await ask(looker, path, { token })).json, {
        looker_release_version: '26.12.3',
      });
    }
  });

  it('are only those it is started with', async () => {
    await start({ apiVersions: ['3.1', '3.0'] });
    const { json } = await ask(looker, 'GET /versions');
    assert.equal((json as Versions).current_version.version, '3.1');
    const form = formOf(looker.apiKeyOf('Ada'));
    assert.equal((await ask(looker, 'POST /api/3.0/login', { form })).status, 200);
    const { status, headers } = await ask(looker, 'POST /api/4.0/login', { form });
    assert.equal(status, 404);
    assert.match(String(headers.get('content-type')), /^text\/html/);
  });
});

describe('stand-in Looker: any other path', () => {
  let looker: StandInLooker;
  before(async () => (looker = await StandInLooker.start()));
  after(() => looker.stop());

  it('is a "not found" page, not JSON', async () => {
    const paths = [
      'POST /login',
      'POST //api/4.0/login',
      'POST /api/4.0/login/',
      'GET /api/4.0/login',
      'GET /api/4.0/dashboards',
      'GET /api/2.99/versions',
    ];
    for (const path of paths) {
      const { status, text } = await ask(looker, path);
      assert.equal(status, 404, path);
      assert.match(text, /<title>Looker Not Found \(404\)<\/title>/);
    }
  });

  it('is a login page at the root', async () => {
    const { status, headers, text } = await ask(looker, 'GET /');
    assert.equal(status, 200);
    assert.match(String(headers.get('content-type')), /^text\/html/);
    assert.match(text, /type="password"/);
  });
});
