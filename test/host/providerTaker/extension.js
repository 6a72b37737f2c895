/* global exports */
const vscode = require('vscode');

/** Registers first, with a provider that fails. */
exports.activate = (context) => {
  const { event } = new vscode.EventEmitter();
  const fail = () => Promise.reject(new Error('The other provider fails.'));
  const provider = {
    onDidChangeSessions: event,
    getSessions: fail,
    createSession: fail,
    removeSession: fail,
  };
  context.subscriptions.push(
    vscode.authentication.registerAuthenticationProvider('looker', 'Other Looker', provider),
  );
};
