/* global exports */
const vscode = require('vscode');

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand('lookerRude.ask', ask),
    vscode.commands.registerCommand('lookerRude.askInALoop', askInALoop),
    vscode.commands.registerCommand('lookerRude.listen', listen),
    vscode.commands.registerCommand('lookerRude.insist', insist),
    vscode.commands.registerCommand('lookerRude.askWithOthers', askWithOthers),
    vscode.commands.registerCommand('lookerRude.askModelTool', askModelTool),
    vscode.commands.registerCommand('lookerRude.askAndSay', askAndSay),
    vscode.commands.registerCommand('lookerRude.askWhose', askWhose),
  );
};

/** Requests all of these scopes at once. @returns the outcomes: a token, an error's message, or nothing */
function ask(...scopeLists) {
  return Promise.all(scopeLists.map((scopes) => askOnce(scopes, { silent: true })));
}

/** Requests again after each response, for this many ms. @returns how often */
async function askInALoop(scopes, ms) {
  const end = Date.now() + ms;
  let times = 0;
  for (; Date.now() < end; times++) await askOnce(scopes, { silent: true });
  return times;
}

/** Requests again at each change of sessions, and then throws. @returns how often, and a function to stop */
function listen() {
  let times = 0;
  const listener = vscode.authentication.onDidChangeSessions(() => {
    times++;
    void askOnce([], { silent: true });
    throw new Error('Rude.');
  });
  return { dispose: () => listener.dispose(), times: () => times };
}

/** Prompts the user, and after a no, continues without prompting. */
async function insist() {
  const answer = await askOnce([], { createIfNone: true });
  for (let times = 0; times < 100; times++) {
    await askOnce([], times % 2 ? { silent: true } : {});
    await askOnce(['sudo:1'], times % 2 ? { silent: true } : {});
  }
  void vscode.window.showInformationMessage(`Rude after: ${answer}`);
}

/** Requests at the same time as the example. */
async function askWithOthers() {
  void vscode.commands.executeCommand('lookerWhoami.whoAmI');
  const session = await vscode.authentication.getSession('looker', [], { createIfNone: true });
  void vscode.window.showInformationMessage(`Rude as ${session.account.label}`);
}

/** Prompts the user. @returns the outcome */
async function askAndSay() {
  try {
    await vscode.authentication.getSession('looker', [], { createIfNone: true });
    void vscode.window.showInformationMessage('Rude has a session.');
  } catch (error) {
    void vscode.window.showInformationMessage(`Rude has ${error.name}: ${error.message}`);
  }
}

/** Prompts the user. @returns the account of the session */
async function askWhose() {
  const session = await vscode.authentication.getSession('looker', [], { createIfNone: true });
  void vscode.window.showInformationMessage(`Rude is ${session.account.label}`);
}

async function askModelTool() {
  try {
    const { content } = await vscode.lm.invokeTool('looker_accounts', { input: {} });
    void vscode.window.showInformationMessage(`The tool says: ${content[0].value}`);
  } catch (error) {
    void vscode.window.showErrorMessage(`The tool says nothing: ${error.message}`);
  }
}

async function askOnce(scopes, options) {
  try {
    return (await vscode.authentication.getSession('looker', scopes, options))?.accessToken;
  } catch (error) {
    return error.message;
  }
}
