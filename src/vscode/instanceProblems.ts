import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../accounts/log';
import { notify } from './prompts/notify';
import type { Settings } from './settings';

/**
 * Tells what is wrong with the instances in the settings, now and whenever they change: in one message,
 * which leads to where it stands, and in the log. The same is told once.
 * @param changed is called whenever they change
 */
export function watchInstances(
  settings: Settings,
  log: Log,
  changed: () => void,
): vscode.Disposable {
  let told = '';
  const look = async () => {
    const problems = await settings.problems();
    const text = problems.join('\n');
    if (text === told) return;
    told = text;
    for (const problem of problems) log.warn(`Setting lookerAuth.instances, ${problem}`);
    if (problems.length > 0) await tell(problems);
  };
  void look();
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (!change.affectsConfiguration('lookerAuth.instances')) return;
    changed();
    void look();
  });
}

async function tell(problems: readonly string[]): Promise<void> {
  const open = l10n.t('Open Settings');
  const answer = await notify(
    'warning',
    l10n.t('In the setting "lookerAuth.instances": {0}', problems.join(' · ')),
    open,
  );
  if (answer !== open) return;
  // Only there are entries edited, and what is wrong underlined.
  await vscode.commands.executeCommand('workbench.action.openSettingsJson', {
    revealSetting: { key: 'lookerAuth.instances' },
  });
}
