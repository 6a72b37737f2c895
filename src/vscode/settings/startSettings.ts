// What a window reads of the settings at its start. All else is read by Settings, which is loaded when it is needed.
import * as vscode from 'vscode';
import type { RenewalMode } from '../../accounts/renewal/renewalPlan';

/** When tokens are renewed; in the background where the setting makes no sense. */
export function renewalMode(): RenewalMode {
  const mode = vscode.workspace.getConfiguration('lookerAuth').get<string>('renewal');
  return mode === 'onUse' || mode === 'off' ? mode : 'background';
}

/** Whether there is anything in `lookerAuth.instances`, which may be right or wrong. */
export function namesInstances(): boolean {
  const setting = vscode.workspace.getConfiguration('lookerAuth').get<unknown>('instances');
  return Array.isArray(setting) ? setting.length > 0 : setting != null;
}
