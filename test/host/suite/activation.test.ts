import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../../support/until';
import { EXTENSION } from './looker';

describe('a new window', () => {
  it('activates the extension without a command', async () => {
    const extension = vscode.extensions.getExtension(EXTENSION);
    await until(() => extension?.isActive === true);
  });

  it('has no accounts before the first login', async () => {
    assert.deepEqual([...(await vscode.authentication.getAccounts('looker'))], []);
  });
});
