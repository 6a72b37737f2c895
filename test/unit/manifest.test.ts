import assert from 'node:assert/strict';
import manifest from '../../package.json';

describe('the manifest', () => {
  it('supports Restricted Mode and virtual workspaces', () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    assert.deepEqual(untrustedWorkspaces, { supported: true });
    assert.equal(virtualWorkspaces, true);
  });

  it("prefers the window's machine, which has the user's keyring and network, and doesn't run in a browser", () => {
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
    assert.ok(!('browser' in manifest));
  });

  for (const [name, setting] of Object.entries(manifest.contributes.configuration.properties)) {
    it(`reads ${name} only from the user settings, not from a workspace or a remote machine`, () => {
      assert.equal(setting.scope, 'application');
    });
  }

  describe('in an entry of lookerAuth.instances', () => {
    const { caFile } =
      manifest.contributes.configuration.properties['lookerAuth.instances'].items.properties;
    for (const path of [
      '/etc/ca.pem',
      '~/ca.pem',
      'C:\\ca.pem',
      'c:/ca.pem',
      '\\\\server\\ca.pem',
    ]) {
      it(`accepts the CA file ${path}`, () => {
        assert.match(path, new RegExp(caFile.pattern, 'u'));
      });
    }
    for (const path of ['ca.pem', './ca.pem', '~ada/ca.pem', '']) {
      it(`underlines the CA file "${path}"`, () => {
        assert.doesNotMatch(path, new RegExp(caFile.pattern, 'u'));
      });
    }
  });
});
