import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { snippetPrograms } from '../../../support/snippets';
import { CONSUMER_IS_TRUSTED, OUTSIDE } from '../environment';
import { EXTENSION, run } from '../looker';
import { ScriptedUser } from '../scriptedUser';

/** The message that the code of a section shows, if any. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  'readme.for-extension-authors': ['Hello, Ada Lovelace'],
  'guide.quick-start': ['Hello, Ada Lovelace'],
  'package.looker-auth-api': ['Hello, Ada Lovelace'],
  'guide.errors': [
    'Looker Auth doesn\'t recognize the scope "sudo:1 sudo:2". Use an instance URL such as "https://acme.cloud.looker.com", "sudo:" with a user ID, "workspace:dev", or "workspace:production".',
  ],
  'guide.follow-the-user': ['Hello, Ada Lovelace'],
  'guide.work-in-development-mode': ['dev is dev'],
  'guide.the-exports': ['Ada Lovelace, ada@example.com'],
  'guide.showing-names': ['Hello, [Ada] (command:workbench.action.closeWindow) $ (verified)'],
  'guide.impersonation': ['Nobody acts as user 42.'],
};

describe('the code in the docs for authors', () => {
  const root = vscode.extensions.getExtension(EXTENSION)?.extensionPath ?? '';

  before(async function () {
    if (!CONSUMER_IS_TRUSTED) this.skip();
    const user = new ScriptedUser();
    user.answer(OUTSIDE.baseUrl, OUTSIDE.admin.id, OUTSIDE.admin.secret);
    await run('login');
    user.dispose();
  });

  for (const { section } of snippetPrograms(root)) {
    it(`works in ${section}`, async () => {
      const messages = await vscode.commands.executeCommand(`lookerSnippets.${section}`);
      assert.deepEqual(messages, SAID[section] ?? []);
    });
  }
});
