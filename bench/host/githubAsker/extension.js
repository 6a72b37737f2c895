/* global exports */
const vscode = require('vscode');

exports.activate = ({ subscriptions }) => {
  subscriptions.push(
    vscode.commands.registerCommand('asker.ask', () =>
      vscode.authentication.getSession('github', ['read:user'], { silent: true }),
    ),
  );
};
