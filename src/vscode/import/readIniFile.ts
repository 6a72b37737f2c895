import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { IniFileError } from '../../looker/errors/input';
import { inertText } from '../../looker/inert';
import { LONGEST_FILE, textOf } from '../../looker/apiKeys/fileText';

/** A character takes at most four bytes. */
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

/** Name of a file for the user: its path, relative to the workspace if it is inside. */
export function nameOfFile(file: vscode.Uri): string {
  return inertText(vscode.workspace.asRelativePath(file));
}
