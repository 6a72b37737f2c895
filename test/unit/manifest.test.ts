import assert from 'node:assert/strict';
import { parseBaseUrl } from '../../src/looker/baseUrl';
import { InvalidInstanceError } from '../../src/looker/errors';
import manifest from '../../package.json';

const GOOD_URLS = [
  'https://acme.cloud.looker.com',
  ' HTTPS://Acme.Cloud.Looker.com/ ',
  'acme.looker.com///',
  '//acme.looker.com',
  '<https://acme.looker.com>',
  '"acme.looker.com"',
  'https://looker.acme.dev:19999/api/4.0',
  'https://acme.looker.com/explore/m/v?fields=v.a&f[v.b]=x#y',
  'http://looker.intern:9999/login',
  'https://bücher.example',
  '10.0.0.7:19999',
  '[2001:db8::7]:19999',
  'https://looker',
  'looker:19999',
  'localhost',
  'localhost:9999',
];
const BAD_URLS = [
  '',
  '   ',
  'looker',
  'acme looker com',
  'https://',
  'http://:80',
  'a..b',
  '?',
  '12345',
  '12345:9',
  'ftp://acme.looker.com',
  'https://id:hunter2@acme.looker.com',
  'id@acme.looker.com',
];

describe('the manifest', () => {
  it('lets us run where nothing is trusted, and where there are no files', () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    assert.deepEqual(untrustedWorkspaces, { supported: true });
    assert.equal(virtualWorkspaces, true);
  });

  it('prefers the machine of the window, where keyring and network are the user’s own', () => {
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
    assert.ok(!('browser' in manifest));
  });

  for (const [name, setting] of Object.entries(manifest.contributes.configuration.properties)) {
    it(`takes ${name} from the user alone, from no workspace and no remote machine`, () => {
      assert.equal(setting.scope, 'application');
    });
  }

  describe('underlines in an entry of lookerAuth.instances', () => {
    const { url, caFile } =
      manifest.contributes.configuration.properties['lookerAuth.instances'].items.properties;
    for (const good of GOOD_URLS) {
      it(`no URL such as "${good}", which log-in takes`, () => {
        assert.doesNotThrow(() => parseBaseUrl(good));
        assert.match(good, new RegExp(url.pattern, 'u'));
      });
    }
    for (const bad of BAD_URLS) {
      it(`a URL such as "${bad}", which log-in refuses`, () => {
        assert.throws(() => parseBaseUrl(bad), InvalidInstanceError);
        assert.doesNotMatch(bad, new RegExp(url.pattern, 'u'));
      });
    }

    for (const path of [
      '/etc/ca.pem',
      '~/ca.pem',
      'C:\\ca.pem',
      'c:/ca.pem',
      '\\\\server\\ca.pem',
    ]) {
      it(`no CA file ${path}`, () => {
        assert.match(path, new RegExp(caFile.pattern, 'u'));
      });
    }
    for (const path of ['ca.pem', './ca.pem', '~ada/ca.pem', '']) {
      it(`a CA file "${path}"`, () => {
        assert.doesNotMatch(path, new RegExp(caFile.pattern, 'u'));
      });
    }
  });
});
