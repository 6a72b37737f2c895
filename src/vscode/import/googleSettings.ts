import * as vscode from 'vscode';
import { inertName } from '../../looker/inert';
import { valuesOf, type Values } from '../../looker/apiKeys/sdkSettings';

/** What Google's extension for Looker saved in VS Code's settings, in one scope. */
export interface GoogleSettings {
  /** A folder's settings have its name, made inert: a workspace file may give it any. */
  readonly scope: 'user' | 'workspace' | { readonly folder: string };
  /** The settings file, if it is in the workspace. */
  readonly file?: vscode.Uri;
  readonly values: Values;
}

/** The name of each scope's value in the result of `inspect`. */
type Scope = 'globalValue' | 'workspaceValue' | 'workspaceFolderValue';

/**
 * The instance and API key that Google's extension saved in `looker.instanceURL`, `looker.clientId`, and
 * `looker.clientSecret` before its release of September 2026, in each scope with a part of a key. Scopes are never
 * combined: that could send a key to another instance.
 */
export function googleSettings(): readonly GoogleSettings[] {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  const [onlyFolder] = workspaceFolders;
  const ofWorkspace = workspaceFile ?? (onlyFolder && settingsIn(onlyFolder));
  return [
    { scope: 'user' as const, values: valuesIn('globalValue') },
    {
      scope: 'workspace' as const,
      ...(ofWorkspace && { file: ofWorkspace }),
      values: valuesIn('workspaceValue'),
    },
    // Without a workspace file, the folder's settings are the workspace's.
    ...(workspaceFile ? workspaceFolders : []).map((folder) => ({
      scope: { folder: inertName(folder.name) || '?' },
      file: settingsIn(folder),
      values: valuesIn('workspaceFolderValue', folder.uri),
    })),
  ].filter(({ values }) => values.client_id !== undefined || values.client_secret !== undefined);
}

function settingsIn({ uri }: vscode.WorkspaceFolder): vscode.Uri {
  return vscode.Uri.joinPath(uri, '.vscode', 'settings.json');
}

function valuesIn(scope: Scope, folder?: vscode.Uri): Values {
  const settings = vscode.workspace.getConfiguration('looker', folder);
  const textOf = (name: string) => {
    const value: unknown = settings.inspect(name)?.[scope];
    return typeof value === 'string' ? value.trim() : '';
  };
  return valuesOf([
    ['base_url', textOf('instanceURL')],
    ['client_id', textOf('clientId')],
    ['client_secret', textOf('clientSecret')],
  ]);
}
