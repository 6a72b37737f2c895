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
});
