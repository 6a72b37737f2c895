import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { EXTENSION } from './looker';

/** VS Code runs extensions on another machine: SSH, a container, or a server for a browser. */
describe('with a remote machine', () => {
  before(function () {
    if (vscode.env.remoteName === undefined) this.skip();
  });

  const kindOf = (id: string) => vscode.extensions.getExtension(id)?.extensionKind;

  it('prefers the local machine, and runs on the remote one if only that runs extensions', () => {
    const manifest = vscode.extensions.getExtension(EXTENSION)?.packageJSON as {
      extensionKind: string[];
    };
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
    // A browser runs no extension without a `browser` entry. In a desktop window, it would be UI.
    assert.equal(vscode.env.uiKind, vscode.UIKind.Web);
    assert.equal(kindOf(EXTENSION), vscode.ExtensionKind.Workspace);
  });

  it('serves extensions on the remote machine, as in all tests of this suite', () => {
    assert.equal(kindOf('looker-example.looker-whoami'), vscode.ExtensionKind.Workspace);
    assert.equal(vscode.workspace.workspaceFolders?.[0]?.uri.scheme, 'file', 'its files are there');
  });
});
