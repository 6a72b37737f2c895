// The settings that a window reads at its start. All others are read by Settings, which is loaded when it is needed.
import * as vscode from 'vscode';
import type { Disposable } from '../../base/emitter';
import type { RenewalMode } from '../../accounts/renewal/renewalPlan';

/** When tokens are renewed. It is read again only after a change, since every plan for a token depends on it. */
export class RenewalSetting {
  private latest: RenewalMode | undefined;

  get mode(): RenewalMode {
    return (this.latest ??= readMode());
  }

  /** Keeps the mode up to date. @param onDidChange called after each change */
  watch(onDidChange: () => void): Disposable {
    this.latest = undefined;
    return vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration('lookerAuth.renewal')) return;
      this.latest = undefined;
      onDidChange();
    });
  }
}

/** An invalid setting counts as `background`. */
function readMode(): RenewalMode {
  const mode = vscode.workspace.getConfiguration('lookerAuth').get<string>('renewal');
  return mode === 'onUse' || mode === 'off' ? mode : 'background';
}

/** Whether `lookerAuth.instances` has any entries, valid or not. */
export function hasInstances(): boolean {
  const setting = vscode.workspace.getConfiguration('lookerAuth').get<unknown>('instances');
  return Array.isArray(setting) ? setting.length > 0 : setting != null;
}
