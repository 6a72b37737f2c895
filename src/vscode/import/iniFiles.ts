import os from 'node:os';
import * as vscode from 'vscode';

/** Name of the file that Looker's SDKs look for in the current folder. */
const NAME = 'looker.ini';

/** Each `looker.ini` in the root of a workspace folder or in `config`. Reads none of them. */
export function workspaceIniFiles(): Promise<readonly vscode.Uri[]> {
  return inWorkspace(NAME, `config/${NAME}`);
}

/** Each `.env` in the root of a workspace folder, which may set variables of the SDKs. Reads none of them. */
export function workspaceEnvFiles(): Promise<readonly vscode.Uri[]> {
  return inWorkspace('.env');
}

/** The `looker.ini` in the user's home folder, if any. Doesn't read it. */
export function homeIniFiles(): Promise<readonly vscode.Uri[]> {
  return existing([vscode.Uri.joinPath(vscode.Uri.file(os.homedir()), NAME)]);
}

function inWorkspace(...names: readonly string[]): Promise<readonly vscode.Uri[]> {
  return existing(
    (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) =>
      names.map((name) => vscode.Uri.joinPath(uri, name)),
    ),
  );
}

async function existing(files: readonly vscode.Uri[]): Promise<readonly vscode.Uri[]> {
  const found = await Promise.all(files.map(isFile));
  return files.filter((_file, index) => found[index]);
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
  } catch {
    return false; // missing, or not accessible
  }
}
