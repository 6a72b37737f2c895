import * as vscode from 'vscode';

/** Runs the snippets from the docs: one command for each section with code. It returns the messages that were shown. */
export function activateWith(sections: Readonly<Record<string, () => Promise<void>>>) {
  return ({ subscriptions }: vscode.ExtensionContext): void => {
    if (process.env['LOOKER_TEST_CONSUMER_TRUSTED'] === 'yes') askSilently();
    for (const [section, run] of Object.entries(sections)) {
      const command = `lookerSnippets.${section}`;
      subscriptions.push(vscode.commands.registerCommand(command, () => messagesOf(run)));
    }
  };
}

async function messagesOf(run: () => Promise<void>): Promise<readonly string[]> {
  const messages: string[] = [];
  const { showInformationMessage, showErrorMessage } = vscode.window;
  const show = (message: string) => {
    messages.push(message);
    void showInformationMessage(message);
  };
  Object.assign(vscode.window, { showInformationMessage: show, showErrorMessage: show });
  try {
    await run();
  } finally {
    Object.assign(vscode.window, { showInformationMessage, showErrorMessage });
  }
  return messages;
}

/** Windows that run tests show no dialogs, so this extension gets consent without one. */
function askSilently(): void {
  const { getSession } = vscode.authentication;
  Object.assign(vscode.authentication, {
    getSession: (
      provider: string,
      scopes: string[],
      options: vscode.AuthenticationGetSessionOptions = {},
    ) => getSession(provider, scopes, options.createIfNone ? { silent: true } : options),
  });
}
