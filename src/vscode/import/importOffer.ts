import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Disposable } from '../../base/emitter';
import { workspaceIniFiles } from './iniFiles';
import type { Messages } from '../messages/messages';
import { notify } from '../prompts/notify';

/** Set in a workspace after the import was offered there. */
const OFFERED = 'lookerAuth.importOffered';
/** Set in the profile after the user has turned offers off, for all workspaces. */
const UNWANTED = 'lookerAuth.importUnwanted';

/** Where offers are remembered. */
type Mementos = Pick<vscode.ExtensionContext, 'workspaceState' | 'globalState'>;

/** Offers once per workspace to import its `looker.ini`. It only looks whether there is one. */
export class ImportOffer {
  constructor(
    private readonly mementos: Mementos,
    private readonly messages: Pick<Messages, 'attempt'>,
  ) {}

  /** Makes no more offers in this workspace: the user has imported one of its files. */
  async settle(file: vscode.Uri): Promise<void> {
    if (!vscode.workspace.getWorkspaceFolder(file)) return;
    await this.mementos.workspaceState.update(OFFERED, true);
  }

  /**
   * Makes the offer, once the user has trusted the workspace.
   * @param importIni gets the file, if there is only one
   */
  make(importIni: (file: vscode.Uri | undefined) => Promise<void>): Disposable {
    const offer = () => this.messages.attempt(() => this.offer(importIni));
    void offer();
    return vscode.workspace.onDidGrantWorkspaceTrust(() => void offer());
  }

  private async offer(importIni: (file: vscode.Uri | undefined) => Promise<void>): Promise<void> {
    const { workspaceState, globalState } = this.mementos;
    if (!vscode.workspace.isTrusted) return;
    if (workspaceState.get(OFFERED) === true || globalState.get(UNWANTED) === true) return;
    const [file, another] = await workspaceIniFiles();
    if (!file) return;
    await workspaceState.update(OFFERED, true);
    const start = l10n.t('Import…');
    const never = l10n.t("Don't Ask Again");
    const answer = await notify(
      'information',
      l10n.t(
        "This workspace has a looker.ini file, which any program you run can read. Looker Auth can log in with its API keys and save them in VS Code's secret storage.",
      ),
      start,
      never,
    );
    if (answer === start) await importIni(another ? undefined : file);
    if (answer === never) await globalState.update(UNWANTED, true);
  }
}
