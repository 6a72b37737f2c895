import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { isTaken } from '../../../../src/vscode/provider/isTaken';
import { showTaken } from '../../../../src/vscode/provider/takenProvider';
import { filesWith } from '../../../support/leaks';
import { HOME } from '../environment';
import { EXTENSION } from '../looker';
import { ScriptedUser } from '../scriptedUser';

const WORDS = 'provides Looker sessions in place of Looker Auth';

describe('an extension that has registered the provider ID first', () => {
  before(async () => {
    await vscode.extensions.getExtension(EXTENSION)?.activate();
  });

  it('is detected, and named in the log', async () => {
    let found: readonly string[] = [];
    while (found.length === 0) {
      found = await filesWith(HOME, [`(looker-test.provider-taker) ${WORDS}`]);
    }
    assert.equal(found.length, 1);
  });

  it('is named in a message, as text, with a button that shows it', async () => {
    const user = new ScriptedUser();
    const shown: unknown[] = [];
    const { executeCommand } = vscode.commands;
    Object.assign(vscode.commands, {
      executeCommand: (...args: unknown[]) => Promise.resolve(shown.push(args)),
    });
    try {
      user.press('Show Extension');
      const log = { info: () => undefined, warn: () => undefined };
      assert.ok(await isTaken({ timesListed: 0 }));
      await showTaken(log);
    } finally {
      Object.assign(vscode.commands, { executeCommand });
      user.dispose();
    }
    assert.equal(user.messages.length, 1);
    const name = '(Other Looker)(command∶workbench.action…';
    assert.ok(user.messages[0]?.startsWith(`${name} (looker-test.provider-taker) ${WORDS}`));
    assert.deepEqual(shown, [['extension.open', 'looker-test.provider-taker']]);
  });
});
