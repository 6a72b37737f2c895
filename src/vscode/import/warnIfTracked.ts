import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { addToGitignore, gitStatus } from './gitIgnore';
import { nameOfFile } from './readIniFile';
import { notify } from '../prompts/notify';
import { showDone } from '../prompts/showDone';

/**
 * Warns about API keys in a file that git tracks, or would add with the next commit, and offers a fix. Does nothing if
 * git can't say, or must not run because the workspace isn't trusted.
 */
export async function warnIfTracked(file: vscode.Uri): Promise<void> {
  const isOurs = vscode.workspace.getWorkspaceFolder(file) !== undefined;
  if (!vscode.workspace.isTrusted || !isOurs || file.scheme !== 'file') return;
  const status = await gitStatus(file.fsPath);
  if (status !== 'tracked' && status !== 'notIgnored') return;
  const name = nameOfFile(file);
  const ignore = l10n.t('Add to .gitignore');
  const open = l10n.t('Open {0}', name);
  const answer =
    status === 'tracked'
      ? await notify(
          'warning',
          l10n.t(
            'Git tracks {0}, so anyone with the repository can read its API keys. Remove them from the file, and create new ones in Looker.',
            name,
          ),
          open,
        )
      : await notify(
          'warning',
          l10n.t(
            "Git doesn't ignore {0}, so your next commit may publish its API keys. Add the file to .gitignore.",
            name,
          ),
          ignore,
          open,
        );
  if (answer === ignore) {
    await addToGitignore(file.fsPath);
    showDone(l10n.t('Git now ignores {0}', name));
  }
  if (answer === open) await vscode.window.showTextDocument(file);
}
