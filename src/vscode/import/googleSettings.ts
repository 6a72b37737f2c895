import * as vscode from 'vscode';
import { valuesOf, type Values } from '../../looker/apiKeys/sdkSettings';

/** What Google's own extension for Looker kept in the settings of VS Code, of one scope. */
export interface GoogleSettings {
  /** The name of the folder, where they are a folder's. */
  readonly scope: 'user' | 'workspace' | { readonly folder: string };
  /** The file they stand in, where that is one of the workspace. */
  readonly file?: vscode.Uri;
  readonly values: Values;
}

/** How `inspect` names the value of each scope. */
type Scope = 'globalValue' | 'workspaceValue' | 'workspaceFolderValue';

/**
 * The instance and API key that Google's extension had in `looker.instanceURL`, `looker.clientId` and
 * `looker.clientSecret` before its release of September 2026, in each scope that has a part of a key. What one scope says
 * is never completed from another: that would send a key elsewhere.
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
    // Without a workspace file, the folder's settings are those of the workspace.
    ...(workspaceFile ? workspaceFolders : []).map((folder) => ({
      scope: { folder: folder.name },
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
