/* global exports, fetch */
const { readFile } = require('node:fs/promises');
const path = require('node:path');
const vscode = require('vscode');

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand('lookerConsumer.whoAmI', whoAmI),
    vscode.commands.registerCommand('lookerConsumer.runReadmeExample', runReadmeExample),
  );
};

/**
 * Asks Looker, with the session of Looker Auth, whose session it is. Says and returns the answer, or why there is
 * none.
 */
async function whoAmI(options = { createIfNone: true }) {
  try {
    const session = await vscode.authentication.getSession('looker', [], options);
    const user = await askLooker(session);
    const answer = `You are ${user.display_name} (id ${user.id})`;
    void vscode.window.showInformationMessage(answer);
    return answer;
  } catch (error) {
    void vscode.window.showErrorMessage(error.message);
    return error.message;
  }
}

async function askLooker({ accessToken, looker }) {
  const response = await fetch(`${looker.baseUrl}/api/${looker.apiVersion}/user`, {
    headers: { authorization: `token ${accessToken}` },
  });
  if (!response.ok) throw new Error(`Looker answered ${response.status}`);
  return await response.json();
}

/** Runs the example that the README of Looker Auth gives to authors, as it stands there. */
async function runReadmeExample() {
  const { extensionPath } = vscode.extensions.getExtension('looker-auth.looker-auth');
  const readme = await readFile(path.join(extensionPath, 'README.md'), 'utf8');
  const [, example] = /```js\n([\s\S]*?)```/.exec(readme);
  await new Function('vscode', `return (async () => { ${example} })()`)(vscode);
}
