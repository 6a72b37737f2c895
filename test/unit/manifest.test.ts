import assert from 'node:assert/strict';
import manifest from '../../package.json';

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
    const { caFile } =
      manifest.contributes.configuration.properties['lookerAuth.instances'].items.properties;
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
