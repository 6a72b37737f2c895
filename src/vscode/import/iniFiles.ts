import os from 'node:os';
import * as vscode from 'vscode';

/** What Looker's SDKs call the file they look for where they are run. */
const NAME = 'looker.ini';

/** Each `looker.ini` of the workspace, in the root of a folder or in `config`. None is read. */
export function workspaceIniFiles(): Promise<readonly vscode.Uri[]> {
  return inWorkspace(NAME, `config/${NAME}`);
}

/** Each `.env` in the root of a folder of the workspace, which may set variables of the SDKs. None is read. */
export function workspaceEnvFiles(): Promise<readonly vscode.Uri[]> {
  return inWorkspace('.env');
}

/** The `looker.ini` in the user's home folder, if any. It is not read. */
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
    return false; // there is none, or nobody may know
  }
}
