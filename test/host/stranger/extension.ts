import { type LookerScope, lookerSession } from 'looker-auth-api';
import * as vscode from 'vscode';

type Options = vscode.AuthenticationGetSessionOptions;

/** An extension without consent so far. Its command requests a session, with or without the package. */
export function activate({ subscriptions, extension }: vscode.ExtensionContext): void {
  const [, name = ''] = extension.id.split('.');
  const plain = (scopes: readonly string[], options: Options) =>
    vscode.authentication.getSession('looker', scopes, options);
  const ask = async (scopes: readonly string[], options: Options, usesPackage: boolean) => {
    const asked = usesPackage
      ? lookerSession(scopes as LookerScope[], options)
      : plain(scopes, options);
    return (await asked)?.account.label;
  };
  subscriptions.push(vscode.commands.registerCommand(`${name}.ask`, ask));
}
