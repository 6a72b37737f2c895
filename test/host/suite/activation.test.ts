import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../../support/until';
import { EXTENSION } from './looker';

describe('a new window', () => {
  it('has the extension, active without having been asked for', async () => {
    const extension = vscode.extensions.getExtension(EXTENSION);
    await until(() => extension?.isActive === true);
  });

  it('has nobody logged in, and says so at once', async () => {
    assert.deepEqual([...(await vscode.authentication.getAccounts('looker'))], []);
  });
});
