import os from 'node:os';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { IniFileError } from '../../looker/errors/input';
import { inertText } from '../../looker/inert';
import { LONGEST_FILE, textOf } from '../../looker/apiKeys/fileText';

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

/** A letter takes four bytes at most. */
const LONGEST_BYTES = LONGEST_FILE * 4;

/** The text of a file. @throws IniFileError */
export async function readIniFile(file: vscode.Uri): Promise<string> {
  const { fs } = vscode.workspace;
  const name = nameOfFile(file);
  try {
    const { size } = await fs.stat(file);
    if (size > LONGEST_BYTES) {
      throw new IniFileError(
        l10n.t('{0} is too large for a looker.ini file. Choose another file.', name),
      );
    }
    return textOf(await fs.readFile(file));
  } catch (error) {
    if (error instanceof IniFileError) throw error;
    const code = error instanceof vscode.FileSystemError ? error.code : String(error);
    throw new IniFileError(
      code === 'FileNotFound'
        ? l10n.t('{0} no longer exists. Choose another file.', name)
        : l10n.t(
            "Looker Auth can't read {0} ({1}). Check its permissions, or choose another file.",
            name,
            code,
          ),
    );
  }
}

/** What people call a file: its path, from the workspace where it is in there. */
export function nameOfFile(file: vscode.Uri): string {
  return inertText(vscode.workspace.asRelativePath(file));
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
